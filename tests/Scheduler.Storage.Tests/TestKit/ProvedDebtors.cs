using System.Collections.Immutable;
using System.Security.Cryptography;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Evidence;
using Scheduler.Storage.Sealing;
using Change = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.Storage.Tests.TestKit;

/// <summary>Debtors whose records are sealed, chained and signed as the service writes them, and what drops them.</summary>
internal sealed class ProvedDebtors : IDisposable
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 20, 15, 0);

    /// <summary>Records of before it are old.</summary>
    public static readonly Instant Before = RetentionSweep.CutOff(Now, Duration.FromDays(90));

    private readonly ISchedulerStore store;
    private readonly IEventLog log;
    private readonly KeyRing ring = new([new MasterKey(1, new byte[MasterKey.Bytes])]);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<Storage.DebtorKey, (DebtorSeal Seal, byte[] Chain, long Seq, long Version)> known = [];

    /// <param name="store">Where they are written.</param>
    /// <param name="log">What the sweep sees of it; null: as it is.</param>
    public ProvedDebtors(ISchedulerStore store, IEventLog? log = null)
    {
        (this.store, this.log) = (store, log ?? store.Events);
        Roots = new RootBook(this.log, store.Settings, key);
        Sweep = new RetentionSweep(this.log, store.Settings, new LogRetention(store.Debtors, this.log, Roots, ring), Roots);
    }

    public RootBook Roots { get; }

    public RetentionSweep Sweep { get; }

    public Task<SweepCounts> SweepAsync(TimeProvider pace, CancellationToken cancellationToken = default) =>
        Sweep.RunAsync(Before, static _ => new CountedFor(Duration.FromDays(35), static _ => false), Now, pace, cancellationToken);

    /// <summary>One more record of the debtor: a consent, which is kept for ever, or a note, which is not.</summary>
    public async Task WriteAsync(Storage.DebtorKey row, Instant at, bool isConsent = false)
    {
        var before = known.TryGetValue(row, out var found) ? found : (Seal: DebtorSeal.Create(ring, row), Chain: [], Seq: 0L, Version: 0L);
        Change change = isConsent
            ? new Change.ConsentRecorded(at, new ConsentFact { Id = "c-1", Kind = ConsentKind.Granted, GivenAt = at }, "entry")
            : new Change.Noted(at, "s-1", "note", "", ContactChannel.Sms);
        var payload = EventCodec.Encode(new EventBatch(before.Version + 1, at, [change]), plain => before.Seal.SealEvents(plain));
        byte[] chain = SHA256.HashData([.. before.Chain, .. payload]);
        var state = new DebtorState { Key = new Domain.Debtors.DebtorKey(row.Tenant, row.Debtor), ChainHead = [.. chain], EventCount = before.Version + 1 };
        var answer = await store.Debtors.WriteAsync(Write.Create(row.Debtor) with
        {
            Key = row,
            ExpectedVersion = before.Version,
            State = StateCodec.Encode(state, before.Seal),
            Event = new Storage.DebtorEvent(payload, chain, at.ToUnixTimeMilliseconds()),
            PrevEventSeq = before.Seq,
            TallyBefore = before.Version == 0 ? null : Write.Create(row.Debtor).Tally,
        });
        Assert.True(answer.IsCommitted);
        known[row] = (before.Seal, chain, answer.EventSeq, answer.Version);
    }

    /// <summary>What each of the debtor's records is now, oldest first.</summary>
    public async Task<ImmutableArray<string>> ReadAsync(Storage.DebtorKey row) =>
        [.. (await store.Events.ReadEventsBackAsync(row, null, 100)).Reverse().Select(static one =>
            one.Payload.IsEmpty ? "empty" : CheckpointCodec.Is(one.Payload.Span) ? "checkpoint" : "whole")];

    /// <summary>The checkpoint that stands for the debtor's older records.</summary>
    public async Task<(LogCheckpoint Checkpoint, KeptContents Kept)> CheckpointOfAsync(Storage.DebtorKey row)
    {
        var one = (await log.ReadWrittenAsync(row))[^1];
        var batch = EventCodec.Decode(one.Payload.Span, box => known[row].Seal.OpenEvents(box));
        return (CheckpointCodec.Read(batch, new Domain.Debtors.DebtorKey(row.Tenant, row.Debtor), one.Seq, one.Chain.Span), batch.Kept);
    }

    public void Dispose() => key.Dispose();
}
