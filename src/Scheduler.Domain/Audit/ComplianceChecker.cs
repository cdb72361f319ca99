using System.Collections.Immutable;
using System.Security.Cryptography;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Audit;

/// <summary>
/// Reads the event log from its beginning and says which invariants it breaks: windows, caps, consent, holds, one live lease, facts
/// once, and the hash chain. Judges by <see cref="AuditedLaw"/> and <see cref="WallClock"/>, and by the packs of the time where they
/// are given, never by the policy that granted. Contacts of debtors who share an account, a debt or a household are counted together only as far as all of them are in
/// what is read. Threading: owned by one reader.
/// </summary>
/// <param name="packOf">The pack of a version that a decision names; answers null for one that it does not know. Null: packs are not looked at.</param>
/// <param name="isSigned">Whether a checkpoint's signature holds. Null: no key is known, so none does.</param>
public sealed class ComplianceChecker(Func<string, RulePack?>? packOf = null, Func<LogCheckpoint, bool>? isSigned = null)
{
    private const int KeptViolations = 100;

    /// <summary>After a record whose contents are gone.</summary>
    private const long UnknownSequence = -1;

    /// <summary>A debtor is leased again only this long after a lease expired in silence: clocks differ.</summary>
    private static readonly Duration Skew = Duration.FromSeconds(2);

    private readonly AuditedPacks? _packs = packOf is null ? null : new AuditedPacks(packOf);
    private readonly AuditedParties _parties = new();
    private readonly ImmutableArray<Violation>.Builder _violations = ImmutableArray.CreateBuilder<Violation>();
    private long _lastCursor = long.MinValue;
    private long _recordCount;
    private long _eventCount;
    private long _leaseCount;
    private long _violationCount;
    private long _lateFactCount;
    private long _droppedCount;
    private long _checkpointCount;

    /// <summary>Takes the next record of the log, in order of its cursor.</summary>
    public void Take(AuditRecord record)
    {
        _recordCount++;
        var debtor = _parties.Of(record.Debtor);
        debtor.Drops.Take(record);
        if (record.Checkpoint is { } checkpoint)
        {
            TakeCheckpoint(record, debtor, checkpoint);
            return;
        }

        CheckChain(record, debtor);
        foreach (var change in record.Events)
        {
            _eventCount++;
            switch (change)
            {
                case DebtorEvent.Leased e: TakeLease(record, debtor, e); break;
                case DebtorEvent.LeaseConfirmed e: TakeConfirmation(record, debtor, e); break;
                default: TakeFact(record, debtor, change); break;
            }
        }
    }

    public ComplianceReport Report()
    {
        // A checkpoint may still come for what is uncovered, so it is told here.
        var uncovered = _parties.All.Select(static debtor => debtor.Drops.Uncovered).OfType<AuditRecord>()
            .Select(static record => new Violation(ViolationKind.DroppedWithoutCheckpoint, record.Cursor, record.Debtor.Debtor, "", record.RecordedAt, "what it said is gone, and no checkpoint stands for it"))
            .ToList();
        return new ComplianceReport(
            _recordCount, _eventCount, _parties.Count, _leaseCount, _violationCount + uncovered.Count, _lateFactCount, [.. _violations.Concat(uncovered).Take(KeptViolations)])
        { DroppedCount = _droppedCount, CheckpointCount = _checkpointCount };
    }

    /// <summary>
    /// What it keeps is what is known of the debtor from here on. A checkpoint that does not hold is told, and taken all the same, so that what follows is
    /// judged by something.
    /// </summary>
    private void TakeCheckpoint(AuditRecord record, AuditedDebtor debtor, LogCheckpoint checkpoint)
    {
        _droppedCount++;
        _checkpointCount++;
        CheckCursor(record);
        if (debtor.Drops.Cover(record, checkpoint, isSigned ?? (static _ => false)) is { } fault) Add(ViolationKind.CheckpointWrong, record, "", checkpoint.TakenAt, fault);
        debtor = _parties.Restart(record.Debtor);
        debtor.ChainHead = record.ChainHash.ToArray();
        debtor.NextSequence = checkpoint.EventCount + 1;
        foreach (var kept in checkpoint.Contents.Records)
        {
            foreach (var change in kept.Events) Restore(debtor, change, kept.RecordedAt);
        }

        debtor.LastFence = Math.Max(debtor.LastFence, checkpoint.Contents.LastFence);
    }

    /// <summary>As it was taken once, and judged then.</summary>
    private void Restore(AuditedDebtor debtor, DebtorEvent change, Instant recordedAt)
    {
        switch (change)
        {
            case DebtorEvent.Leased e:
                Reserve(debtor, e, new LeaseAudit(debtor, e.Lease, e.At, e.Proof, null, new AuditedOthers(_parties, debtor, recordedAt)));
                break;
            case DebtorEvent.LeaseConfirmed e when debtor.Leases.TryGetValue(e.Dispatch.Value, out var lease):
                Reserve(debtor, lease, e, new LeaseAudit(debtor, lease, e.At, e.Proof, null, new AuditedOthers(_parties, debtor, recordedAt)));
                break;
            default:
                debtor.Apply(change, recordedAt);
                _parties.Take(debtor.Key, change);
                break;
        }
    }

