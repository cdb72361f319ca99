using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Reading;

/// <summary>Reads one rule into its compiled form. Filters, validity and source are the same for every kind.</summary>
internal sealed class RuleReader(Vocabulary vocabulary, IReadOnlyDictionary<string, HolidayCalendar> calendars)
{
    public Rule? Read(MapReader map)
    {
        var id = map.RequiredText("id");
        var type = map.RequiredText("type");
        var rule = OfType(type, id, map);
        if (rule is null)
        {
            if (type.Length > 0) map.Problem("type", $"'{type}' is not a kind of rule.");
            return null;
        }

        rule = rule with
        {
            Governs = FilterReader.Governs(map.Map("governs"), vocabulary),
            When = FilterReader.When(map.Map("when")),
            ValidFrom = map.Date("valid_from"),
            ValidTo = map.Date("valid_to"),
            Source = map.RequiredText("source"),
            SourceKind = SourceKind(map),
        };
        if (rule is not Rule.Demand && rule.When.SessionOpen is not null) map.Problem("when", "'session_open' may be asked by sender, template, record and by exceptions.");
        if (rule is Rule.Counter { Counts.Purposes.IsAll: true } counter && counter.Periods.Contains(CountPeriod.Ever)) map.Problem("period", "A rule that counts for ever must name the purposes that it counts.");
        map.Finish();
        return rule;
    }

    public static RuleSource SourceKind(MapReader map)
    {
        var word = map.Text("source_kind", "law");
        if (Words.TryParse<RuleSource>(word, out var kind) && kind != RuleSource.Unknown) return kind;
        map.Problem("source_kind", "'source_kind' must be law, design or platform.");
        return RuleSource.Unknown;
    }

    private Rule? OfType(string type, string id, MapReader map) => type switch
    {
        "window" => Window(id, map),
        "cap" => new Rule.Counter(map.Number("limit", 0, 1_000), Periods(map), Scope(map), Counts(map)) { Id = id },
        "closed_until" => new Rule.Counter(1, Until(map), Scope(map), Counts(map)) { Id = id, IsClosing = true },
        "spacing" => new Rule.Counter(1, [CountPeriod.LocalDays(map.Number("full_days_between", 0, 366) + 1)], Scope(map), Counts(map)) { Id = id, IsClosing = true },
        "consent" => new Rule.Consent(PerPurpose(map)) { Id = id },
        "party" => new Rule.Party(Words.Codes<PartyRole>(map, "allow").Except(CodeSet.None.With((int)PartyRole.Unknown))) { Id = id },
        "forbid" => new Rule.Forbid(FilterReader.Unless(map.Map("unless"))) { Id = id },
        "notice" => new Rule.Notice([.. map.Texts("require").Select(word => word.ToUpperInvariant())]) { Id = id },
        "fresh" => new Rule.Fresh(map.Number("max_days", 1, 3_660), Fresh(map)) { Id = id },
        "medium_opt_out" => new Rule.MediumOptOut { Id = id },
        "hold" => new Rule.OnHold(Hold(map)) { Id = id },
        "refusal_term" => new Rule.RefusalTerm(map.Number("local_days", 1, 3_660), Methods(map)) { Id = id },
        "sender" => new Rule.Demand(DemandKind.Sender, map.Texts("require")) { Id = id },
        "template" => new Rule.Demand(DemandKind.Template, map.Texts("require_category")) { Id = id },
        "record" => new Rule.Demand(DemandKind.Record, map.Texts("field")) { Id = id },
        _ => null,
    };

    private Rule.Window Window(string id, MapReader map)
    {
        var hours = WeekReader.Read(map.Map("week"));
        if (hours.IsEmpty) map.Problem("week", "A window must list hours.");
        HolidayCalendar? closedOn = null;
        var calendar = map.Text("closed_on");
        if (calendar.Length > 0 && !calendars.TryGetValue(calendar, out closedOn)) map.Problem("closed_on", $"No calendar is named '{calendar}'.");
        var judged = JudgedAt.None;
        foreach (var word in map.Texts("judged_at"))
        {
            if (Words.TryParse<JudgedAt>(word, out var one) && one != JudgedAt.None) judged |= one;
            else map.Problem("judged_at", $"'{word}' is neither placed nor delivered.");
        }

        return new Rule.Window(new WeekWindow(hours), closedOn, judged == JudgedAt.None ? JudgedAt.Placed : judged) { Id = id };
    }

