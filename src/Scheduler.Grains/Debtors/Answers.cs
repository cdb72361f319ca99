using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Debtors;

/// <summary>The decider's replies as answers of the grain.</summary>
internal static class Answers
{
    public static readonly Fault NoDebtor = new("DEBTOR_NOT_FOUND", "No such debtor.");

    public static readonly Fault Erased = new(RefusalReasons.Erased, "The debtor's data were erased; this id is not used again.");

    public static readonly Fault NoDispatch = new("DISPATCH_NOT_FOUND", "No such dispatch.");

    public static readonly Fault Merging = new("DEBTOR_MERGING", "The debtor is being merged into another; repeat this as it was.");

    public static readonly Fault Splitting = new("DEBTOR_SPLITTING", "The debtor is being split into two; repeat this as it was.");

    public static readonly Fault NotYours = new(RefusalReasons.StaleToken, "The lease is another gateway's.");

    public static readonly Fault TooLarge = new(RefusalReasons.LimitReached, "The debtor's state would exceed its limit.");

    public static readonly Fault TooManyParties = new(RefusalReasons.LimitReached, "An account, debt or household is shared by at most 16 debtors.", "accounts");

    /// <summary>Internal to the way in: the parties are joined, and the entry is repeated.</summary>
    public static readonly Fault SharesAccount = new("ACCOUNT_SHARED", "Another debtor owes one of these accounts and entered it just now; repeat this as it was.", "accounts");

    public static Fault? Of(Refusal? refusal) => refusal is null ? null : new Fault(refusal.Reason, refusal.Detail, refusal.Field);

    public static DateTimeOffset? Of(Instant? at) => at is { } instant && instant != Instant.MaxValue ? instant.ToDateTimeOffset() : null;

    public static EntryAnswer Of(EntryReply reply) => new((EntryOutcome)reply.State, Of(reply.WakeAt), Of(reply.Refusal));

    public static SignalAnswer Of(SignalReply reply) => new(
        reply.State == ApplyState.Recorded, reply.State == ApplyState.Duplicate, Ids(reply.Revoked), Ids(reply.Unstoppable), Of(reply.Refusal));

    public static ItemAnswer Of(CloseReply reply) => Item(reply.State, reply.Refusal);

    public static ItemAnswer Of(HistoryReply reply) => Item(reply.State, reply.Refusal);

    public static FactAnswer Of(OutcomeReply reply) => new((FactFate)reply.State, reply.BrokenRuleIds, Of(reply.Refusal));

    public static FactAnswer Of(ReceiptReply reply) => new((FactFate)reply.State, [], Of(reply.Refusal));

    public static LeaseRefusal Refusal(LeaseReply reply) => reply.Refusal?.Reason switch
    {
        RefusalReasons.AlreadyLeased => LeaseRefusal.HeldByAnother,
        RefusalReasons.Paused => LeaseRefusal.Paused,
        _ => LeaseRefusal.NotPermitted,
    };

    private static ItemAnswer Item(ApplyState state, Refusal? refusal) => new(state != ApplyState.Rejected, state == ApplyState.Duplicate, Of(refusal));

    private static ImmutableArray<string> Ids(ImmutableArray<DispatchId> ids) =>
        ids.IsDefaultOrEmpty ? [] : ids.Select(static id => id.Value).ToImmutableArray();
}
