using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Tests.Holidays;

/// <summary>Closed days of the shipped calendars: of a country as a whole, or of one of its regions.</summary>
internal static class National
{
    private static readonly PackLibrary Library = PackLibrary.LoadShipped();

    /// <summary>A place that is known and has no days of its own.</summary>
    private const string NowhereInParticular = "-";

    public static HolidayCalendar Of(string calendar, string region = NowhereInParticular, string municipality = NowhereInParticular) =>
        Library.Calendars[calendar].In([new ZoneCandidate(DateTimeZone.Utc, calendar, region, municipality, "said so")]);

    public static IEnumerable<LocalDate> ClosedIn(string country, int first, int last, string region = NowhereInParticular)
    {
        var calendar = Of(country, region);
        for (var date = new LocalDate(first, 1, 1); date.Year <= last; date = date.PlusDays(1))
        {
            if (calendar.IsClosed(date)) yield return date;
        }
    }
}
