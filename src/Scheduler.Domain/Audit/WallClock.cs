using NodaTime;

namespace Scheduler.Domain.Audit;

/// <summary>
/// Local time in Colombia and the United States by the letter of their law, without the tz database: a second opinion on it.
/// Other zones are read from the tz database.
/// </summary>
internal static class WallClock
{
    private static readonly Dictionary<string, int> StandardHours = new()
    {
        ["America/Bogota"] = -5,
        ["America/New_York"] = -5,
        ["America/Detroit"] = -5,
        ["America/Kentucky/Louisville"] = -5,
        ["America/Indiana/Indianapolis"] = -5,
        ["America/Chicago"] = -6,
        ["America/Denver"] = -7,
        ["America/Boise"] = -7,
        ["America/Phoenix"] = -7,
        ["America/Los_Angeles"] = -8,
        ["America/Anchorage"] = -9,
        ["Pacific/Honolulu"] = -10,
        ["America/Puerto_Rico"] = -4,
    };

    private static readonly HashSet<string> WithoutSummerTime = ["America/Bogota", "America/Phoenix", "Pacific/Honolulu", "America/Puerto_Rico"];

    public static bool IsKnown(string zoneId) => StandardHours.ContainsKey(zoneId) || DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId) is not null;

    public static LocalDateTime At(string zoneId, Instant instant)
    {
        if (!StandardHours.TryGetValue(zoneId, out var hours))
            return DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId) is { } zone ? instant.InZone(zone).LocalDateTime : instant.InUtc().LocalDateTime;
        var standard = instant.InUtc().LocalDateTime.PlusHours(hours);
        return !WithoutSummerTime.Contains(zoneId) && IsSummer(standard) ? standard.PlusHours(1) : standard;
    }

    // Energy Policy Act of 2005: from 02:00 standard time on the second Sunday of March until 02:00 summer time, which is 01:00
    // standard time, on the first Sunday of November.
    private static bool IsSummer(LocalDateTime standard)
    {
        var start = Sunday(standard.Year, 3, 2).At(new LocalTime(2, 0));
        var end = Sunday(standard.Year, 11, 1).At(new LocalTime(1, 0));
        return start <= standard && standard < end;
    }

    private static LocalDate Sunday(int year, int month, int number)
    {
        var date = new LocalDate(year, month, 1);
        while (date.DayOfWeek != IsoDayOfWeek.Sunday) date = date.PlusDays(1);
        return date.PlusWeeks(number - 1);
    }
}
