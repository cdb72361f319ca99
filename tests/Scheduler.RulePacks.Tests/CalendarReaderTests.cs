using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Tests;

/// <summary>Every kind of day that a calendar can be written with, and what is said of one that is not written well.</summary>
public sealed class CalendarReaderTests
{
    [Theory]
    [InlineData("{name: n, fixed: \"06-29\", move: {tue: -1, wed: -2, thu: -3, fri: 3}}", "06-26")]
    [InlineData("{name: n, fixed: \"10-10\", move: {tue: -1}, keep: true}", "10-09 10-10")]
    [InlineData("{name: n, fixed: \"09-15\", only_on: [fri, sun]}", "09-15")]
    [InlineData("{name: n, fixed: \"09-14\", only_on: fri}", "")]
    [InlineData("{name: n, fixed: \"10-01\", every: {years: 2, from: 2023}}", "")]
    [InlineData("{name: n, easter: -47}", "02-29")]
    [InlineData("{name: n, listed: [2028-06-20, 2029-06-20], otherwise: [\"06-21\"]}", "06-20")]
    [InlineData("{name: n, listed: [2029-06-20], otherwise: [\"06-20\", \"06-21\"]}", "06-20 06-21")]
    [InlineData("{name: n, once: 2028-11-18}", "11-18")]
    [InlineData("{name: n, nth_weekday: \"-1 mon 5\"}", "05-29")]
    [InlineData("{name: n, next_monday: \"07-09\", valid_from: 2029-01-01}", "")]
    public void A_day_closes_the_dates_that_its_kind_gives_in_2028(string day, string dates)
    {
        // Of 2028: 29 June is a Thursday, 10 October a Tuesday, 14 September a Thursday, 15 September a Friday.
        var calendar = Read($"  XX: {{days: [{day}]}}").Calendars["XX"];
        Assert.Equal(dates, string.Join(' ', calendar.DaysOf(2028).Select(closed => closed.Date.ToString("MM'-'dd", null))));
    }

    [Theory]
    [InlineData("{name: n}", "A day needs one of fixed")]
    [InlineData("{name: n, fixed: \"02-30\"}", "is not a month and day")]
    [InlineData("{name: n, fixed: \"02-28\", move: {someday: 1}}", "'someday' is not a weekday")]
    [InlineData("{name: n, fixed: \"02-28\", move: {mon: 9}}", "must be -6 to 6")]
    [InlineData("{name: n, fixed: \"02-28\", only_on: [noday]}", "'noday' is not a weekday")]
    [InlineData("{name: n, fixed: \"02-28\", every: {years: 1, from: 2024}}", "'years' must be 2 to 100")]
    [InlineData("{name: n, fixed: \"02-28\", every: {years: 4}}", "'from' is missing")]
    [InlineData("{name: n, listed: [soon]}", "'listed' must list dates")]
    [InlineData("{name: n, listed: [2028-06-20], otherwise: [June]}", "is not a month and day")]
    [InlineData("{name: n, fixed: \"07-09\", region: SP}", "needs the 'country'")]
    [InlineData("{fixed: \"07-09\"}", "'name' is missing")]
    public void A_day_that_is_not_written_well_is_refused(string day, string message) =>
        Assert.Contains(Problems($"  XX: {{days: [{day}]}}"), problem => problem.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void A_calendar_takes_the_days_of_another_and_leaves_some_out()
    {
        var library = Read("""
              XX: {country: XX, days: [{name: New Year, fixed: "01-01"}, {name: May, fixed: "05-01"}, {name: Fair, fixed: "06-13", region: [A, B], municipality: "7"}]}
              YY: {extends: XX, without: [May], days: [{name: Union, fixed: "07-12"}]}
            """);
        Assert.Equal(["New Year", "Fair", "Union"], library.Calendars["YY"].DaysOf(2026).Select(day => day.Name));
        var fair = library.Calendars["YY"].Rules.Single(rule => rule.Name == "Fair").Scope;
        Assert.Equal(("XX", "A B", "7"), (fair.Country, string.Join(' ', fair.Regions), string.Join(' ', fair.Municipalities)));
    }

    [Theory]
    [InlineData("  YY: {extends: XX, days: [{name: Union, fixed: \"07-12\"}]}", "No calendar 'XX' is there yet")]
    [InlineData("  YY: {without: [May], days: [{name: Union, fixed: \"07-12\"}]}", "No day is named 'May'")]
    [InlineData("  YY: {days: []}", "must list days")]
    public void A_calendar_that_fits_no_other_is_refused(string calendar, string message) =>
        Assert.Contains(Problems(calendar), problem => problem.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void A_decree_closes_a_day_where_it_says_and_in_calendars_that_extend_the_one_named()
    {
        var library = Read("""
              XX: {country: XX, days: [{name: New Year, fixed: "01-01"}]}
              YY: {extends: XX, days: [{name: Union, fixed: "07-12"}]}
            packs:
              - {id: YY, applies: {country: XX}, rules: [{id: YY.hours, type: window, week: {all: "07:00-19:00"}, closed_on: YY, source: s}]}
            """);
        var decree = new ClosedDate("XX", new LocalDate(2026, 11, 18), "Mourning") { Region = "A", Municipality = "7" };
        var window = Assert.IsType<Domain.Packs.Rule.Window>(library.Compile(closedDates: [decree]).Packs.Single().Rules.Single());
        var calendar = window.ClosedOn!;
        Assert.True(calendar.In([Place("XX", "A", "7")]).IsClosed(decree.Date));
        Assert.True(calendar.In([Place("XX", "", "")]).IsClosed(decree.Date));
        Assert.False(calendar.In([Place("XX", "A", "8")]).IsClosed(decree.Date));
        Assert.False(calendar.In([Place("XX", "B", "")]).IsClosed(decree.Date));
        Assert.Equal(["New Year", "Union", "Mourning"], calendar.DaysOf(2026).Select(day => day.Name));
    }

    private static ZoneCandidate Place(string country, string region, string municipality) => new(DateTimeZone.Utc, country, region, municipality, "said so");

    private static PackLibrary Read(string calendars)
    {
        var isRead = PackLibrary.TryLoad([new PackText("0/pack.yaml", "schema: 2\ncalendars:\n" + calendars)], out var library, out var problems);
        Assert.True(isRead, string.Join('\n', problems));
        return library;
    }

    private static System.Collections.Immutable.ImmutableArray<PackProblem> Problems(string calendars)
    {
        PackLibrary.TryLoad([new PackText("0/pack.yaml", "schema: 2\ncalendars:\n" + calendars)], out _, out var problems);
        return problems;
    }
}
