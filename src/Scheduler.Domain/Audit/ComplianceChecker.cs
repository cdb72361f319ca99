using System.Collections.Immutable;
using System.Security.Cryptography;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>
/// Reads the event log from its beginning and says which invariants it breaks: windows, caps, consent, holds, one live lease, facts
/// once, and the hash chain. Judges by <see cref="AuditedLaw"/> and <see cref="WallClock"/>, never by the policy that granted.
/// Threading: owned by one reader.
/// </summary>
public sealed class ComplianceChecker
{
    private const int KeptViolations = 100;

    private readonly Dictionary<DebtorKey, AuditedDebtor> _debtors = [];
    private readonly ImmutableArray<Violation>.Builder _violations = ImmutableArray.CreateBuilder<Violation>();
    private long _recordCount;
    private long _eventCount;
    private long _leaseCount;
    private long _violationCount;
    private long _lateFactCount;

    /// <summary>Takes the next record of the log, in order of its cursor.</summary>
    public void Take(AuditRecord record)
    {
        _recordCount++;
        if (!_debtors.TryGetValue(record.Debtor, out var debtor)) _debtors[record.Debtor] = debtor = new AuditedDebtor();
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

    public ComplianceReport Report() => new(
        _recordCount, _eventCount, _debtors.Count, _leaseCount, _violationCount, _lateFactCount, _violations.ToImmutable());

    private void CheckChain(AuditRecord record, AuditedDebtor debtor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(debtor.ChainHead);
        hash.AppendData(record.Payload.Span);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(record.ChainHash.Span))
            Add(ViolationKind.ChainBroken, record, "", record.RecordedAt, "the hash does not follow from the former one and the bytes");
        debtor.ChainHead = record.ChainHash.ToArray();
    }

    private void TakeLease(AuditRecord record, AuditedDebtor debtor, DebtorEvent.Leased granted)
    {
        _leaseCount++;
        var lease = granted.Lease;
        if (debtor.Live is { } live) Add(ViolationKind.SecondLease, record, lease.Dispatch.Value, granted.At, $"{live.Dispatch} is still leased");
        if (lease.Fence <= debtor.LastFence) Add(ViolationKind.FenceWentBack, record, lease.Dispatch.Value, granted.At, $"{lease.Fence} after {debtor.LastFence}");
        var audit = new LeaseAudit(debtor, lease, granted.At, lease.NotAfter, granted.Proof);
        AddAll(audit, record, lease, granted.At);
        debtor.Live = lease;
        debtor.LastFence = Math.Max(debtor.LastFence, lease.Fence);
        debtor.Leases[lease.Dispatch.Value] = lease;
        if (!lease.ConfirmRequired) debtor.Contacts[lease.Dispatch.Value] = AuditedContact.Reserved(lease, audit.FirstDate, audit.LastDate);
    }

    private void TakeConfirmation(AuditRecord record, AuditedDebtor debtor, DebtorEvent.LeaseConfirmed confirmed)
    {
        if (!debtor.Leases.TryGetValue(confirmed.Dispatch.Value, out var lease)) return;
        var audit = new LeaseAudit(debtor, lease, confirmed.At, confirmed.NotAfter, confirmed.Proof);
        AddAll(audit, record, lease, confirmed.At);
        debtor.Contacts[lease.Dispatch.Value] = AuditedContact.Reserved(lease, audit.FirstDate, audit.LastDate);
    }

    private void TakeFact(AuditRecord record, AuditedDebtor debtor, DebtorEvent change)
    {
        if (change is DebtorEvent.ContactPlaced { BrokenRuleIds.IsDefaultOrEmpty: false }) _lateFactCount++;
        if (debtor.Apply(change) is { } fault) Add(ViolationKind.FactTwice, record, "", change.At, fault);
    }

    private void AddAll(LeaseAudit audit, AuditRecord record, Lease lease, Instant at)
    {
        foreach (var (kind, detail) in audit.Run()) Add(kind, record, lease.Dispatch.Value, at, detail);
    }

    private void Add(ViolationKind kind, AuditRecord record, string dispatchId, Instant at, string detail)
    {
        _violationCount++;
        if (_violations.Count < KeptViolations) _violations.Add(new(kind, record.Cursor, record.Debtor.Debtor, dispatchId, at, detail));
    }
}
