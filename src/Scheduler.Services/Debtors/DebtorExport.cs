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
    /// <summary>Null when there is no row.</summary>
    public async Task<byte[]?> WriteAsync(DebtorKey key, string format, string askedBy, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(key, cancellationToken) is not { } row) return null;
        var (state, seal) = StateCodec.Decode(key, row.State.Span, keys);
        var history = new History();
        // What was recorded under ids before they were merged into this one is sealed under their keys.
        foreach (var merged in state.Merged.Reverse()) await ReadAliasAsync(history, new DebtorKey(key.Tenant, merged.Debtor), cancellationToken);
        await ReadAsync(history, key, seal, cancellationToken);
        var packs = new Dictionary<string, RulePack?>(StringComparer.Ordinal);
        foreach (var version in history.Events.SelectMany(static e => RuleCitations.PackVersionsOf(e.Event)).Distinct()) packs[version] = await rules.FindPackAsync(version, cancellationToken);
        var report = new EvidenceReport
        {
            Debtor = DebtorMap.WriteInClear(state, row.Version),
            Events = history.Events.ToImmutable(),
            Dropped = history.Dropped.ToImmutable(),
            GeneratedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()),
            InClear = true,
            AskedBy = askedBy,
            Rules = RuleCitations.Of(packs.GetValueOrDefault, history.Events.Select(static e => e.Event)),
        };
        return Encoding.UTF8.GetBytes(format == "html" ? EvidencePage.Write(report) : EvidenceJson.Write(report));
    }

    private async Task ReadAliasAsync(History history, DebtorKey key, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(key, cancellationToken) is not { } row) return;
        var (_, seal) = StateCodec.Decode(key, row.State.Span, keys);
        await ReadAsync(history, key, seal, cancellationToken);
    }

    private async Task ReadAsync(History history, DebtorKey key, DebtorSeal seal, CancellationToken cancellationToken)
    {
        foreach (var row in (await log.ReadWrittenAsync(key, cancellationToken)).Reverse()) history.Add(row, EventCodec.Decode(row.Payload.Span, box => seal.OpenEvents(box)));
    }

    /// <summary>Events oldest first, and what of them was dropped.</summary>
    private sealed class History
    {
        public ImmutableArray<RecordedEvent>.Builder Events { get; } = ImmutableArray.CreateBuilder<RecordedEvent>();

        public ImmutableArray<DroppedRecords>.Builder Dropped { get; } = ImmutableArray.CreateBuilder<DroppedRecords>();

        public void Add(EventRow row, EventBatch batch)
        {
            var chain = Convert.ToHexStringLower(row.Chain.Span);
            if (batch.Checkpoint is { } checkpoint)
            {
                var until = Instant.FromUnixTimeMilliseconds(row.RecordedAt);
                Dropped.Add(new DroppedRecords(row.Key.Debtor, checkpoint.EventCount, until, ScalarMap.ToInstant(checkpoint.TakeTime), row.Seq) { Addresses = batch.Kept.Addresses });
                foreach (var kept in batch.Kept.Records) Add(kept.FirstSequence, kept.RecordedAt, kept.Events, row.Seq, chain);
            }

            Add(batch.FirstSequence, batch.RecordedAt, batch.Events, row.Seq, chain);
        }

        private void Add(long first, Instant recordedAt, ImmutableArray<Domain.Debtors.DebtorEvent> events, long cursor, string chain)
        {
            for (var i = 0; i < events.Length; i++) Events.Add(new RecordedEvent(first + i, cursor, recordedAt, events[i], chain));
        }
    }
}
