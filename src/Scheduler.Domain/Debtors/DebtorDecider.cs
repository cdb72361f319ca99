using Scheduler.Domain.Attempts;
using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// Every decision about one debtor: state and command in, new state, events, effects and reply out. Pure: the clock is an argument.
/// </summary>
/// <remarks>Threading: static and free of state. See docs/architecture/debtor.md for states and for what may happen twice.</remarks>
public static partial class DebtorDecider
{
    public static Decision<EntryReply> ApplyEntry(DebtorState? state, EntryCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new EntryReply(EntryState.Rejected, null, Closed));

    public static Decision<SignalReply> RecordSignal(DebtorState state, SignalCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new SignalReply(ApplyState.Rejected, [], [], Closed));

    public static Decision<CloseReply> CloseAccount(DebtorState state, CloseCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new CloseReply(ApplyState.Rejected, [], [], Closed));

    public static Decision<HistoryReply> SeedContact(DebtorState state, SeedCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new HistoryReply(ApplyState.Rejected, false, Closed));

    public static Decision<WakeReply> Wake(DebtorState state, DecisionContext ctx, Instant now) =>
        new(null, [], [], new WakeReply(null, state.Wake, null));

    public static Decision<LeaseReply> Lease(DebtorState state, LeaseCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new LeaseReply(null, null, null, Closed));

    public static Decision<ConfirmReply> Confirm(DebtorState state, ConfirmCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new ConfirmReply(false, null, default, null, Closed));

    public static Decision<ExtendReply> Extend(DebtorState state, ExtendCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new ExtendReply(null, Closed));

    public static Decision<ReleaseReply> Release(DebtorState state, ReleaseCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new ReleaseReply(ApplyState.Rejected, Closed));

    public static Decision<OutcomeReply> ReportOutcome(DebtorState state, OutcomeCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new OutcomeReply(FactState.Invalid, [], [], Closed));

    public static Decision<ReceiptReply> ReportReceipt(DebtorState state, ReceiptCommand c, DecisionContext ctx, Instant now) =>
        new(null, [], [], new ReceiptReply(FactState.Invalid, Closed));

    private static readonly Refusal Closed = new(RefusalReasons.NotPermitted, "", "No rules are loaded.");
}
