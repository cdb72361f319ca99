using NodaTime;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>The rules have changed.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// Withdraws a live lease that the rules no longer permit, then plans as a wake does: what was planned by other rules moves. A lease that
    /// its gateway has confirmed is being placed and stands. Doing it twice changes nothing.
    /// </summary>
    public static Decision<WakeReply> Replan(DebtorState state, DecisionContext ctx, Instant now)
    {
        if (state.Lease is { IsRevoked: false, ConfirmedAt: null } lease && now < lease.NotAfter)
        {
            var d = new Draft(state, ctx, now);
            if (Pausing.Withdraws(d, lease))
            {
                d.Revoke(RevokeReasons.Paused);
                Planner.Plan(d);
                return d.Answer(new WakeReply(null, d.State.Wake, null));
            }

            // Its holder was told until when it may be placed: where that is too long, there is nothing left but to take it back.
            if (Rules.AskAgain(d, lease) is not { IsPermit: true } verdict || verdict.At < lease.NotAfter)
            {
                d.Revoke(RevokeReasons.RuleChanged);
                Planner.Plan(d);
                return d.Answer(new WakeReply(null, d.State.Wake, null));
            }
        }

        return Wake(state, ctx, now);
    }
}
