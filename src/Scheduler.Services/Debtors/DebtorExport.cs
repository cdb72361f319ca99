using System.Collections.Immutable;
using System.Text;
using NodaTime;
using Scheduler.Domain.Packs;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Events;
using Scheduler.Protocol.Mapping;
using Scheduler.Protocol.Reports;
using Scheduler.RulePacks;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;

namespace Scheduler.Services.Debtors;

/// <summary>Everything held about one person, in clear, for that person: the state as last written, and the whole log opened with the debtor's key.</summary>
public sealed class DebtorExport(IDebtorStore store, IEventLog log, KeyRing keys, TimeProvider clock, IRuleSource rules)
{
    private const int RowsAtOnce = 256;

    /// <summary>Null when there is no row.</summary>
    public async Task<byte[]?> WriteAsync(DebtorKey key, string format, string askedBy, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(key, cancellationToken) is not { } row) return null;
        var (state, seal) = StateCodec.Decode(key, row.State.Span, keys);
        var events = await ReadAsync(key, row.LastEventSeq, seal, cancellationToken);
        foreach (var merged in state.Merged) events = [.. await ReadAliasAsync(new DebtorKey(key.Tenant, merged.Debtor), cancellationToken), .. events];
        var packs = new Dictionary<string, RulePack?>(StringComparer.Ordinal);
        foreach (var version in events.SelectMany(static e => RuleCitations.PackVersionsOf(e.Event)).Distinct()) packs[version] = await rules.FindPackAsync(version, cancellationToken);
        var report = new EvidenceReport
        {
            Debtor = DebtorMap.WriteInClear(state, row.Version),
            Events = events,
            GeneratedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()),
            InClear = true,
            AskedBy = askedBy,
            Rules = RuleCitations.Of(packs.GetValueOrDefault, events.Select(static e => e.Event)),
        };
        return Encoding.UTF8.GetBytes(format == "html" ? EvidencePage.Write(report) : EvidenceJson.Write(report));
    }

    /// <summary>What was recorded under an id before it was merged into this one; sealed under that id's key.</summary>
    private async Task<ImmutableArray<RecordedEvent>> ReadAliasAsync(DebtorKey key, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(key, cancellationToken) is not { } row) return [];
        var (_, seal) = StateCodec.Decode(key, row.State.Span, keys);
        return await ReadAsync(key, row.LastEventSeq, seal, cancellationToken);
    }

    private async Task<ImmutableArray<RecordedEvent>> ReadAsync(DebtorKey key, long lastSeq, DebtorSeal seal, CancellationToken cancellationToken)
    {
        var newestFirst = new List<RecordedEvent>();
        while (lastSeq > 0)
        {
            var rows = await log.ReadEventsBackAsync(key, lastSeq, RowsAtOnce, cancellationToken);
            if (rows.Count == 0) break;
            foreach (var row in rows) Add(newestFirst, row, seal);
            lastSeq = rows[^1].PrevSeq;
        }

        newestFirst.Reverse();
        return [.. newestFirst];
    }

    private static void Add(List<RecordedEvent> newestFirst, EventRow row, DebtorSeal seal)
    {
        var batch = EventCodec.Decode(row.Payload.Span, box => seal.OpenEvents(box));
        var chain = Convert.ToHexStringLower(row.Chain.Span);
        for (var i = batch.Events.Length - 1; i >= 0; i--)
        {
            newestFirst.Add(new RecordedEvent(batch.FirstSequence + i, row.Seq, batch.RecordedAt, batch.Events[i], chain));
        }
    }
}
