using System.Collections.Immutable;
using System.Globalization;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.RulePacks.Showing;

/// <summary>Whether a change to one rule can permit more or less, told from what the rule means; where that is not sure, it is not told.</summary>
internal static class Effects
{
    private static readonly ImmutableArray<string> NotJudged = ["sender", "template", "record", "medium_opt_out", "hold"];

    /// <summary>Figures of which a greater one permits more.</summary>
    private static readonly ImmutableArray<string> GreaterWidens = ["limit", "max_days", "inbound_within_hours", "within_local_days", "days_past_due_over"];

    public static PermissionChange OfPresence(string type, bool isAdded) =>
        NotJudged.Contains(type) ? PermissionChange.Neither : (type == "exception") == isAdded ? PermissionChange.Widens : PermissionChange.Narrows;

    public static PermissionChange OfKey(string key, RuleSheet before, RuleSheet after, Rule? old, Rule? young)
    {
        if (key is "source" or "source_kind" || NotJudged.Contains(after.Type)) return PermissionChange.Neither;
        if (GreaterWidens.Contains(key)) return OfFigure(before.Of(key), after.Of(key), isGreaterWider: true);
        if (key == "uses" && (before.Of(key).Length == 0 || after.Of(key).Length == 0)) return after.Of(key).Length == 0 ? PermissionChange.Widens : PermissionChange.Narrows;
        if (key == "uses") return OfFigure(before.Of(key), after.Of(key), isGreaterWider: true);
        if (key == "lifts") return Of(Listed(before.Of(key)), Listed(after.Of(key)), isMoreWider: true);
        if (key == "full_days_between") return OfFigure(before.Of(key), after.Of(key), isGreaterWider: false);
        if (key is "unless" or "when" && (before.Of(key).Length == 0 || after.Of(key).Length == 0) && after.Type != "exception") return before.Of(key).Length == 0 ? PermissionChange.Widens : PermissionChange.Narrows;
        return (key, old, young) switch
        {
            ("week", Rule.Window one, Rule.Window other) => Of(Minutes(one), Minutes(other), isMoreWider: true),
            ("closed_on", Rule.Window one, Rule.Window other) => (one.ClosedOn, other.ClosedOn) switch
            {
                (null, not null) => PermissionChange.Narrows,
                (not null, null) => PermissionChange.Widens,
                _ => PermissionChange.CannotBeTold,
            },
            ("judged_at", Rule.Window one, Rule.Window other) => Of(Bits((uint)one.JudgedAt), Bits((uint)other.JudgedAt), isMoreWider: false),
            ("allow", Rule.Party one, Rule.Party other) => Of(Bits(one.Allowed.Bits), Bits(other.Allowed.Bits), isMoreWider: true),
            ("scope", Rule.Counter one, Rule.Counter other) => Of(Bits((uint)one.Scope), Bits((uint)other.Scope), isMoreWider: true),
            ("period" or "until" or "also_period", Rule.Counter one, Rule.Counter other) => OfPeriods(one, other),
            ("counts", Rule.Counter one, Rule.Counter other) => Of(Counted(one.Counts), Counted(other.Counts), isMoreWider: false),
            ("governs", { } one, { } other) => Of(Governed(one.Governs), Governed(other.Governs), isMoreWider: false),
            ("per", Rule.Consent one, Rule.Consent other) => one.PerPurpose == other.PerPurpose ? PermissionChange.Neither : other.PerPurpose ? PermissionChange.Narrows : PermissionChange.Widens,
            ("require", Rule.Notice one, Rule.Notice other) => Of(one.Required.ToHashSet(), other.Required.ToHashSet(), isMoreWider: false),
            ("of", Rule.Fresh one, Rule.Fresh other) => Of(Bits((uint)one.Of), Bits((uint)other.Of), isMoreWider: true),
            ("valid_from", _, _) when after.Type != "exception" => string.CompareOrdinal(before.Of(key), after.Of(key)) < 0 ? PermissionChange.Widens : PermissionChange.Narrows,
            ("valid_to", _, _) when after.Type != "exception" && before.Of(key).Length > 0 && after.Of(key).Length > 0 => string.CompareOrdinal(before.Of(key), after.Of(key)) < 0 ? PermissionChange.Narrows : PermissionChange.Widens,
            ("valid_to", _, _) when after.Type != "exception" => after.Of(key).Length == 0 ? PermissionChange.Narrows : PermissionChange.Widens,
            _ => PermissionChange.CannotBeTold,
        };
    }

