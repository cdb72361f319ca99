using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>May this debtor be contacted so, at this instant? Pure: no clock, no I/O; nothing is allocated where the answer is yes.</summary>
public static class PolicyEvaluator
{
    /// <summary>How far ahead the next permitted instant is looked for.</summary>
    public static readonly Duration Horizon = Duration.FromDays(400);

    private static readonly long HorizonTicks = Horizon.BclCompatibleTicks;

    /// <summary>Moments asked before a search gives up; each is later than the one before by at least one rule's closed time.</summary>
    private const int MaxMoments = 5_000;

    /// <summary>How often a permit whose end is open is asked to go on.</summary>
    private const int MaxExtensions = 40;

    /// <summary>Permit until, defer until the next instant at which every rule permits, or forbid. See <see cref="PolicyQuestion"/>.</summary>
    public static Verdict Evaluate(in PolicyQuestion question, PolicySnapshot policy) => NextPermitted(question, policy, question.At, Horizon);

    /// <summary>The same from another instant: permits there, or defers to the next permitted instant within the horizon, or forbids.</summary>
    public static Verdict NextPermitted(in PolicyQuestion question, PolicySnapshot policy, Instant from, Duration horizon)
    {
        var place = policy.PlaceOf(question.Debtor);
        var moment = new Moment(question, place, Ticks.Of(from));
        var tally = new Tally(moment.Place.Policy.MarginOf(question.Channel));
        Judge(question, moment, ref tally);
        return tally.IsPermit ? Permit(question, moment, tally) : Seek(question, moment, tally, Ticks.Of(from + horizon));
    }

    /// <summary>First instant at or after the one given at which every rule permits, counters as known now; null: none within the horizon.</summary>
    public static Instant? NextOpening(in PolicyQuestion question, PolicySnapshot policy, Instant from, Duration horizon) =>
        NextPermitted(question, policy, from, horizon) switch
        {
            { Kind: VerdictKind.Permit } => from,
            { Kind: VerdictKind.Defer } verdict => verdict.At,
            _ => null,
        };

    /// <summary>The same verdict as <see cref="Evaluate"/>, with what every rule answered.</summary>
    public static Explanation Explain(in PolicyQuestion question, PolicySnapshot policy) => Explainer.Explain(question, policy);

    /// <summary>What the verdict at the question's instant stands on, for the record of a decision.</summary>
    public static VerdictProof Prove(in PolicyQuestion question, PolicySnapshot policy) => Prover.Prove(question, policy);

    /// <summary>Notices that the message must carry under the rules that apply, whatever the question says it carries.</summary>
    public static ImmutableArray<string> RequiredNotices(in PolicyQuestion question, PolicySnapshot policy)
    {
        var moment = new Moment(question, policy.PlaceOf(question.Debtor), Ticks.Of(question.At));
        var required = ImmutableArray<string>.Empty;
        foreach (var bound in moment.Place.Selection.Rules)
        {
            if (bound.Rule is not Rule.Notice notice || !notice.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)) continue;
            if (bound.FirstDay > moment.LastDay || bound.LastDay < moment.FirstDay || !RuleCheck.Binds(bound, question, moment)) continue;
            required = required.IsEmpty ? notice.Required : [.. required.Union(notice.Required)];
        }

