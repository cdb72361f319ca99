using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Scheduler.Cli.Importing;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>Verdicts, instants and windows in the words of a report.</summary>
internal static class Words
{
    public static string Of(Timestamp? instant) => instant is null ? "" : instant.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'");

    public static string Of(Date? date) => date is null ? "" : $"{date.Year:0000}-{date.Month:00}-{date.Day:00}";

    public static string Of(TimeOfDay? time) => time is null ? "" : $"{time.Hours:00}:{time.Minutes:00}";

    public static string Of(Verdict? verdict) => verdict?.Kind switch
    {
        null => "",
        VerdictKind.Permit => verdict.UntilTime is null ? "permitted" : $"permitted until {Of(verdict.UntilTime)}",
        VerdictKind.Defer => $"not before {Of(verdict.NextTime)} ({verdict.DecidingRuleId})",
        _ => $"forbidden ({verdict.DecidingRuleId})",
    };

    public static string Of(RuleResult rule) => rule.Kind switch
    {
        VerdictKind.Permit when rule.DoesNotApply => "does not apply",
        VerdictKind.Permit => rule.LiftedByRuleId.Length == 0 ? "permits" : $"lifted by {rule.LiftedByRuleId}",
        VerdictKind.Defer => $"not before {Of(rule.NextTime)}",
        _ => "forbids",
    };

    public static string Of(Counter? counter)
    {
        if (counter is null) return "";
        var provisional = counter.Provisional > 0 ? $" (+{counter.Provisional} unsettled)" : "";
        return $"{counter.Counted}{provisional} of {counter.Limit}, {Of(counter.PeriodStartDate)}..{Of(counter.PeriodEndDate)}";
    }

    public static string Of(ZoneWindow zone)
    {
        var open = zone.Window is null ? "closed all day" : $"open {Of(zone.Window.StartTimeOfDay)}-{Of(zone.Window.EndTimeOfDay)}";
        var holiday = zone.Holiday.Length > 0 ? $", {zone.Holiday}" : "";
        return $"{zone.ZoneId}: {Of(zone.LocalDate)} {Of(zone.LocalTimeOfDay)} local, {open}{holiday}";
    }

    public static string Of(ContactChannel channel) => channel == ContactChannel.Unspecified ? "" : FieldWords.Of(channel);
}
