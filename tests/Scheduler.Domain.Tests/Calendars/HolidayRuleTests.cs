using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Tests.Calendars;

/// <summary>What each kind of day closes, by itself.</summary>
public sealed class HolidayRuleTests
{
    private static readonly ImmutableDictionary<IsoDayOfWeek, int> ToMonday =
        Moves((IsoDayOfWeek.Tuesday, -1), (IsoDayOfWeek.Wednesday, -2), (IsoDayOfWeek.Thursday, -3), (IsoDayOfWeek.Friday, 3));

    [Theory]
    [InlineData(2024, "2024-06-29")]
    [InlineData(2025, "2025-06-29")]
    [InlineData(2026, "2026-06-29")]
    [InlineData(2021, "2021-06-28")]
    [InlineData(2022, "2022-06-27")]
    [InlineData(2023, "2023-06-26")]
    [InlineData(2029, "2029-07-02")]
    public void A_day_moves_by_the_weekday_on_which_it_falls(int year, string date) =>
        Assert.Equal([date], Written(new HolidayRule.Fixed(6, 29) { Name = "n", Moves = ToMonday }, year));

    [Fact]
    public void A_day_may_stay_closed_where_it_was_named_as_well() =>
        Assert.Equal(["2025-10-10", "2025-10-09"], Written(new HolidayRule.Fixed(10, 9) { Name = "n", Moves = Moves((IsoDayOfWeek.Thursday, 1)), KeepsNamedDay = true }, 2025));

    [Fact]
    public void A_day_that_does_not_move_is_closed_once() =>
        Assert.Equal(["2026-10-09"], Written(new HolidayRule.Fixed(10, 9) { Name = "n", Moves = Moves((IsoDayOfWeek.Thursday, 1)), KeepsNamedDay = true }, 2026));

    [Theory]
    [InlineData(2023, "2023-01-02")]
    [InlineData(2024, "")]
    public void A_day_may_be_a_holiday_on_some_weekdays_only(int year, string dates) =>
        Assert.Equal(dates, string.Join(' ', Written(new HolidayRule.Fixed(1, 2) { Name = "n", OnlyOn = [IsoDayOfWeek.Monday] }, year)));

    [Theory]
    [InlineData(2018, "")]
    [InlineData(2024, "2024-10-01")]
    [InlineData(2029, "")]
    [InlineData(2030, "2030-10-01")]
    public void A_day_may_come_every_few_years(int year, string dates) =>
        Assert.Equal(dates, string.Join(' ', Written(new HolidayRule.Fixed(10, 1) { Name = "n", EveryYears = 6, FirstYear = 2024 }, year)));

    [Fact]
    public void Beyond_the_dates_that_are_known_every_possible_one_is_closed()
    {
        var rule = new HolidayRule.Listed([new LocalDate(2026, 6, 21)], [new AnnualDate(6, 20), new AnnualDate(6, 21)]) { Name = "n" };
        Assert.Equal(["2026-06-21"], Written(rule, 2026));
        Assert.Equal(["2027-06-20", "2027-06-21"], Written(rule, 2027));
    }

    [Fact]
    public void Validity_is_asked_of_the_day_that_is_closed()
    {
        var rule = new HolidayRule.Fixed(1, 1) { Name = "n", Moves = Moves((IsoDayOfWeek.Saturday, -1)), KeepsNamedDay = true, ValidFrom = new LocalDate(2028, 1, 1) };
        Assert.Equal(["2028-01-01"], Written(rule, 2028));
    }

    [Fact]
    public void A_day_moved_past_New_Year_is_closed_in_the_other_year()
    {
        var calendar = new HolidayCalendar("XX", [new HolidayRule.Fixed(1, 1) { Name = "New Year", Moves = Moves((IsoDayOfWeek.Saturday, -1)), KeepsNamedDay = true }]);
        Assert.True(calendar.IsClosed(new LocalDate(2027, 12, 31)));
        Assert.Equal("New Year", calendar.NameOf(new LocalDate(2027, 12, 31)));
        Assert.Equal([new LocalDate(2027, 1, 1), new LocalDate(2027, 12, 31)], calendar.DaysOf(2027).Select(day => day.Date));
        Assert.Equal([new LocalDate(2028, 1, 1)], calendar.DaysOf(2028).Select(day => day.Date));
        // The last and first years that are laid out, and those beyond them.
        Assert.True(calendar.IsClosed(new LocalDate(2100, 12, 31)) == (new LocalDate(2101, 1, 1).DayOfWeek == IsoDayOfWeek.Saturday));
        Assert.True(calendar.IsClosed(new LocalDate(2110, 12, 31)) == (new LocalDate(2111, 1, 1).DayOfWeek == IsoDayOfWeek.Saturday));
    }

    [Theory]
    [InlineData("XX", "A", "1", "region municipality country")]
    [InlineData("XX", "A", "2", "region country")]
    [InlineData("XX", "B", "1", "country")]
    [InlineData("XX", "A", "", "region municipality country")]
    [InlineData("XX", "", "", "region municipality country")]
    [InlineData("", "", "", "region municipality country")]
    [InlineData("YY", "A", "1", "")]
    public void A_regional_day_binds_whoever_may_be_there(string country, string region, string municipality, string names)
    {
        var calendar = new HolidayCalendar("XX",
        [
            Day("region", new HolidayScope("XX", ["A"], [])),
            Day("municipality", new HolidayScope("XX", ["A"], ["1"])),
            Day("country", new HolidayScope("XX", [], [])),
        ]);
        var place = new ZoneCandidate(DateTimeZone.Utc, country, region, municipality, "said so");
        var narrowed = calendar.In([place]);
        Assert.Equal(names, string.Join(' ', narrowed.Rules.Select(rule => rule.Name)));
        Assert.Equal(names.Length > 0, narrowed.IsClosed(new LocalDate(2026, 7, 9)));
        Assert.Same(calendar, calendar.In([]));
    }

    private static HolidayRule.Fixed Day(string name, HolidayScope scope) => new(7, 9) { Name = name, Scope = scope };

    private static string[] Written(HolidayRule rule, int year) => [.. rule.In(year).Select(date => date.ToString("uuuu'-'MM'-'dd", null))];

    private static ImmutableDictionary<IsoDayOfWeek, int> Moves(params (IsoDayOfWeek Day, int Days)[] moves) => moves.ToImmutableDictionary(move => move.Day, move => move.Days);
}
