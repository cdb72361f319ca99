using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Calendars;

public sealed class ColombianHolidaysTests
{
    private static readonly HolidayCalendar Colombia = Situation.Library.Calendars["CO"];

    [Theory]
    [InlineData(2025, "01-01 01-06 03-24 04-17 04-18 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25")]
    [InlineData(2026, "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-13 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25")]
    [InlineData(2027, "01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-12 07-20 08-07 08-16 10-18 11-01 11-15 12-08 12-25")]
    [InlineData(2028, "01-01 01-10 03-20 04-13 04-14 05-01 05-29 06-19 06-26 07-03 07-10 07-20 08-07 08-21 10-16 11-06 11-13 12-08 12-25")]
    public void Closed_days_of_a_year_are_the_published_ones(int year, string days) =>
        Assert.Equal(days.Split(' '), ClosedIn(year).Select(date => date.ToString("MM'-'dd", null)));

    [Fact]
    public void Sixteen_years_agree_with_a_slow_and_obvious_computation()
    {
        for (var year = 2020; year <= 2035; year++) Assert.Equal(Slowly(year), ClosedIn(year).ToHashSet());
    }

    [Fact]
    public void Two_holidays_on_one_day_are_one_closed_day_with_both_names() =>
        Assert.Equal("Sagrado Corazón and San Pedro y San Pablo", Colombia.NameOf(new LocalDate(2025, 6, 30)));

    [Fact]
    public void A_decree_closes_one_more_day_and_no_other()
    {
        var added = Colombia.With([new HolidayRule.Once(new LocalDate(2026, 11, 18)) { Name = "Duelo" }]);
        Assert.True(added.IsClosed(new LocalDate(2026, 11, 18)));
        Assert.False(added.IsClosed(new LocalDate(2026, 11, 19)));
        Assert.False(Colombia.IsClosed(new LocalDate(2026, 11, 18)));
    }

    [Fact]
    public void Years_outside_the_table_are_computed()
    {
        Assert.True(Colombia.IsClosed(new LocalDate(2150, 12, 25)));
        Assert.False(Colombia.IsClosed(new LocalDate(2150, 12, 24)));
    }

    [Theory]
    [InlineData(1818, "03-22")]
    [InlineData(1943, "04-25")]
    [InlineData(2025, "04-20")]
    [InlineData(2026, "04-05")]
    [InlineData(2027, "03-28")]
    [InlineData(2028, "04-16")]
    public void Easter_falls_where_it_is_known_to_fall(int year, string day) => Assert.Equal(day, EasterSunday.Of(year).ToString("MM'-'dd", null));

    [Fact]
    public void Weekdays_of_a_month_are_counted_from_either_end()
    {
        Assert.Equal([new LocalDate(2026, 1, 19)], new HolidayRule.NthWeekday(3, IsoDayOfWeek.Monday, 1) { Name = "n" }.In(2026));
        Assert.Equal([new LocalDate(2026, 5, 25)], new HolidayRule.NthWeekday(-1, IsoDayOfWeek.Monday, 5) { Name = "n" }.In(2026));
        Assert.Equal([new LocalDate(2026, 6, 1)], new HolidayRule.NthWeekday(1, IsoDayOfWeek.Monday, 6) { Name = "n" }.In(2026));
        Assert.Empty(new HolidayRule.NthWeekday(5, IsoDayOfWeek.Monday, 2) { Name = "n" }.In(2026));
    }

    private static IEnumerable<LocalDate> ClosedIn(int year) => DaysOf(year).Where(Colombia.IsClosed);

    private static IEnumerable<LocalDate> DaysOf(int year) => Enumerable.Range(0, 366).Select(day => new LocalDate(year, 1, 1).PlusDays(day)).Where(date => date.Year == year);

    /// <summary>The law read aloud: Easter by the tables of golden number and epact, days moved by walking to the next Monday.</summary>
    private static HashSet<LocalDate> Slowly(int year)
    {
        var days = new HashSet<LocalDate>();
        foreach (var (month, day) in new[] { (1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25) }) days.Add(new LocalDate(year, month, day));
        foreach (var (month, day) in new[] { (1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11) }) days.Add(Monday(new LocalDate(year, month, day)));
        if (year >= 2026) days.Add(Monday(new LocalDate(year, 7, 9)));
        var easter = FullMoonEaster(year);
        days.Add(easter.PlusDays(-3));
        days.Add(easter.PlusDays(-2));
        foreach (var after in new[] { 39, 60, 68 }) days.Add(Monday(easter.PlusDays(after)));
        return days;
    }

    private static LocalDate Monday(LocalDate date)
    {
        while (date.DayOfWeek != IsoDayOfWeek.Monday) date = date.PlusDays(1);
        return date;
    }

    /// <summary>Sunday after the paschal full moon, of the table of full moons by golden number for 1900 to 2199.</summary>
    private static LocalDate FullMoonEaster(int year)
    {
        int[] moons = [414, 403, 323, 411, 331, 418, 408, 328, 416, 405, 325, 413, 402, 322, 410, 330, 417, 407, 327];
        var moon = moons[year % 19];
        var sunday = new LocalDate(year, moon / 100, moon % 100).PlusDays(1);
        while (sunday.DayOfWeek != IsoDayOfWeek.Sunday) sunday = sunday.PlusDays(1);
        return sunday;
    }
}
