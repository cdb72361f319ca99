using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.V1;

namespace Scheduler.Services.Operations;

/// <summary>Switches, counts and the event feed.</summary>
public sealed class OperationsService(ISchedulerStatistics statistics, IEventLog log, DrainSwitch drain, TransportClock clock, PauseCalls pauses, PacingCalls pacing)
    : V1.OperationsService.OperationsServiceBase
{
    /// <summary>Decisions read at a time, and sent unless they are large.</summary>
    private const int RecordsPerMessage = 256;

    /// <summary>Checkpoints and proofs have tens of kilobytes; a message stays well below what one may be.</summary>
    private const int BytesPerMessage = 1024 * 1024;

    /// <summary>How often a following stream looks for new records, in real time: its reader waits in real time, whatever clock decisions run on.</summary>
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(500);

    public override Task<CreatePauseResponse> CreatePause(CreatePauseRequest request, ServerCallContext context) =>
        pauses.CreateAsync(request, AccessInterceptor.Caller(context), context.CancellationToken);

    public override Task<DeletePauseResponse> DeletePause(DeletePauseRequest request, ServerCallContext context) =>
        pauses.DeleteAsync(request, AccessInterceptor.Caller(context), context.CancellationToken);

    public override Task<ListPausesResponse> ListPauses(ListPausesRequest request, ServerCallContext context) =>
        pauses.ListAsync(request, AccessInterceptor.Caller(context), context.CancellationToken);

    public override Task<SetPacingResponse> SetPacing(SetPacingRequest request, ServerCallContext context) =>
        pacing.SetAsync(request, AccessInterceptor.Caller(context), context.CancellationToken);

    public override Task<ListPacingResponse> ListPacing(ListPacingRequest request, ServerCallContext context) =>
        pacing.ListAsync(request, AccessInterceptor.Caller(context), context.CancellationToken);

    public override async Task<GetStatisticsResponse> GetStatistics(GetStatisticsRequest request, ServerCallContext context)
    {
        var counts = await statistics.ReadAsync(request.TenantId, context.CancellationToken);
        var response = new GetStatisticsResponse
        {
            AsOfTime = ScalarMap.ToProto(Instant.FromDateTimeOffset(counts.AsOf)),
            AccountsInCount = counts.AccountsIn,
            ConservationDifference = counts.ConservationDifference,
            DueCount = counts.DueCount,
            OldestDueTime = counts.OldestDueAt is { } oldest ? ScalarMap.ToProto(Instant.FromDateTimeOffset(oldest)) : null,
        };
        foreach (var (state, count) in counts.DebtorsByState) response.DebtorsByState[state] = count;
        // The log, the queues and the counters are every tenant's: what one may read of them tells of the others.
        if (!AccessInterceptor.Caller(context).CoversAll) return response;
        response.EventCount = counts.EventCount;
        foreach (var (channel, count) in counts.ReadyByChannel) response.ReadyByChannel[channel] = count;
        foreach (var (name, count) in counts.Counters) response.Counters[name] = count;
        return response;
    }

    public override async Task StreamEvents(
        StreamEventsRequest request, IServerStreamWriter<StreamEventsResponse> responseStream, ServerCallContext context)
    {
        var violations = new FieldViolations();
        if (request.AfterCursor < 0) violations.Add("after_cursor", FieldReasons.Negative, "not negative");
        if (request.DebtorId.Length > 0) violations.Id("debtor_id", request.DebtorId);
        if (request.DebtorId.Length > 0 && request.Follow) violations.Add("follow", FieldReasons.Inconsistent, "one debtor's records are not followed");
        Refuse.ThrowIfAny(violations);
        if (request.DebtorId.Length > 0)
        {
            await WriteDebtorAsync(request, responseStream, context.CancellationToken);
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Draining);
        var cursor = request.AfterCursor;

        // The end as it is now: on a busy log a reader that does not follow would otherwise never come to it.
        var end = request.Follow ? long.MaxValue : await log.ReadHeadAsync(context.CancellationToken);
        while (!ends.IsCancellationRequested && cursor < end)
        {
            var rows = await log.ReadEventsAsync(cursor, RecordsPerMessage, context.CancellationToken);
            if (rows.Count > 0)
            {
                cursor = rows[^1].Seq;
                await WriteAsync(rows, request.TenantId, responseStream, context.CancellationToken);
                continue;
            }

            if (!request.Follow || !await WaitAsync(ends.Token)) return;
        }
    }

    /// <summary>Walked back from the last record and sent oldest first.</summary>
    private async Task WriteDebtorAsync(StreamEventsRequest request, IServerStreamWriter<StreamEventsResponse> stream, CancellationToken cancellationToken)
    {
        var key = new DebtorKey(request.TenantId, request.DebtorId);
        var rows = await log.ReadEveryAsync(key, request.AfterCursor, cancellationToken);
        foreach (var piece in rows.Reverse().Chunk(RecordsPerMessage)) await WriteAsync(piece, request.TenantId, stream, cancellationToken);
    }

    private static async Task WriteAsync(
        IReadOnlyList<EventRow> rows, string tenant, IServerStreamWriter<StreamEventsResponse> stream, CancellationToken cancellationToken)
    {
        var response = new StreamEventsResponse();
        var bytes = 0;
        foreach (var row in rows)
        {
            if (row.Key.Tenant != tenant) continue;
            if (bytes + row.Payload.Length > BytesPerMessage && response.Records.Count > 0)
            {
                await stream.WriteAsync(response, cancellationToken);
                (response, bytes) = (new StreamEventsResponse(), 0);
            }

            bytes += row.Payload.Length;
            response.Records.Add(new EventRecord
            {
                Cursor = row.Seq,
                DebtorId = row.Key.Debtor,
                RecordTime = ScalarMap.ToProto(Instant.FromUnixTimeMilliseconds(row.RecordedAt)),
                Batch = UnsafeByteOperations.UnsafeWrap(row.Payload),
                ChainHash = UnsafeByteOperations.UnsafeWrap(row.Chain),
            });
        }

        if (response.Records.Count > 0) await stream.WriteAsync(response, cancellationToken);
    }

    /// <summary>False when the stream is over.</summary>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(FollowInterval, clock.Time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
