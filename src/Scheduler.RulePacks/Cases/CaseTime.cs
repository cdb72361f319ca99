using NodaTime;
using NodaTime.Text;

namespace Scheduler.RulePacks.Cases;

/// <summary>Times as the case tables write them: local with an optional weekday that must be right, or an instant ending in Z.</summary>
internal static class CaseTime
{
    private static readonly InstantPattern Utc = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss.FFFFFFFFF'Z'");
    private static readonly InstantPattern UtcMinute = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm'Z'");

    public static Instant Read(string text, DateTimeZone zone)
    {
        text = text.Trim();
        if (text.EndsWith('Z')) return (text.Count(c => c == ':') == 1 ? UtcMinute : Utc).Parse(text).GetValueOrThrow();
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var weekday = words.Count > 0 && char.IsLetter(words[0][0]) ? words[0] : "";
        if (weekday.Length > 0) words.RemoveAt(0);
        if (words.Count != 2) throw new FormatException($"'{text}' is not a time such as 'Fri 2026-11-20 18:59:59'.");
        var local = Date(words[0], weekday).At(Time(words[1]));
        return zone.MapLocal(local) is { Count: > 0 } mapping ? mapping.First().ToInstant() : throw new FormatException($"'{text}' does not exist in {zone.Id}.");
    }

    /// <summary>A bare time is on the date of the case.</summary>
    public static Instant Read(string text, DateTimeZone zone, Instant sameDayAs) =>
        text.Contains(' ', StringComparison.Ordinal) || text.EndsWith('Z') ? Read(text, zone) : zone.AtLeniently(sameDayAs.InZone(zone).Date.At(Time(text))).ToInstant();

    public static LocalDate Date(string text, string weekday = "")
    {
        var date = LocalDatePattern.Iso.Parse(text).GetValueOrThrow();
        if (weekday.Length > 0 && !date.DayOfWeek.ToString().StartsWith(weekday, StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"{text} is a {date.DayOfWeek}, not {weekday}.");
        }

        return date;
    }

    private static LocalTime Time(string text) =>
        LocalTimePattern.CreateWithInvariantCulture(text.Length == 5 ? "HH:mm" : "HH:mm:ss.FFFFFFFFF").Parse(text).GetValueOrThrow();
}