    private CountFilter Counts(MapReader map)
    {
        if (map.Node("counts") is null) map.Problem("counts", "A rule that counts must say what.");
        return FilterReader.Counts(map.Map("counts"), vocabulary);
    }

    private static CountScope Scope(MapReader map)
    {
        var scope = CountScope.Person;
        var isPersons = false;
        if (map.Node("scope") is null) map.Problem("scope", "A rule that counts must say for whom.");
        foreach (var word in map.Texts("scope"))
        {
            isPersons |= word == "person";
            if (Words.TryParse<CountScope>(word, out var one) && one != CountScope.EveryParty) scope |= one;
            else map.Problem("scope", $"'{word}' is not one of person, creditor, debt, account, point, channel, household.");
        }

        // An account, a debt or a household that is not said to be one person's is counted over all of its parties.
        if ((scope & (CountScope.Debt | CountScope.Account | CountScope.Household)) == 0) return scope;
        if (!isPersons) return scope | CountScope.EveryParty;
        if ((scope & CountScope.Household) != 0) map.Problem("scope", "A household is more than one person.");
        return scope;
    }

    private static ImmutableArray<CountPeriod> Periods(MapReader map)
    {
        var periods = ImmutableArray.CreateBuilder<CountPeriod>();
        foreach (var key in new[] { "period", "also_period" })
        {
            if (map.Map(key) is { } period) periods.Add(Period(period));
        }

        if (periods.Count == 0) map.Problem("period", "A cap must say in which period.");
        return periods.ToImmutable();
    }

    private static ImmutableArray<CountPeriod> Until(MapReader map)
    {
        if (map.Node("until") is YamlScalarNode { Value: "end_of_local_day" }) return [CountPeriod.LocalDays(1)];
        if (map.Map("until") is { } until) return [Period(until)];
        map.Problem("until", "Say until when: end_of_local_day, {end_of_week: mon}, {local_days: 7} or {hours: 24}.");
        return [CountPeriod.LocalDays(1)];
    }

    private static CountPeriod Period(MapReader map)
    {
        var (days, hours) = (map.Number("local_days"), map.Number("hours"));
        var week = map.Text("week", map.Text("end_of_week"));
        var isEver = map.Flag("ever") ?? false;
        map.Finish();
        if (days is >= 1 and <= 366 and var count) return CountPeriod.LocalDays(count);
        if (hours is >= 1 and <= 8_784 and var length) return CountPeriod.Rolling(Duration.FromHours(length));
        if (WeekReader.Day(week) is { } start) return CountPeriod.CalendarWeek(start);
        if (isEver) return CountPeriod.Ever;
        map.Findings.Add(map.Where, "A period is {local_days: 7}, {week: mon}, {hours: 24} or {ever: true}.");
        return CountPeriod.LocalDays(366);
    }

    private static bool PerPurpose(MapReader map)
    {
        var per = map.Texts("per");
        foreach (var word in per)
        {
            if (word is not ("channel" or "purpose")) map.Problem("per", $"'{word}' is neither channel nor purpose.");
        }

        return per.Contains("purpose");
    }

    private static FreshFacts Fresh(MapReader map)
    {
        var of = FreshFacts.None;
        foreach (var word in map.Texts("of"))
        {
            if (Words.TryParse<FreshFacts>(word, out var one) && one != FreshFacts.None) of |= one;
            else map.Problem("of", $"'{word}' is not one of point_confirmed, reassignment_checked, consent_given.");
        }

        return of;
    }

    private static ImmutableArray<string> Methods(MapReader map)
    {
        var methods = map.Texts("methods");
        if (methods.IsEmpty) map.Problem("methods", "A term of refusals must say in which ways they were given.");
        return methods;
    }

    private static HoldKind Hold(MapReader map)
    {
        if (Words.TryParse<HoldKind>(map.RequiredText("kind"), out var kind)) return kind;
        map.Problem("kind", "'kind' is not a kind of hold.");
        return HoldKind.Unknown;
    }
}
