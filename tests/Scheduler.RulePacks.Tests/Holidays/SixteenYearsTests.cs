using NodaTime;

namespace Scheduler.RulePacks.Tests.Holidays;

/// <summary>Sixteen years of every calendar against a slow and obvious reading of the laws.</summary>
public sealed class SixteenYearsTests
{
    [Theory]
    [InlineData("AR")]
    [InlineData("BR")]
    [InlineData("CL")]
    [InlineData("CR")]
    [InlineData("EC")]
    [InlineData("ES")]
    [InlineData("GT")]
    [InlineData("IE")]
    [InlineData("MX")]
    [InlineData("PA")]
    [InlineData("PE")]
    public void Closed_days_are_those_of_a_slow_reading_of_the_law(string country)
    {
        for (var year = 2020; year <= 2035; year++)
        {
            Assert.Equal(SlowHolidays.Of(country, year).Distinct().Order(), National.ClosedIn(country, year, year));
        }
    }

    [Theory]
    [InlineData("ENG")]
    [InlineData("NIR")]
    [InlineData("SCT")]
    [InlineData("WLS")]
    public void Closed_days_of_a_nation_are_those_of_a_slow_reading_of_the_law(string nation)
    {
        for (var year = 2020; year <= 2035; year++)
        {
            Assert.Equal(SlowHolidays.Of($"GB-{nation}", year).Distinct().Order(), National.ClosedIn("GB", year, year, nation));
        }
    }

    [Fact]
    public void Solstices_are_listed_as_far_as_they_are_sure_and_both_days_closed_beyond()
    {
        for (var year = 2022; year <= 2060; year++)
        {
            var closed = new[] { 20, 21 }.Where(day => National.Of("CL").IsClosed(new LocalDate(year, 6, day))).ToArray();
            var local = (Solstice.June(year) - Duration.FromHours(4)).InUtc();
            if (year <= 2045) Assert.Equal([local.Day], closed);
            else Assert.Contains(local.Day, closed);
            if (year > 2045) Assert.Equal(2, closed.Length);
            if (year <= 2045) Assert.InRange(local.TimeOfDay, LocalTime.FromMinutesSinceMidnight(20), LocalTime.FromMinutesSinceMidnight((24 * 60) - 20));
        }
    }

    [Theory]
    [InlineData("CL", "AP", "-", "06-07")]
    [InlineData("CL", "NB", "16101", "08-20")]
    [InlineData("CL", "NB", "16103", "08-20")]
    [InlineData("CL", "NB", "16102", "")]
    [InlineData("BR", "SP", "-", "07-09")]
    [InlineData("BR", "SP", "3550308", "01-25 07-09")]
    [InlineData("BR", "RJ", "-", "04-23")]
    [InlineData("BR", "RJ", "3304557", "01-20 04-23")]
    [InlineData("BR", "ES", "-", "04-13")]
    [InlineData("BR", "ES", "3205309", "04-13 09-08")]
    [InlineData("BR", "AM", "-", "09-05")]
    [InlineData("BR", "AM", "1302603", "09-05 10-24")]
    [InlineData("BR", "AL", "-", "06-24 06-29 09-16")]
    [InlineData("BR", "AL", "2704302", "06-24 06-29 08-27 09-16")]
    [InlineData("BR", "MG", "-", "")]
    [InlineData("ES", "AN", "-", "02-28 04-02")]
    [InlineData("ES", "AR", "-", "04-02 04-23")]
    [InlineData("ES", "AS", "-", "04-02 09-08")]
    [InlineData("ES", "CB", "-", "04-02 07-28 09-15")]
    [InlineData("ES", "CE", "-", "04-02 08-05 09-02")]
    [InlineData("ES", "CL", "-", "04-02 04-23")]
    [InlineData("ES", "CM", "-", "04-02 05-31 06-01 06-04")]
    [InlineData("ES", "CN", "-", "04-02 05-30")]
    [InlineData("ES", "CT", "-", "04-06 06-24 09-11 12-26")]
    [InlineData("ES", "EX", "-", "04-02 09-08")]
    [InlineData("ES", "GA", "-", "03-19 04-02 05-17 05-18 07-25")]
    [InlineData("ES", "IB", "-", "03-01 03-02 04-02 04-06")]
    [InlineData("ES", "MC", "-", "03-19 04-02 06-09")]
    [InlineData("ES", "MD", "-", "04-02 05-02")]
    [InlineData("ES", "ML", "-", "04-02 09-08 09-17")]
    [InlineData("ES", "NC", "-", "03-19 04-02 04-06 07-25 12-03")]
    [InlineData("ES", "PV", "-", "03-19 04-02 04-06 07-25")]
    [InlineData("ES", "RI", "-", "04-02 04-06 06-09")]
    [InlineData("ES", "VC", "-", "03-19 04-06 06-24 10-09")]
    public void A_region_adds_its_own_days_of_2026(string country, string region, string municipality, string days) =>
        Assert.Equal(days, string.Join(' ', National.Of(country, region, municipality).DaysOf(2026).Select(day => day.Date).Except(National.ClosedIn(country, 2026, 2026)).Select(date => date.ToString("MM'-'dd", null))));

    [Fact]
    public void Every_region_that_a_calendar_names_is_a_region_of_the_country()
    {
        var library = PackLibrary.LoadShipped();
        var known = library.Zones.Regions.Select(region => (region.Country, region.Region)).ToHashSet();
        var named = library.Calendars.Values.SelectMany(calendar => calendar.Rules).SelectMany(rule => rule.Scope.Regions.Select(region => (rule.Scope.Country, Region: region)))
            .Where(one => one.Country is "BR" or "CL" or "ES" or "GB").Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, one => Assert.Contains((one.Country, one.Region), known));
    }
}
