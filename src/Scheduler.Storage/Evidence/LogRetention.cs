using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;

namespace Scheduler.Storage.Evidence;

/// <summary>What became of a debtor whose older records were to be dropped.</summary>
public enum DropOutcome
{
    /// <summary>No record is old enough, or all that are have been dropped.</summary>
    Nothing = 0,
    Dropped = 1,

    /// <summary>The chain does not hold: what it proves must not go. An audit tells where.</summary>
    ChainBroken = 2,

    /// <summary>What must be kept does not fit into a checkpoint.</summary>
    TooLarge = 3,

    /// <summary>The row is not readable, was written before sealing, or a record holds what this version does not know.</summary>
    NotReadable = 4,
}

/// <summary>How long a tenant's rules count a contact.</summary>
/// <param name="LookBack">Facts of this long before the newest dropped record are kept.</param>
/// <param name="IsForEver">Contacts of these purposes are kept for ever.</param>
public sealed record CountedFor(Duration LookBack, Func<ContactPurpose, bool> IsForEver);

/// <summary>Answer to a drop.</summary>
/// <param name="Records">Records that lost what they said.</param>
public readonly record struct DropResult(DropOutcome Outcome, int Records = 0);

/// <summary>
/// Drops what a debtor's older records say: verifies their chain, picks what is kept, signs a checkpoint over it and puts it in their place, all of one
/// debtor in one transaction.
/// </summary>
/// <remarks>Threading: any; two that drop the same debtor at once leave the newer checkpoint.</remarks>
public sealed class LogRetention(IDebtorStore debtors, IEventLog log, RootBook roots, KeyRing keys)
{
    /// <summary>Where the older records end, and which contacts in them may still count.</summary>
    /// <param name="Before">Records from before this instant are dropped.</param>
    /// <param name="SignedUpTo">And only those that are under a signed root.</param>
    public readonly record struct Cut(Instant Before, long SignedUpTo, CountedFor Counted);

    public async Task<DropResult> DropAsync(DebtorKey key, Cut cut, Instant now, CancellationToken cancellationToken)
    {
        if (await debtors.ReadAsync(key, cancellationToken) is not { } row) return default;
        var rows = await log.ReadWrittenAsync(key, cancellationToken);
        var covered = rows.SkipWhile(one => one.Seq > cut.SignedUpTo || Instant.FromUnixTimeMilliseconds(one.RecordedAt) >= cut.Before).Reverse().ToList();
        if (covered.Count == 0 || CheckpointCodec.Is(covered[^1].Payload.Span)) return default;
        try
        {
            var seal = StateCodec.OpenSeal(key, row.State.Span, keys);
            if (seal is null && row.Phase != (int)DebtorPhase.Erased) return new DropResult(DropOutcome.NotReadable);
            return await DropAsync(key, covered, seal, cut, now, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is SealException or FormatException or InvalidProtocolBufferException or OverflowException)
        {
            // One debtor that nobody can read stays whole, and the walk goes on to the next.
            return new DropResult(DropOutcome.NotReadable);
        }
    }

    private async Task<DropResult> DropAsync(DebtorKey key, List<EventRow> covered, DebtorSeal? seal, Cut cut, Instant now, CancellationToken cancellationToken)
    {
        if (!IsWhole(covered)) return new DropResult(DropOutcome.ChainBroken);
        var batches = covered.ConvertAll(row => seal is null ? EventCodec.Decode(row.Payload.Span) : EventCodec.Decode(row.Payload.Span, box => seal.OpenEvents(box)));
        if (batches.Exists(static batch => batch.UnknownCount > 0)) return new DropResult(DropOutcome.NotReadable);
        var newest = covered[^1];
        var recentSince = Instant.FromUnixTimeMilliseconds(newest.RecordedAt) - cut.Counted.LookBack;
        var records = batches.Where(static batch => batch.Checkpoint is null).Select(static batch => new KeptRecord(batch.RecordedAt, batch.FirstSequence, batch.Events)).ToList();
        var kept = CheckpointCodec.EncodeContents(Keeping.Of(batches[0].Kept, records, recentSince, cut.Counted.IsForEver), seal is null ? null : plain => seal.SealEvents(plain));
        var (count, digest) = Digest(covered, batches[0]);
        var checkpoint = roots.Sign(new LogCheckpoint(
            new Domain.Debtors.DebtorKey(key.Tenant, key.Debtor), newest.Seq, Convert.ToHexStringLower(newest.Chain.Span),
            batches[^1].FirstSequence + batches[^1].Events.Length - 1, count, Convert.ToHexStringLower(digest.AsSpan()), now, CheckpointCodec.DigestOf(kept)));
        var payload = CheckpointCodec.Encode(checkpoint, kept);
        if (payload.Length > StorageLimits.EventBytes) return new DropResult(DropOutcome.TooLarge);
        var dropped = await log.DropEventsAsync(new EventDrop(key, newest.Seq, newest.Chain, payload), cancellationToken);
        return new DropResult(dropped > 0 ? DropOutcome.Dropped : DropOutcome.Nothing, dropped);
    }

    /// <summary>From the first record or the former checkpoint on, each hash follows from the one before it: nothing that was changed is signed away.</summary>
    private bool IsWhole(List<EventRow> covered)
    {
        var first = covered[0];
        var isGoingOn = CheckpointCodec.Is(first.Payload.Span);
        if (isGoingOn ? !roots.IsSigned(ReadCheckpoint(first)) : first.PrevSeq != 0) return false;
        var head = isGoingOn ? first.Chain.ToArray() : [];
        foreach (var row in covered.Skip(isGoingOn ? 1 : 0))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(head);
            hash.AppendData(row.Payload.Span);
            head = hash.GetHashAndReset();
            if (row.Payload.IsEmpty || !row.Chain.Span.SequenceEqual(head)) return false;
        }

        return true;
    }

    private static LogCheckpoint ReadCheckpoint(EventRow row) =>
        CheckpointCodec.Read(EventCodec.Decode(row.Payload.Span), new Domain.Debtors.DebtorKey(row.Key.Tenant, row.Key.Debtor), row.Seq, row.Chain.Span);

    private static (long Count, ImmutableArray<byte> Digest) Digest(List<EventRow> covered, EventBatch first)
    {
        var (count, digest) = first.Checkpoint is { } former ? (former.RecordCount, [.. former.RecordsDigest.Span]) : (0L, RecordsDigest.Zero);
        foreach (var row in covered.Skip(first.Checkpoint is null ? 0 : 1))
        {
            digest = RecordsDigest.Extend(digest, row.Seq, row.Chain.Span);
            count++;
        }

        return (count, digest);
    }
}
