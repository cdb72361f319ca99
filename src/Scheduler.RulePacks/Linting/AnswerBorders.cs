using Scheduler.Domain.Consent;
using Scheduler.Domain.Packs;

namespace Scheduler.RulePacks.Linting;

/// <summary>Cases that rules without time want: one on each side of what they ask.</summary>
internal static class AnswerBorders
{
    public static IEnumerable<MissingCase> Missing(Rule rule, IReadOnlyCollection<Sighting> seen) => rule switch
    {
        Rule.Consent => OfConsent(seen),
        Rule.Party => OfTwo(LintCodes.BorderParty, seen, "with a role that is allowed", "with a role that is refused"),
        Rule.Forbid forbid => OfTwo(LintCodes.BorderForbid, seen, IsNeverFreed(forbid) ? null : "freed by its 'unless'", "refused"),
        Rule.Notice => OfTwo(LintCodes.BorderNotice, seen, "with the notices carried", "without them ('no notices')"),
        Rule.Fresh => OfTwo(LintCodes.BorderFresh, seen, "on the last day that is fresh enough", "on the first day that is not"),
        _ => [],
    };

    private static IEnumerable<MissingCase> OfConsent(IReadOnlyCollection<Sighting> seen)
    {
        if (!seen.Any(one => one.IsPermit)) yield return new(LintCodes.BorderConsent, "with consent", "a row that permits");
        if (!seen.Any(one => !one.IsPermit && !IsWithdrawn(one))) yield return new(LintCodes.BorderConsent, "without consent", "a row with 'no consent CHANNEL' that forbids");
        if (!seen.Any(one => !one.Case.Evaluate(one.At).IsPermit && IsWithdrawn(one))) yield return new(LintCodes.BorderConsent, "with consent withdrawn", "a row with 'withdrawn CHANNEL on …' that forbids");
    }

    private static bool IsWithdrawn(Sighting one) => one.Case.Situation.Question().Debtor.Consents.Any(fact => fact.Kind == ConsentKind.Withdrawn);

    /// <summary>What asks for facts that nobody reports frees nobody.</summary>
    private static bool IsNeverFreed(Rule.Forbid forbid) => !forbid.Unless.Facts.Uncollected.IsEmpty;

    private static IEnumerable<MissingCase> OfTwo(string code, IReadOnlyCollection<Sighting> seen, string? permits, string refuses)
    {
        if (permits is not null && !seen.Any(one => one.IsPermit)) yield return new(code, permits, "a row that this rule permits");
        if (!seen.Any(one => !one.IsPermit)) yield return new(code, refuses, "a row that it forbids");
    }
}
