using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>
/// When a refusal of hours or points ends: as it says itself, or earlier where a pack gives refusals of its kind a term. A term frees, so
/// everything it asks must be known, for every account of the contact and every place the debtor may be in.
/// </summary>
internal static class RefusalTerms
{
    public static Instant EndOf(ConsentFact fact, in PolicyQuestion question, in Moment moment)
    {
        var end = fact.ExpiresAt ?? Instant.MaxValue;
        if (fact.Points.IsEmpty || fact.Method.Length == 0) return end;
        foreach (var bound in moment.Place.Selection.Rules)
        {
            if (bound.Rule is not Rule.RefusalTerm term || !term.Methods.Contains(fact.Method) || !Frees(bound, question, moment)) continue;
            var given = moment.Candidates.LocalDates(fact.GivenAt).Last;
            end = Instant.Min(end, moment.Candidates.StartEverywhere(given.PlusDays(term.LocalDays + 1)));
        }

        return end;
    }

    private static bool Frees(BoundRule bound, in PolicyQuestion question, in Moment moment)
    {
        var rule = bound.Rule;
        if (question.Point.Place == Debtors.PointPlace.Unknown || !rule.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)) return false;
        if (bound.FirstDay > moment.FirstDay || bound.LastDay < moment.LastDay) return false;
        foreach (var candidate in moment.Candidates.All)
        {
            if (!bound.Pack.Applies.CoversSurely(candidate)) return false;
        }

        if (!bound.IsConditional) return true;
        if (question.Accounts.IsDefaultOrEmpty) return !bound.AsksAccount && rule.When.Matches(question, null, moment.First);
        foreach (var account in question.Accounts)
        {
            if (!rule.When.Matches(question, account, moment.First)) return false;
        }

        return true;
    }
}
