using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Tests.Calendars;

/// <summary>Local times that exist twice or never leave less time for contact, not more.</summary>
public sealed class CivilTimeTests
{
    [Theory]
    // Spring in New York: 02:00 to 03:00 does not exist.
    [InlineData("America/New_York", "2026-03-08", 150, "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-03-08", 119, "2026-03-08T06:59:00Z", "2026-03-08T06:59:00Z")]
    [InlineData("America/New_York", "2026-03-08", 180, "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z")]
    // Autumn in New York: 01:00 to 02:00 exists twice.
    [InlineData("America/New_York", "2026-11-01", 90, "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z")]
    [InlineData("America/New_York", "2026-11-01", 60, "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", 120, "2026-11-01T07:00:00Z", "2026-11-01T07:00:00Z")]
    // Lord Howe moves by half an hour.
    [InlineData("Australia/Lord_Howe", "2026-04-05", 105, "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z")]
    // Santiago's day of change in spring begins at 01:00.
    [InlineData("America/Santiago", "2026-09-06", 0, "2026-09-06T04:00:00Z", "2026-09-06T04:00:00Z")]
    // Apia had no 30 December 2011.
    [InlineData("Pacific/Apia", "2011-12-30", 600, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z")]
    [InlineData("America/Bogota", "2026-11-20", 1140, "2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("Etc/UTC", "2026-11-20", 1440, "2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z")]
    public void A_local_time_becomes_the_instant_that_allows_less(string zoneId, string date, int minute, string asEnd, string asStart)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var local = LocalDatePattern.Iso.Parse(date).Value;
        Assert.Equal(asEnd, InstantPattern.General.Format(CivilTime.Early(zone, local, minute)));
        Assert.Equal(asStart, InstantPattern.General.Format(CivilTime.Late(zone, local, minute)));
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Santiago")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Pacific/Apia")]
    [InlineData("Asia/Kathmandu")]
    public void Every_half_hour_of_two_years_agrees_with_the_zone_s_own_mapping(string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        for (var date = new LocalDate(2025, 12, 31); date.Year < 2028; date = date.PlusDays(1))
        {
            for (var minute = 0; minute <= 1440; minute += 30)
            {
                var mapping = zone.MapLocal(date.AtMidnight().PlusMinutes(minute));
                var early = mapping.Count == 0 ? mapping.EarlyInterval.End : mapping.First().ToInstant();
                var late = mapping.Count == 0 ? mapping.EarlyInterval.End : mapping.Last().ToInstant();
                Assert.Equal((early, late), (CivilTime.Early(zone, date, minute), CivilTime.Late(zone, date, minute)));
            }
        }
    }
}
