using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Calendars;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Reading;

/// <summary>Reads holiday calendars: a list of named days, each by one kind of rule, with what their weekday does to them.</summary>
internal static class CalendarReader
{
    private const string Kinds = "fixed, next_monday, easter, nth_weekday, once, listed";

    /// <param name="known">Calendars read so far, which this one may extend.</param>
    public static HolidayCalendar Read(string id, MapReader map, IReadOnlyDictionary<string, HolidayCalendar> known)
    {
        var country = map.Text("country");
        var days = ImmutableArray.CreateBuilder<HolidayRule>();
        var extended = ImmutableDictionary<string, string>.Empty;
        foreach (var name in map.Texts("extends"))
        {
            if (!known.TryGetValue(name, out var calendar))
            {
                map.Problem("extends", $"No calendar '{name}' is there yet; calendars are read in the order of the files.");
                continue;
            }

            days.AddRange(calendar.Rules);
            extended = extended.SetItems(calendar.CountryOf);
        }

        foreach (var name in map.Texts("without"))
        {
            if (days.All(day => day.Name != name)) map.Problem("without", $"No day is named '{name}'.");
            days.RemoveAll(day => day.Name == name);
        }

        foreach (var node in map.List("days"))
        {
            if (Day(new MapReader(node, map.Findings), country) is { } day) days.Add(day);
        }

        if (days.Count == 0) map.Problem("days", "A calendar must list days.");
        map.Finish();
        return new HolidayCalendar(id, days.ToImmutable(), country, extended);
    }

    private static HolidayRule? Day(MapReader map, string country)
    {
        var rule = Named(map, map.RequiredText("name"));
        var (regions, municipalities) = (map.Texts("region"), map.Texts("municipality"));
        if (country.Length == 0 && !(regions.IsEmpty && municipalities.IsEmpty)) map.Problem("region", "A day of a region or municipality needs the 'country' of its calendar.");
        var (from, to) = (map.Date("valid_from"), map.Date("valid_to"));
        var (only, moves, keeps) = (OnlyOn(map), Moves(map), map.Flag("keep") ?? false);
        var (every, first) = Every(map.Map("every"));
        if (rule is null) map.Findings.Add(map.Where, $"A day needs one of {Kinds}.");
        map.Finish();
        return rule is null ? null : rule with
        {
            ValidFrom = from,
            ValidTo = to,
            OnlyOn = only,
            Moves = moves,
            KeepsNamedDay = keeps,
            EveryYears = every,
            FirstYear = first,
            Scope = country.Length == 0 ? HolidayScope.Everywhere : new HolidayScope(country, regions, municipalities),
        };
    }

    private static HolidayRule? Named(MapReader map, string name)
    {
        if (MonthDay(map, "fixed") is { } date) return new HolidayRule.Fixed(date.Month, date.Day) { Name = name };
        if (MonthDay(map, "next_monday") is { } moved) return new HolidayRule.MovedTo(moved.Month, moved.Day, IsoDayOfWeek.Monday) { Name = name };
        if (map.Number("easter") is { } days) return new HolidayRule.Easter(days) { Name = name };
        if (map.Date("once") is { } once) return new HolidayRule.Once(once) { Name = name };
        if (map.Node("listed") is not null) return Listed(map, name);
        return map.Text("nth_weekday") is { Length: > 0 } nth ? NthWeekday(map, nth, name) : null;
    }

    /// <summary>"3 mon 1": the third Monday of January; "-1 mon 5": the last of May.</summary>
    private static HolidayRule.NthWeekday? NthWeekday(MapReader map, string text, string name)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 3 && int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var nth) && nth is -1 or (>= 1 and <= 5)
            && WeekReader.Day(parts[1]) is { } weekday && int.TryParse(parts[2], out var month) && month is >= 1 and <= 12)
        {
            return new HolidayRule.NthWeekday(nth, weekday, month) { Name = name };
        }

        map.Problem("nth_weekday", "Write it as '3 mon 1' (third Monday of January) or '-1 mon 5' (last Monday of May).");
        return null;
    }

    /// <summary>Dates by year, and in `otherwise` the days that are closed in a year without one.</summary>
    private static HolidayRule.Listed Listed(MapReader map, string name)
    {
        var dates = ImmutableArray.CreateBuilder<LocalDate>();
        foreach (var node in map.List("listed"))
        {
            if (node is YamlScalarNode { Value: { } text } && LocalDatePattern.Iso.Parse(text) is { Success: true } parsed) dates.Add(parsed.Value);
            else map.Findings.Add(node, "'listed' must list dates, such as 2026-06-21.");
        }

        var otherwise = ImmutableArray.CreateBuilder<AnnualDate>();
        foreach (var text in map.Texts("otherwise"))
        {
            if (MonthDay(text) is { } day) otherwise.Add(new AnnualDate(day.Month, day.Day));
            else map.Problem("otherwise", $"'{text}' is not a month and day, such as 07-20.");
        }

        return new HolidayRule.Listed(dates.ToImmutable(), otherwise.ToImmutable()) { Name = name };
    }

    private static ImmutableArray<IsoDayOfWeek> OnlyOn(MapReader map)
    {
        var days = ImmutableArray.CreateBuilder<IsoDayOfWeek>();
        foreach (var word in map.Texts("only_on"))
        {
            if (WeekReader.Day(word) is { } day) days.Add(day);
            else map.Problem("only_on", $"'{word}' is not a weekday.");
        }

        return days.ToImmutable();
    }

    /// <summary>`{tue: -1, fri: 3}`: by the weekday on which the day falls, how many days it moves.</summary>
    private static ImmutableDictionary<IsoDayOfWeek, int> Moves(MapReader map)
    {
        var moves = ImmutableDictionary.CreateBuilder<IsoDayOfWeek, int>();
        if (map.Map("move") is not { } table) return moves.ToImmutable();
        foreach (var word in table.Keys.ToList())
        {
            if (WeekReader.Day(word) is { } day) moves[day] = table.Number(word, -6, 6);
            else table.Findings.Add(table.Node(word)!, $"'{word}' is not a weekday.");
        }

        table.Finish();
        return moves.ToImmutable();
    }

    private static (int Years, int From) Every(MapReader? map)
    {
        if (map is null) return (1, 0);
        var every = (map.Number("years", 2, 100), map.Number("from", 1900, 2200));
        map.Finish();
        return every;
    }

    private static (int Month, int Day)? MonthDay(MapReader map, string key)
    {
        var text = map.Text(key);
        if (text.Length == 0) return null;
        if (MonthDay(text) is { } day) return day;
        map.Problem(key, $"'{text}' is not a month and day, such as 07-20.");
        return null;
    }

    private static (int Month, int Day)? MonthDay(string text) =>
        text.Length == 5 && text[2] == '-' && int.TryParse(text[..2], out var month) && int.TryParse(text[3..], out var day)
        && month is >= 1 and <= 12 && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(2024, month) ? (month, day) : null;
}