    private void CheckChain(AuditRecord record, AuditedDebtor debtor)
    {
        CheckCursor(record);
        if (record.IsDropped)
        {
            _droppedCount++;
            debtor.ChainHead = record.ChainHash.ToArray();
            debtor.NextSequence = UnknownSequence;
            return;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(debtor.ChainHead);
        hash.AppendData(record.Payload.Span);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(record.ChainHash.Span))
            Add(ViolationKind.ChainBroken, record, "", record.RecordedAt, "the hash does not follow from the former one and the bytes");
        debtor.ChainHead = record.ChainHash.ToArray();
        if (record.FirstSequence == 0) return;
        var expected = Math.Max(debtor.NextSequence, 1);
        if (record.FirstSequence != expected && debtor.NextSequence != UnknownSequence) Add(ViolationKind.ChainBroken, record, "", record.RecordedAt, $"event {record.FirstSequence} where {expected} was to come");
        debtor.NextSequence = record.FirstSequence + record.Events.Length;
    }

    private void CheckCursor(AuditRecord record)
    {
        if (record.Cursor <= _lastCursor) Add(ViolationKind.ChainBroken, record, "", record.RecordedAt, $"cursor {record.Cursor} after {_lastCursor}");
        _lastCursor = Math.Max(_lastCursor, record.Cursor);
    }

    private void TakeLease(AuditRecord record, AuditedDebtor debtor, DebtorEvent.Leased granted)
    {
        _leaseCount++;
        var lease = granted.Lease;
        if (debtor.Live is { } live) Add(ViolationKind.SecondLease, record, lease.Dispatch.Value, granted.At, $"{live.Dispatch} is still leased");
        else if (granted.At < debtor.LapsedAt + Skew) Add(ViolationKind.SecondLease, record, lease.Dispatch.Value, granted.At, $"the former one lived until {debtor.LapsedAt}");
        if (lease.Fence <= debtor.LastFence) Add(ViolationKind.FenceWentBack, record, lease.Dispatch.Value, granted.At, $"{lease.Fence} after {debtor.LastFence}");
        var audit = new LeaseAudit(debtor, lease, granted.At, granted.Proof, _packs, Others(record, debtor));
        AddAll(audit, record, lease, granted.At);
        Reserve(debtor, granted, audit);
    }

    private static void Reserve(AuditedDebtor debtor, DebtorEvent.Leased granted, LeaseAudit audit)
    {
        var lease = granted.Lease;
        debtor.Grant(lease, audit.Zones);
        if (!lease.ConfirmRequired) debtor.Contacts[lease.Dispatch.Value] = AuditedContact.Reserved(lease, granted.Proof, granted.At, audit.FirstDate, audit.LastDate);
    }

    private void TakeConfirmation(AuditRecord record, AuditedDebtor debtor, DebtorEvent.LeaseConfirmed confirmed)
    {
        if (!debtor.Leases.TryGetValue(confirmed.Dispatch.Value, out var lease))
        {
            Add(ViolationKind.GoWithoutLease, record, confirmed.Dispatch.Value, confirmed.At, "no such lease lives");
            return;
        }

        var audit = new LeaseAudit(debtor, lease with { NotAfter = confirmed.NotAfter, DeliverBefore = confirmed.DeliverBefore }, confirmed.At, confirmed.Proof, _packs, Others(record, debtor));
        AddAll(audit, record, lease, confirmed.At);
        Reserve(debtor, lease, confirmed, audit);
    }

    private static void Reserve(AuditedDebtor debtor, Lease lease, DebtorEvent.LeaseConfirmed confirmed, LeaseAudit audit)
    {
        debtor.Confirmed.Add(lease.Dispatch.Value);
        debtor.Contacts.TryAdd(lease.Dispatch.Value, AuditedContact.Reserved(lease, confirmed.Proof, confirmed.At, audit.FirstDate, audit.LastDate));
    }

    private AuditedOthers Others(AuditRecord record, AuditedDebtor debtor) => new(_parties, debtor, record.RecordedAt);

    private void TakeFact(AuditRecord record, AuditedDebtor debtor, DebtorEvent change)
    {
        if (change is DebtorEvent.ContactPlaced { BrokenRuleIds.IsDefaultOrEmpty: false }) _lateFactCount++;
        var takenBack = change switch
        {
            DebtorEvent.LeaseDenied e => e.Dispatch.Value,
            DebtorEvent.LeaseReleased e => e.Dispatch.Value,
            DebtorEvent.LeaseLapsed { Counted: false } e => e.Dispatch.Value,
            _ => "",
        };
        if (debtor.Confirmed.Contains(takenBack)) Add(ViolationKind.GoTakenBack, record, takenBack, change.At, change.Type);
        if (debtor.Apply(change, record.RecordedAt) is { } fault) Add(ViolationKind.FactTwice, record, "", change.At, fault);
        _parties.Take(record.Debtor, change);
    }

    private void AddAll(LeaseAudit audit, AuditRecord record, Lease lease, Instant at)
    {
        foreach (var (kind, detail) in audit.Run()) Add(kind, record, lease.Dispatch.Value, at, detail);
        _lateFactCount += audit.LateFacts;
    }

    private void Add(ViolationKind kind, AuditRecord record, string dispatchId, Instant at, string detail)
    {
        _violationCount++;
        if (_violations.Count < KeptViolations) _violations.Add(new(kind, record.Cursor, record.Debtor.Debtor, dispatchId, at, detail));
    }
}
