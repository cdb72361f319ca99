using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;

namespace Scheduler.RulePacks.Reading;

/// <summary>Reads the hours of a week: `{mon-fri: "07:00-19:00", sat: "08:00-15:00"}`.</summary>
internal static class WeekReader
{
    private static readonly ImmutableArray<string> Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static IsoDayOfWeek? Day(string word) => Days.IndexOf(word) is >= 0 and var index ? (IsoDayOfWeek)(index + 1) : null;

    public static ImmutableArray<WeeklyHours> Read(MapReader? week)
    {
        if (week is null) return [];
        var hours = ImmutableArray.CreateBuilder<WeeklyHours>();
        byte seen = 0;
        foreach (var key in week.Keys.ToList())
        {
            var days = DaysOf(key);
            if (days == 0) week.Findings.Add(week.Node(key)!, $"'{key}' is neither a weekday, a span of weekdays nor 'all'.");
            if ((seen & days) != 0) week.Problem(key, $"'{key}' names a weekday again.");
            seen |= days;
            foreach (var text in week.Text(key).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (Span(text) is var (start, end)) hours.Add(new WeeklyHours(days, start, end));
                else week.Problem(key, $"'{text}' is not a span of hours, such as 07:00-19:00.");
            }
        }

        week.Finish();
        return hours.ToImmutable();
    }

    public static byte DaysOf(string key)
    {
        if (key == "all") return 0b0111_1111;
        var ends = key.Split('-');
        if (ends.Length > 2 || Day(ends[0]) is not { } first || Day(ends[^1]) is not { } last || last < first) return 0;
        var days = 0;
        for (var day = (int)first; day <= (int)last; day++) days |= 1 << (day - 1);
        return (byte)days;
    }

    public static (int Start, int End)? Span(string text)
    {
        var ends = text.Split('-');
        if (ends.Length != 2 || Minute(ends[0]) is not { } start || Minute(ends[1]) is not { } end || start >= end) return null;
        return (start, end);
    }

    private static int? Minute(string text) =>
        text.Length == 5 && text[2] == ':' && int.TryParse(text[..2], out var hour) && int.TryParse(text[3..], out var minute)
        && hour is >= 0 and <= 24 && minute is >= 0 and <= 59 && (hour * 60) + minute <= WeeklyHours.EndOfDay ? (hour * 60) + minute : null;
}
