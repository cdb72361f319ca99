using NodaTime;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>The evaluator against a slow reader of clocks that steps through every minute.</summary>
public sealed class WindowOracleTests
{
    private const int Days = 366;
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    private static readonly PolicySnapshot Narrow = Situation.PolicyOf("""
        schema: 2
        calendars:
          XX: {days: [{name: Change of clocks, fixed: "03-30"}, {name: Midsummer, fixed: "06-24"}]}
        packs:
          - id: XX
            applies: {country: XX}
            rules:
              - {id: XX.hours, type: window, week: {mon-sat: "01:30-02:30, 08:00-21:00", sun: "00:00-03:00, 23:00-24:00"}, closed_on: XX, source: made up}
        """);

    [Theory]
    [InlineData("America/Bogota")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Santiago")]
    [InlineData("America/Tijuana")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Pacific/Apia")]
    public void Every_minute_of_a_year_is_judged_as_the_clock_on_the_wall_says(string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var isOpen = OpenMinutes(zone);
        var situation = new Situation { Debtor = Situation.Living($"XX:{zoneId}") };
        var change = new Instant[isOpen.Length];
        for (var minute = isOpen.Length - 1; minute >= 0; minute--)
        {
            var isLast = minute == isOpen.Length - 1;
            change[minute] = isLast || isOpen[minute] != isOpen[minute + 1] ? At(minute + 1) : change[minute + 1];
        }

        // The last week is left out: what follows it is not known to the oracle.
        for (var minute = 0; minute < isOpen.Length - (9 * 24 * 60); minute++)
        {
            // Closed minutes cost a search each; one in 31 is enough, open ones are all asked.
            if (!isOpen[minute] && minute % 31 != 0) continue;
            var verdict = (situation with { At = At(minute) }).Ask(Narrow);
            if (verdict.IsPermit != isOpen[minute] || verdict.At != change[minute])
            {
                Assert.Fail($"{zoneId} {At(minute).InZone(zone)}: expected {(isOpen[minute] ? "open" : "closed")} until {change[minute]}, got {verdict}");
            }
        }
    }

    private static Instant At(int minute) => Start + Duration.FromMinutes(minute);

    /// <summary>
    /// A minute is open if the clock shows a time within a span, the span's end was not yet shown on that date, and its start will not be
    /// passed again: a clock put back never opens a span twice nor longer.
    /// </summary>
    private static bool[] OpenMinutes(DateTimeZone zone)
    {
        var locals = Enumerable.Range(0, Days * 24 * 60).Select(minute => At(minute).InZone(zone).LocalDateTime).ToArray();
        var isOpen = new bool[locals.Length];
        foreach (var date in locals.Select((local, minute) => (local, minute)).GroupBy(pair => pair.local.Date))
        {
            if (date.Key is { Month: 3, Day: 30 } or { Month: 6, Day: 24 }) continue;
            foreach (var (start, end) in date.Key.DayOfWeek == IsoDayOfWeek.Sunday ? new[] { (0, 180), (1380, 1440) } : [(90, 150), (480, 1260)])
            {
                Open(date.Select(pair => (pair.minute, Shown: (pair.local.Hour * 60) + pair.local.Minute)).ToArray(), start, end, isOpen);
            }
        }

        return isOpen;
    }

    private static void Open((int Minute, int Shown)[] day, int start, int end, bool[] isOpen)
    {
        var firstEnd = Array.FindIndex(day, one => one.Shown >= end);
        var lastBefore = Array.FindLastIndex(day, one => one.Shown < start);
        for (var index = lastBefore + 1; index < (firstEnd < 0 ? day.Length : firstEnd); index++) isOpen[day[index].Minute] = true;
    }
}
