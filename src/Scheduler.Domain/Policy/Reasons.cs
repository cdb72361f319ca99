using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>One sentence per finding, without personal data.</summary>
internal static class Reasons
{
    public static string Of(JudgedRule judged, in PolicyQuestion question)
    {
        if (judged.LiftedBy is { } exception) return $"Lifted by {exception.Id}.";
        if (judged.Bound is { Rule: var rule } && !rule.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)) return "Does not govern this contact.";
        if (judged.Bound?.Rule is Rule.Demand demand) return $"Demands of the {demand.Kind.ToString().ToLowerInvariant()}: {string.Join(", ", demand.Of)}.";
        return judged.Finding.Kind == VerdictKind.Permit ? "Permits." : judged.Bound is null ? OfBase(judged) : OfRule(judged.Bound.Rule);
    }

    private static string OfRule(Rule rule) => rule switch
    {
        Rule.Window => "The local time is outside the permitted hours, or the date is closed.",
        Rule.Counter { IsClosing: true, Governs.OtherThanCounted: true } => "A contact through another channel closes this one for the period.",
        Rule.Counter { IsClosing: true } => "A counted contact closes the period.",
        Rule.Counter => "The permitted number of contacts in the period is reached.",
        Rule.Consent => "No consent in force covers this channel and purpose.",
        Rule.Party => "This role may not be contacted.",
        Rule.Notice notice => $"The message must carry {string.Join(", ", notice.Required)}.",
        Rule.Fresh fresh => $"Nothing confirms the point within {fresh.MaxDays} days.",
        Rule.MediumOptOut => "The person refused this medium.",
        _ => "Forbidden for such a contact.",
    };

    private static string OfBase(JudgedRule judged) => judged.RuleId switch
    {
        BaseRules.Minor => "The person is a minor.",
        BaseRules.ChannelUnknown => "The channel is not known.",
        BaseRules.PointClosed => "The contact point is closed.",
        BaseRules.PointChannel => "The contact point cannot carry this channel.",
        BaseRules.Promise => "A promise to pay is pending.",
        BaseRules.Withdrawn => "The person withdrew consent or refused this medium.",
        BaseRules.RefusedHours => "The person asked not to be contacted at these hours.",
        BaseRules.PackUnknown => "No rule pack in force covers a country that the person may be in.",
        BaseRules.ZoneUnknown => "Nothing is known of where the person is.",
        BaseRules.HistoryFull => "So many contacts still count that a further one could not be recorded.",
        _ => "A hold is in force.",
    };
}
