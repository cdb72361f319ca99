using System.Collections.Immutable;
using Orleans.Concurrency;
using Scheduler.Grains.Erasing;

namespace Scheduler.Grains.Debtors;

/// <summary>
/// One debtor, keyed <c>tenant/debtor</c>; the single writer of everything about it. What is answered "done" is durable. No method interleaves.
/// </summary>
[Alias("scheduler.debtor")]
public interface IDebtorGrain : IGrainWithStringKey
{
    /// <summary>Body: <c>scheduler.v1.DebtorEntry</c>.</summary>
    Task<EntryAnswer> ApplyEntry(Submission entry);

    /// <summary>Body: <c>scheduler.v1.Signal</c>.</summary>
    Task<SignalAnswer> RecordSignal(Submission signal);

    /// <summary>Body: <c>scheduler.v1.AccountClosure</c>.</summary>
    Task<ItemAnswer> CloseAccount(Submission closure);

    /// <summary>Body: <c>scheduler.v1.AccountTransfer</c>.</summary>
    Task<ItemAnswer> TransferAccount(Submission transfer);

    /// <summary>Bodies: <c>scheduler.v1.ExternalContact</c>. One turn and one write for all; answers in their order.</summary>
    Task<ImmutableArray<ItemAnswer>> SeedContacts(ImmutableArray<Submission> contacts);

    /// <summary>
    /// From now on this debtor's contacts are counted together with those of the scopes' other parties ("debt/loan-1", "household/d1~d2"). A
    /// debtor that is not known yet becomes known, with nothing to do.
    /// </summary>
    Task<ItemAnswer> JoinScopes(ImmutableArray<string> scopes);

    /// <summary>A hint that the debtor may be due; looked at again from its own state.</summary>
    [OneWay]
    Task Wake(WakeHint hint);

    /// <summary>The rules have changed: withdraws what they forbid and computes the wake again, due or not.</summary>
    Task<ReplanAnswer> Replan();

    Task<LeaseAnswer> Lease(LeaseRequest request);

    /// <summary>Leases a contact that nobody planned, or says why not.</summary>
    Task<AuthorizeAnswer> Authorize(AuthorizeRequest request);

    /// <summary>The lease that the gateway holds here, revoked ones included.</summary>
    Task<HeldLease> ListLease(LeaseHolder holder);

    Task<ConfirmAnswer> Confirm(LeaseClaim claim);

    Task<LeaseChange> Extend(LeaseExtension extension);

    Task<LeaseChange> Release(LeaseReturn lease);

    /// <summary>Body: <c>scheduler.v1.Outcome</c>.</summary>
    Task<FactAnswer> ReportOutcome(FactReport outcome);

    /// <summary>Body: <c>scheduler.v1.Receipt</c>.</summary>
    Task<FactAnswer> ReportReceipt(FactReport receipt);

    /// <summary>An operator says how a contact went of which its gateway is silent.</summary>
    Task<ItemAnswer> Resolve(ResolveOrder order);

    /// <summary>An operator puts a debtor in quarantine back to work, or leaves it there.</summary>
    Task<ItemAnswer> ResolveQuarantine(QuarantineOrder order);

    /// <summary>Addresses of the points that a fact names, and of the one that its dispatch went to, so that a stop reaches whoever lists them.</summary>
    Task<SourceAnswer> FindSources(SourceQuestion question);

    /// <summary>Whether there is such a debtor, and whose alias it is.</summary>
    Task<DebtorStanding> GetStanding();

    /// <summary>Closes the debtor to become another's alias; empty: whatever merge is under way.</summary>
    Task<MergeAnswer> BeginMerge(string into);

    /// <summary>Takes in a debtor that has closed for this one.</summary>
    Task<ItemAnswer> Absorb(string debtor);

    /// <summary>An alias from here on; not completed: as before.</summary>
    Task EndMerge(bool completed);
    /// <summary>Erases, or says what is retained and why. Asked again, it answers the same and changes nothing.</summary>
    Task<EraseAnswer> Erase(EraseRequest request);

    /// <summary>Erases what a merge left of this id; only once the debtor that took it in is erased.</summary>
    Task<EraseAnswer> EraseAlias(EraseRequest request);

    /// <summary>Records that everything held is handed over. Body: why, in UTF-8.</summary>
    Task<ExportPermission> NoteExport(Submission asked);

    /// <summary>Closes the debtor to be split.</summary>
    Task<SplitAnswer> BeginSplit(SplitOrder order);

    /// <summary>Becomes what a debtor that has closed for it gives.</summary>
    Task<ItemAnswer> Receive(string source);

    /// <summary>Lets go of what went and opens; not completed: as before.</summary>
    Task EndSplit(string newDebtor, bool completed);

    /// <summary>The first has let go: the new one opens.</summary>
    Task OpenSplit();

    /// <summary>Answers <c>scheduler.v1.Debtor</c>.</summary>
    Task<DebtorAnswer> GetState();

    /// <summary>Takes <c>scheduler.v1.ExplainDebtorRequest</c>, answers <c>scheduler.v1.ExplainDebtorResponse</c>.</summary>
    Task<DebtorAnswer> Explain(ReadOnlyMemory<byte> request);
}
