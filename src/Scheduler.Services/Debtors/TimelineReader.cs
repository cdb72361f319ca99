using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Events;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.V1;

namespace Scheduler.Services.Debtors;

/// <summary>Walks a debtor's part of the log back, decision by decision, event by event.</summary>
public sealed class TimelineReader(IEventLog log)
{
    /// <summary>Decisions read from the store at a time.</summary>
    private const int ReadAhead = 64;

    /// <summary>Null when there is no such debtor.</summary>
    public async Task<ListTimelineResponse?> ReadAsync(ListTimelineRequest request, CancellationToken cancellationToken)
    {
        var violations = new FieldViolations();
        if (request.PageSize < 0) violations.Add("page_size", FieldReasons.Negative, "not negative");
        var before = violations.InstantOrNull("recorded_before_time", request.RecordedBeforeTime);
        Refuse.ThrowIfAny(violations);
        var key = new DebtorKey(request.TenantId, request.DebtorId);
        var position = TimelinePosition.Read(request);
        var size = request.PageSize == 0 ? BorderLimits.PageSizeDefault : Math.Min(request.PageSize, BorderLimits.PageSizeLimit);
        var page = new ListTimelineResponse();
        var isFirst = request.PageToken.Length == 0;
        while (true)
        {
            var rows = await log.ReadEventsBackAsync(key, position.Seq, ReadAhead, cancellationToken);
            if (rows.Count == 0) return isFirst ? null : page;
            isFirst = false;
            foreach (var row in rows)
            {
                if (IsDropped(row))
                {
                    page.Dropped = await DroppedAsync(row, cancellationToken);
                    return page;
                }

                var given = Add(page, row, position.Given, size, before);
                if (page.Entries.Count == size)
                {
                    page.NextPageToken = Next(row, given, request);
                    return page;
                }

                if (row.PrevSeq <= 0) return page;
                position = new TimelinePosition(row.PrevSeq, 0);
            }
        }
    }

    /// <summary>A checkpoint, or what is older than one; a page token may lead there.</summary>
    private static bool IsDropped(EventRow row) => row.Payload.IsEmpty || CheckpointCodec.Is(row.Payload.Span);

    private async Task<DroppedHistory> DroppedAsync(EventRow row, CancellationToken cancellationToken)
    {
        // From a page's token on, or where the drop came while the walk was under way, the checkpoint stands in a newer record.
        if (row.Payload.IsEmpty && await log.ReadWrittenAsync(row.Key, cancellationToken) is [.., var last]) row = last;
        var until = ScalarMap.ToProto(Instant.FromUnixTimeMilliseconds(row.RecordedAt));
        return EventCodec.Decode(row.Payload.Span).Checkpoint is { } checkpoint
            ? new DroppedHistory { EventCount = checkpoint.EventCount, RecordedUntilTime = until, TakeTime = checkpoint.TakeTime, CheckpointCursor = row.Seq }
            : new DroppedHistory { RecordedUntilTime = until };
    }

    private static string Next(EventRow row, Progress given, ListTimelineRequest request)
    {
        if (given.Done < given.Total) return new TimelinePosition(row.Seq, given.Done).Write(request);
        return row.PrevSeq > 0 ? new TimelinePosition(row.PrevSeq, 0).Write(request) : "";
    }

    /// <summary>Adds a decision's events, newest first, after those that were given before.</summary>
    private static Progress Add(ListTimelineResponse page, EventRow row, int given, int size, Instant? before)
    {
        if (before is { } until && Instant.FromUnixTimeMilliseconds(row.RecordedAt) >= until) return default;
        var batch = EventCodec.Decode(row.Payload.Span);
        var done = given;
        while (done < batch.Events.Length && page.Entries.Count < size)
        {
            var index = batch.Events.Length - 1 - done++;
            var entry = TimelineMap.Write(batch.Events[index], batch.FirstSequence + index, batch.RecordedAt);
            entry.ChainHash = UnsafeByteOperations.UnsafeWrap(row.Chain);
            page.Entries.Add(entry);
        }

        return new Progress(done, batch.Events.Length);
    }

    private readonly record struct Progress(int Done, int Total);
}
