using NodaTime;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Debtors whose turns fail for a reason of their own.</content>
public static partial class DebtorDecider
{
    /// <summary>What refuses whoever asks to contact such a debtor.</summary>
    public const string QuarantineRule = "quarantine";

    /// <summary>
    /// Out of work: nothing is leased, what was handed out is withdrawn, and nothing wakes it. Facts are taken still. Asks neither rules nor plans,
    /// which may be what fails.
    /// </summary>
    public static Decision<ItemReply> SetAside(DebtorState state, Quarantine why, DecisionContext ctx, Instant now)
    {
        if (state.Quarantine is not null || state.Phase == DebtorPhase.Erased) return Unwritten(new ItemReply(ApplyState.Duplicate, null));
        var d = new Draft(state, ctx, now);
        d.Revoke(RevokeReasons.Quarantined);
        d.State = d.State with { Quarantine = why, Phase = DebtorPhase.Quarantined, Wake = new Wake(null, QuarantineRule) };
        d.Record(new DebtorEvent.DebtorSetAside(now, why.Reason, why.Faults, why.Fault));
        return d.Answer(new ItemReply(ApplyState.Recorded, null));
    }

    /// <summary>Back to work, or looked at and left where it is. A release that fails as before leaves it there too.</summary>
    public static Decision<ItemReply> ResolveQuarantine(DebtorState state, ResolveQuarantineCommand c, DecisionContext ctx, Instant now)
    {
        if (state.Quarantine is null)
        {
            return Unwritten(c.IsReleased
                ? new ItemReply(ApplyState.Duplicate, null)
                : new ItemReply(ApplyState.Rejected, new Refusal(RefusalReasons.NotQuarantined, "", "The debtor is not in quarantine.")));
        }

        var d = new Draft(state, ctx, now);
        d.Record(new DebtorEvent.QuarantineResolved(now, c.IsReleased, c.ActorId, c.Reason));
        if (!c.IsReleased) return d.Answer(new ItemReply(ApplyState.Recorded, null));
        d.State = d.State with { Quarantine = null };
        TimePassed.Settle(d);
        Planner.Plan(d);
        return d.Answer(new ItemReply(ApplyState.Recorded, null));
    }
}
