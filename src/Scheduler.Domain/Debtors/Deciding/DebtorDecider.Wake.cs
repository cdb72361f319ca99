using NodaTime;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <content>The debtor is looked at because its time has come.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// Settles what time has passed, plans, and asks the rules. Permitted: an offer, and nothing is written. Not permitted: the next
    /// wake, written only where it changed. Waking twice, or too early, does no harm.
    /// </summary>
    public static Decision<WakeReply> Wake(DebtorState state, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        var planning = Planner.Plan(d);
        if (planning.Pick is { } pick)
        {
            var offer = new Effect.Offer(pick.Step.Channel, pick.Step.Priority, d.State.Wake.At ?? now, pick.Verdict.At) { Point = pick.Point.Id };
            d.Follow(offer);
            return d.Answer(new WakeReply(offer, d.State.Wake, pick.Verdict));
        }

        if (planning.Pause is not null) return d.Answer(new WakeReply(null, d.State.Wake, null));
        Wait(d, state.Wake);
        if (planning.Refusal is { } refused && d.State.Wake != state.Wake) RecordRefusal(d, refused);
        return d.Answer(new WakeReply(null, d.State.Wake, planning.Refusal?.Verdict));
    }

    /// <summary>A debtor that was due and not permitted rests for a while, whatever the rules said: a rule that moves by seconds must not spin.</summary>
    private static void Wait(Draft d, Wake before)
    {
        var floor = d.Now + d.Context.Terms.ShortestWait;
        if (d.State.Phase == DebtorPhase.Waiting && before.At <= d.Now && d.State.Wake.At < floor)
        {
            d.State = d.State with { Wake = d.State.Wake with { At = floor } };
        }
    }

    private static void RecordRefusal(Draft d, Outlook refused)
    {
        var until = refused.Verdict is { Kind: VerdictKind.Defer } verdict ? verdict.At : (Instant?)null;
        d.Record(new DebtorEvent.ContactRefused(
            d.Now, refused.Account.Id, refused.Plan?.StepId ?? "", refused.Step?.Channel ?? ContactChannel.Unknown, refused.RuleId, until, Refused(d, Rules.Prove(d, refused))));
    }
}