    private static PermissionChange OfFigure(string before, string after, bool isGreaterWider) =>
        int.TryParse(before, CultureInfo.InvariantCulture, out var one) && int.TryParse(after, CultureInfo.InvariantCulture, out var other)
            ? (other > one) == isGreaterWider ? PermissionChange.Widens : PermissionChange.Narrows
            : PermissionChange.CannotBeTold;

    private static PermissionChange OfPeriods(Rule.Counter old, Rule.Counter young)
    {
        if (old.Periods.Length != young.Periods.Length) return old.Periods.Length < young.Periods.Length && old.Periods.All(young.Periods.Contains) ? PermissionChange.Narrows
            : young.Periods.All(old.Periods.Contains) ? PermissionChange.Widens : PermissionChange.CannotBeTold;
        if (old.Periods.Length != 1 || old.Periods[0].Kind != young.Periods[0].Kind || old.Periods[0].Kind is CountPeriodKind.CalendarWeek or CountPeriodKind.Ever) return PermissionChange.CannotBeTold;
        var isLonger = old.Periods[0].Kind == CountPeriodKind.LocalDays ? young.Periods[0].Days > old.Periods[0].Days : young.Periods[0].Duration > old.Periods[0].Duration;
        return isLonger ? PermissionChange.Narrows : PermissionChange.Widens;
    }

    private static PermissionChange Of<T>(HashSet<T> before, HashSet<T> after, bool isMoreWider)
    {
        if (before.SetEquals(after)) return PermissionChange.Neither;
        if (before.IsSubsetOf(after)) return isMoreWider ? PermissionChange.Widens : PermissionChange.Narrows;
        return before.IsSupersetOf(after) ? (isMoreWider ? PermissionChange.Narrows : PermissionChange.Widens) : PermissionChange.CannotBeTold;
    }

    private static HashSet<string> Listed(string flow) => [.. flow.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries)];

    private static HashSet<int> Bits(uint bits) => [.. Enumerable.Range(0, 32).Where(bit => (bits & (1u << bit)) != 0)];

    private static HashSet<int> Minutes(Rule.Window window) =>
    [
        .. from span in window.Week.Hours
           from day in Enumerable.Range(1, 7)
           where span.Includes((NodaTime.IsoDayOfWeek)day)
           from minute in Enumerable.Range(span.StartMinute, span.EndMinute - span.StartMinute)
           select (day * WeeklyHours.EndOfDay) + minute,
    ];

    /// <summary>Everything that a filter lets through, by channel, purpose, place and combination of facts.</summary>
    private static HashSet<(int Kind, int Code)> Counted(CountFilter filter) =>
    [
        .. Codes(0, code => filter.Channels.Contains((ContactChannel)code)), .. Codes(1, filter.Purposes.Contains), .. Codes(2, filter.Places.Contains),
        .. Enumerable.Range(0, 512).Where(facts => filter.Facts.Matches((CountedFacts)facts)).Select(facts => (3, facts)),
    ];

    private static HashSet<(int Kind, int Code)> Governed(ContactFilter filter) =>
    [
        .. Codes(0, code => filter.Channels.Contains((ContactChannel)code)), .. Codes(1, filter.Purposes.Contains), .. Codes(2, filter.Places.Contains),
        .. filter.OtherThanCounted ? [] : new[] { (3, 0) },
    ];

    private static IEnumerable<(int Kind, int Code)> Codes(int kind, Func<int, bool> contains) => Enumerable.Range(0, 32).Where(contains).Select(code => (kind, code));
}
