using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>One sentence per finding, without personal data.</summary>
internal static class Reasons
{
    /// <param name="judged">What a rule that applies found.</param>
    public static string Of(JudgedRule judged)
    {
        if (judged.LiftedBy is { } exception) return $"Lifted by {exception.Id}.";
        if (judged.Finding.Kind == VerdictKind.Permit) return OfPermit(judged.Bound?.Rule);
        return judged.Bound is null ? OfBase(judged) : OfRule(judged.Bound.Rule);
    }

    /// <summary>What some rules say is judged elsewhere: by the gateway, or with the hold or refusal that they are about.</summary>
    private static string OfPermit(Rule? rule) => rule switch
    {
        Rule.Demand demand => $"Demands of the {demand.Kind.ToString().ToLowerInvariant()}: {string.Join(", ", demand.Of)}.",
        Rule.OnHold => "Names a kind of hold; a hold is judged by itself.",
        Rule.RefusalTerm term => $"Says that some refusals bind for {term.LocalDays} local days; a refusal is judged by itself.",
        _ => "Permits.",
    };

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
