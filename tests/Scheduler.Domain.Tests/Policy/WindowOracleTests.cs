using NodaTime;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>The evaluator against a slow reader of clocks that steps through every minute, years with a skipped day and clocks set at midnight included.</summary>
public sealed class WindowOracleTests
{
    private const int Days = 731;

    private static readonly PolicySnapshot Narrow = Situation.PolicyOf("""
        schema: 2
        calendars:
          XX: {days: [{name: Change of clocks, fixed: "03-30"}, {name: Midsummer, fixed: "06-24"}]}
        packs:
          - id: XX
            applies: {country: XX}
            rules:
              - {id: XX.hours, type: window, week: {mon-fri: "01:30-02:30, 08:00-21:00", sat: "01:30-02:30, 08:00-21:00, 23:20-24:00", sun: "00:00-01:10, 01:40-01:50, 02:20-03:30, 23:00-24:00"}, closed_on: XX, source: made up}
        """);

    [Theory]
    [InlineData("America/Bogota", 2026)]
    [InlineData("America/New_York", 2026)]
    [InlineData("Australia/Lord_Howe", 2026)]
    [InlineData("America/Santiago", 2026)]
    [InlineData("America/Tijuana", 2026)]
    [InlineData("Africa/Casablanca", 2026)]
    [InlineData("Pacific/Apia", 2011)]
    public void Every_minute_of_two_years_is_judged_as_the_clock_on_the_wall_says(string zoneId, int year)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var start = Instant.FromUtc(year, 1, 1, 0, 0);
        var isOpen = OpenMinutes(zone, start);
        var situation = new Situation { Debtor = Situation.Living($"XX:{zoneId}") };
        var from = 0;
        // The last week is left out: what follows it is not known to the oracle.
        while (from < isOpen.Length - (9 * 24 * 60))
        {
            var verdict = (situation with { At = start + Duration.FromMinutes(from) }).Ask(Narrow);
            // One verdict speaks of every minute up to the instant that it names, and says that the next is another.
            var until = Array.IndexOf(isOpen, !isOpen[from], from);
            if (verdict.IsPermit != isOpen[from] || verdict.At != start + Duration.FromMinutes(until))
            {
                Assert.Fail($"{(start + Duration.FromMinutes(from)).InZone(zone)}: expected {(isOpen[from] ? "open" : "closed")} for {until - from} minutes, got {verdict}");
            }

            // From the middle of the span the answer is the same, to the tick before its end.
            foreach (var at in new[] { start + Duration.FromMinutes((from + until) / 2), verdict.At - Duration.FromTicks(1) })
            {
                var within = (situation with { At = at }).Ask(Narrow);
                Assert.True(within.Kind == verdict.Kind && within.At == verdict.At, $"{at.InZone(zone)}: {within}, and {verdict} before");
            }

            from = until;
        }
    }

    /// <summary>
    /// A minute is open if the clock shows a time within a span, the span's end was not yet shown on that date, and its start will not be
    /// passed again: a clock put back never opens a span twice nor longer.
    /// </summary>
    private static bool[] OpenMinutes(DateTimeZone zone, Instant first)
    {
        var locals = Enumerable.Range(0, Days * 24 * 60).Select(minute => (first + Duration.FromMinutes(minute)).InZone(zone).LocalDateTime).ToArray();
        var isOpen = new bool[locals.Length];
        foreach (var date in locals.Select((local, minute) => (local, minute)).GroupBy(pair => pair.local.Date))
        {
            if (date.Key is { Month: 3, Day: 30 } or { Month: 6, Day: 24 }) continue;
            foreach (var (start, end) in SpansOf(date.Key.DayOfWeek))
            {
                Open(date.Select(pair => (pair.minute, Shown: (pair.local.Hour * 60) + pair.local.Minute)).ToArray(), start, end, isOpen);
            }
        }

        return isOpen;
    }

    /// <summary>Beginnings and ends lie within the hours that clocks skip and repeat: at one and two of a Sunday, and at the midnight before it.</summary>
    private static (int Start, int End)[] SpansOf(IsoDayOfWeek day) => day switch
    {
        IsoDayOfWeek.Saturday => [(90, 150), (480, 1260), (1400, 1440)],
        IsoDayOfWeek.Sunday => [(0, 70), (100, 110), (140, 210), (1380, 1440)],
        _ => [(90, 150), (480, 1260)],
    };

    private static void Open((int Minute, int Shown)[] day, int start, int end, bool[] isOpen)
    {
        var firstEnd = Array.FindIndex(day, one => one.Shown >= end);
        var lastBefore = Array.FindLastIndex(day, one => one.Shown < start);
        for (var index = lastBefore + 1; index < (firstEnd < 0 ? day.Length : firstEnd); index++) isOpen[day[index].Minute] = true;
    }
}
