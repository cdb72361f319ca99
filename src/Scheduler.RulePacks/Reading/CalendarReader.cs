using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Reading;

/// <summary>Reads holiday calendars: a list of named days, each by one kind of rule.</summary>
internal static class CalendarReader
{
    public static HolidayCalendar Read(string id, MapReader map)
    {
        var days = map.List("days").Select(node => Day(new MapReader(node, map.Findings))).OfType<HolidayRule>().ToImmutableArray();
        if (days.IsEmpty) map.Problem("days", "A calendar must list days.");
        map.Finish();
        return new HolidayCalendar(id, days);
    }

    private static HolidayRule? Day(MapReader map)
    {
        var name = map.RequiredText("name");
        var (from, to) = (map.Date("valid_from"), map.Date("valid_to"));
        HolidayRule? rule = null;
        if (MonthDay(map, "fixed") is { } date) rule = new HolidayRule.Fixed(date.Month, date.Day) { Name = name };
        else if (MonthDay(map, "next_monday") is { } moved) rule = new HolidayRule.MovedTo(moved.Month, moved.Day, IsoDayOfWeek.Monday) { Name = name };
        else if (map.Number("easter") is { } days) rule = new HolidayRule.Easter(days) { Name = name };
        else if (map.Date("once") is { } once) rule = new HolidayRule.Once(once) { Name = name };
        else if (map.Text("nth_weekday") is { Length: > 0 } nth) rule = NthWeekday(map, nth, name);
        else map.Findings.Add(map.Where, "A day needs one of fixed, next_monday, easter, nth_weekday, once.");
        map.Finish();
        return rule is null ? null : rule with { ValidFrom = from, ValidTo = to };
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

    private static (int Month, int Day)? MonthDay(MapReader map, string key)
    {
        var text = map.Text(key);
        if (text.Length == 0) return null;
        if (text.Length == 5 && text[2] == '-' && int.TryParse(text[..2], out var month) && int.TryParse(text[3..], out var day)
            && month is >= 1 and <= 12 && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(2024, month)) return (month, day);
        map.Problem(key, $"'{text}' is not a month and day, such as 07-20.");
        return null;
    }
}
