namespace Scheduler.RulePacks.Tests.Holidays;

/// <summary>The closed days of a country as they are published, year by year.</summary>
public sealed class PublishedHolidaysTests
{
    [Theory]
    [InlineData("PE", 2025, "01-01 04-17 04-18 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25")]
    [InlineData("PE", 2026, "01-01 04-02 04-03 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25")]
    [InlineData("PE", 2027, "01-01 03-25 03-26 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25")]
    [InlineData("PE", 2028, "01-01 04-13 04-14 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25")]
    [InlineData("MX", 2025, "01-01 02-03 03-17 05-01 09-16 11-17 12-25")]
    [InlineData("MX", 2026, "01-01 02-02 03-16 05-01 09-16 11-16 12-25")]
    [InlineData("MX", 2027, "01-01 02-01 03-15 05-01 09-16 11-15 12-25")]
    [InlineData("MX", 2028, "01-01 02-07 03-20 05-01 09-16 11-20 12-25")]
    [InlineData("CL", 2025, "01-01 04-18 04-19 05-01 05-21 06-20 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 12-08 12-25")]
    [InlineData("CL", 2026, "01-01 04-03 04-04 05-01 05-21 06-21 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 12-08 12-25")]
    [InlineData("CL", 2027, "01-01 03-26 03-27 05-01 05-21 06-21 06-28 07-16 08-15 09-17 09-18 09-19 10-11 10-31 11-01 12-08 12-25")]
    [InlineData("CL", 2028, "01-01 04-14 04-15 05-01 05-21 06-20 06-26 07-16 08-15 09-18 09-19 10-09 10-27 11-01 12-08 12-25")]
    [InlineData("EC", 2025, "01-01 03-03 03-04 04-18 05-01 05-02 05-23 05-24 08-10 08-11 10-09 10-10 11-02 11-03 11-04 12-25")]
    [InlineData("EC", 2026, "01-01 02-16 02-17 04-03 05-01 05-24 05-25 08-10 10-09 11-02 11-03 12-25")]
    [InlineData("EC", 2027, "01-01 02-08 02-09 03-26 04-30 05-01 05-24 08-09 08-10 10-08 10-09 11-01 11-02 11-03 12-24 12-25 12-31")]
    [InlineData("EC", 2028, "01-01 02-28 02-29 04-14 05-01 05-24 05-26 08-10 08-11 10-09 11-02 11-03 12-25")]
    [InlineData("PA", 2026, "01-01 01-09 02-17 04-03 05-01 11-03 11-05 11-10 11-28 12-08 12-20 12-21 12-25")]
    [InlineData("PA", 2027, "01-01 01-09 02-09 03-26 05-01 11-03 11-05 11-10 11-28 11-29 12-08 12-20 12-25")]
    [InlineData("CR", 2026, "01-01 04-02 04-03 04-11 05-01 07-25 08-15 09-15 12-25")]
    [InlineData("CR", 2027, "01-01 03-25 03-26 04-11 05-01 07-25 08-15 09-15 12-25")]
    public void Closed_days_of_a_year_are_the_published_ones(string country, int year, string days) =>
        Assert.Equal(days, string.Join(' ', National.ClosedIn(country, year, year).Select(date => date.ToString("MM'-'dd", null))));

    [Fact]
    public void Days_of_a_year_are_listed_with_their_names()
    {
        var days = National.Of("EC").DaysOf(2027).ToList();
        Assert.Equal(National.ClosedIn("EC", 2027, 2027), days.Select(day => day.Date).Distinct());
        Assert.Equal(["Año Nuevo", "Año Nuevo"], days.Where(day => day.Name == "Año Nuevo").Select(day => day.Name));
    }
}