        return required;
    }

    /// <summary>The order in which a contact is judged: hold, point, consent, pack known, zone known, window, caps.</summary>
    internal static void Judge(in PolicyQuestion question, in Moment moment, ref Tally tally)
    {
        foreach (var hold in question.Debtor.Holds)
        {
            tally.Add(BaseRules.IdOf(hold.Kind), BaseRules.CheckHold(hold, question, moment));
            if (tally.IsDecided) return;
        }

        foreach (var promise in question.Debtor.Promises) tally.Add(BaseRules.Promise, BaseRules.CheckPromise(promise, question, moment));
        if (BaseRules.CheckPoint(question) is { } point) tally.Add(point, Finding.Forbid);
        if (tally.IsExplaining || moment.Ledger != LedgerKinds.None) tally.Add(BaseRules.Withdrawn, BaseRules.CheckWithdrawal(moment));
        if (tally.IsDecided) return;

        var knownUntil = Ticks.Never;
        if (BaseRules.CheckKnown(moment, ref knownUntil) is { } unknown)
        {
            tally.Add(unknown, Finding.Forbid);
            return;
        }

        if (moment.Ledger != LedgerKinds.None) tally.Shorten(moment.NextGiven(question));
        if (knownUntil != Ticks.Never) tally.Add(BaseRules.PackUnknown, Finding.PermitUntil(knownUntil, soft: true));
        if ((moment.Ledger & LedgerKinds.HoursForbidden) != 0) tally.Add(BaseRules.RefusedHours, WindowCheck.CheckRefusedHours(question, moment));
        if (tally.IsExplaining) JudgeEvery(question, moment, ref tally);
        else JudgeGoverning(question, moment, ref tally);
        if (!tally.IsDecided && BaseRules.IsHistoryFull(question, moment, out var room)) tally.Add(BaseRules.HistoryFull, Finding.DeferUntil(room));
    }

    private static void JudgeGoverning(in PolicyQuestion question, in Moment moment, ref Tally tally)
    {
        foreach (var bound in moment.Place.Selection.Governing(question.Channel, question.Purpose).Rules)
        {
            if (bound.SurelyPermits(question, moment.Counted)) continue;
            var finding = RuleCheck.CheckGoverning(bound, question, moment, out _);
            if (bound.ChangesDaily && finding.IsPermit) tally.Shorten(moment.NextChange(bound.Rule.When, question));
            if (finding.IsOpenEnded) continue;
            tally.Add(bound.Rule.Id, finding);
            if (tally.IsDecided) return;
        }
    }

    private static void JudgeEvery(in PolicyQuestion question, in Moment moment, ref Tally tally)
    {
        foreach (var bound in moment.Place.Selection.Rules)
        {
            var finding = RuleCheck.Check(bound, question, moment, out var liftedBy);
            tally.Add(bound.Rule.Id, finding, bound, liftedBy);
        }
    }

    /// <summary>False where every pack that speaks for a place says, by an exception, that this contact is not counted.</summary>
    private static bool IsCounted(in PolicyQuestion question, in Moment moment)
    {
        var governing = moment.Place.Selection.Governing(question.Channel, question.Purpose);
        if (governing.AlwaysCounts) return true;
        foreach (var exceptions in governing.Uncounting)
        {
            if (!IsUncountedBy(exceptions, question, moment)) return true;
        }

        return false;
    }

    private static bool IsUncountedBy(RuleException[] exceptions, in PolicyQuestion question, in Moment moment)
    {
        foreach (var exception in exceptions)
        {
            if (ExceptionCheck.Lifts(exception, question, moment, Instant.MinValue, out _)) return true;
        }

        return false;
    }

    /// <summary>Where the shortest permit may go on beyond its end, asks there again, so that the end is one at which something changes.</summary>
    private static Verdict Permit(in PolicyQuestion question, in Moment moment, in Tally first)
    {
        var (until, deliverBefore) = (first.Until, first.DeliverBefore);
        if (first.IsSoft) Extend(question, moment, ref until, ref deliverBefore);
        return Verdict.PermitUntil(until == Ticks.Never ? moment.Ticks + HorizonTicks : until, deliverBefore, IsCounted(question, moment));
    }

    private static void Extend(in PolicyQuestion question, in Moment moment, ref long until, ref long deliverBefore)
    {
        var isSoft = true;
        for (var extension = 0; isSoft && until < Ticks.Never && extension < MaxExtensions; extension++)
        {
            var tally = new Tally(moment.Place.Policy.MarginOf(question.Channel));
            Judge(question, new Moment(question, moment.Place, until), ref tally);
            if (!tally.IsPermit) break;
            // What is placed last is delivered last: the end of the last part is the one to keep.
            deliverBefore = tally.DeliverBefore == Ticks.Never && deliverBefore != Ticks.Never ? tally.Until : tally.DeliverBefore;
            (until, isSoft) = (tally.Until, tally.IsSoft);
        }
    }

    /// <summary>
    /// Steps from one closed time's end to the next until every rule permits. Each step is a lower bound, so none is passed over. What is
    /// forbidden, and what stays closed beyond the limit, names the rule that says so.
    /// </summary>
    private static Verdict Seek(in PolicyQuestion question, in Moment from, Tally tally, long limit)
    {
        var rule = tally.ForbiddenBy ?? tally.DeferredBy!;
        var moment = from;
        for (var moments = 0; moments < MaxMoments; moments++)
        {
            var again = Reconsideration.After(question, moment);
            var next = tally.ForbiddenBy is null ? Math.Min(tally.Next, again) : again;
            if (next <= moment.Ticks || next > limit) break;
            moment = new Moment(question, from.Place, next);
            tally = new Tally(from.Place.Policy.MarginOf(question.Channel));
            Judge(question, moment, ref tally);
            if (tally.IsPermit) return Verdict.DeferUntil(next, rule);
        }

        return Verdict.Forbid(tally.ForbiddenBy ?? rule);
    }
}
