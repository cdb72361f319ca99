using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>May this debtor be contacted so, at this instant? Pure: no clock, no I/O; nothing is allocated where the answer is yes.</summary>
public static class PolicyEvaluator
{
    /// <summary>How far ahead the next permitted instant is looked for.</summary>
    public static readonly Duration Horizon = Duration.FromDays(400);

    /// <summary>Moments asked before a search gives up; each is later than the one before by at least one rule's closed time.</summary>
    private const int MaxMoments = 2_000;

    /// <summary>How often a permit whose end is open is asked to go on.</summary>
    private const int MaxExtensions = 40;

    /// <summary>Permit until, defer until the next instant at which every rule permits, or forbid. See <see cref="PolicyQuestion"/>.</summary>
    public static Verdict Evaluate(in PolicyQuestion question, PolicySnapshot policy) => NextPermitted(question, policy, question.At, Horizon);

    /// <summary>The same from another instant: permits there, or defers to the next permitted instant within the horizon, or forbids.</summary>
    public static Verdict NextPermitted(in PolicyQuestion question, PolicySnapshot policy, Instant from, Duration horizon)
    {
        var place = policy.PlaceOf(question.Debtor);
        var facts = Moment.FactsOf(question.Debtor, stackalloc CountedFacts[DebtorLimits.Contacts]);
        var moment = new Moment(from, place, facts);
        var tally = new Tally(null);
        Judge(question, moment, ref tally);
        if (tally.ForbiddenBy is { } forbiddenBy) return Verdict.Forbid(forbiddenBy);
        return tally.DeferredBy is null ? Permit(question, moment, facts, tally) : Seek(question, place, facts, tally, from, from + horizon);
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

    /// <summary>Notices that the message must carry under the rules that apply, whatever the question says it carries.</summary>
    public static ImmutableArray<string> RequiredNotices(in PolicyQuestion question, PolicySnapshot policy)
    {
        var moment = new Moment(question.At, policy.PlaceOf(question.Debtor), []);
        var required = ImmutableArray<string>.Empty;
        foreach (var bound in moment.Place.Selection.Rules)
        {
            if (bound.Rule is not Rule.Notice notice || !notice.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)) continue;
            if (notice.ValidFrom > moment.Last || notice.ValidTo < moment.First || !RuleCheck.Binds(bound, question, moment)) continue;
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
        tally.Add(BaseRules.Withdrawn, BaseRules.CheckWithdrawal(question, moment));
        if (tally.IsDecided) return;

        var knownUntil = Instant.MaxValue;
        if (BaseRules.CheckKnown(moment, ref knownUntil) is { } unknown)
        {
            tally.Add(unknown, Finding.Forbid);
            return;
        }

        if (knownUntil != Instant.MaxValue) tally.Add(BaseRules.PackUnknown, Finding.PermitUntil(knownUntil, soft: true));
        if (HasHours(question.Debtor.Consents)) tally.Add(BaseRules.RefusedHours, WindowCheck.CheckRefusedHours(question, moment));
        var selection = moment.Place.Selection;
        foreach (var bound in tally.IsExplaining ? selection.Rules : selection.Governing(question.Channel, question.Purpose))
        {
            var finding = RuleCheck.Check(bound, question, moment, out var liftedBy);
            if (finding.IsPermit && finding.At == Instant.MaxValue && !tally.IsExplaining) continue;
            tally.Add(bound.Rule.Id, finding, bound.Pack, bound.Rule, liftedBy);
            if (tally.IsDecided) return;
        }

        if (BaseRules.IsHistoryFull(question, moment)) tally.Add(BaseRules.HistoryFull, Finding.Forbid);
    }

    /// <summary>False where every pack that speaks for a place says, by an exception, that this contact is not counted.</summary>
    internal static bool IsCounted(in PolicyQuestion question, in Moment moment)
    {
        foreach (var pack in moment.Place.Selection.Packs)
        {
            if (pack.Applies.IsAuthority && !IsUncountedBy(pack, question, moment)) return true;
        }

        return false;
    }

    private static bool IsUncountedBy(RulePack pack, in PolicyQuestion question, in Moment moment)
    {
        foreach (var exception in pack.Exceptions)
        {
            if (!exception.IsCounted && ExceptionCheck.Lifts(exception, question, moment, Instant.MinValue, out _)) return true;
        }

        return false;
    }

    private static bool HasHours(ImmutableArray<ConsentFact> ledger)
    {
        foreach (var fact in ledger)
        {
            if (fact.Kind == ConsentKind.HoursForbidden) return true;
        }

        return false;
    }

    /// <summary>Where the shortest permit may go on beyond its end, asks there again, so that the end is one at which something changes.</summary>
    private static Verdict Permit(in PolicyQuestion question, in Moment moment, ReadOnlySpan<CountedFacts> facts, in Tally first)
    {
        var (until, deliverBefore, isSoft) = (first.Until, first.DeliverBefore, first.IsSoft);
        for (var extension = 0; isSoft && until < Instant.MaxValue && extension < MaxExtensions; extension++)
        {
            var tally = new Tally(null);
            Judge(question, new Moment(until, moment.Place, facts), ref tally);
            if (!tally.IsPermit) break;
            // What is placed last is delivered last: the end of the last part is the one to keep.
            deliverBefore = tally.DeliverBefore == Instant.MaxValue && deliverBefore != Instant.MaxValue ? tally.Until : tally.DeliverBefore;
            (until, isSoft) = (tally.Until, tally.IsSoft);
        }

        var end = until == Instant.MaxValue ? moment.At + Horizon : until;
        return Verdict.PermitUntil(end, deliverBefore == Instant.MaxValue ? null : deliverBefore, IsCounted(question, moment));
    }

    /// <summary>Steps from one closed time's end to the next until every rule permits. Each step is a lower bound, so none is passed over.</summary>
    private static Verdict Seek(
        in PolicyQuestion question, ResolvedPlace place, ReadOnlySpan<CountedFacts> facts, in Tally first, Instant from, Instant limit)
    {
        var rule = first.DeferredBy!;
        var next = first.Next;
        var last = from;
        for (var moments = 0; moments < MaxMoments; moments++)
        {
            if (next <= last || next > limit) break;
            var tally = new Tally(null);
            Judge(question, new Moment(next, place, facts), ref tally);
            if (tally.ForbiddenBy is { } forbiddenBy) return Verdict.Forbid(forbiddenBy);
            if (tally.DeferredBy is null) return Verdict.DeferUntil(next, rule);
            last = next;
            next = tally.Next;
        }

        return Verdict.Forbid(rule);
    }
}
