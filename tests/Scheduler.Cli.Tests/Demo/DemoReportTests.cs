using System.Collections.Immutable;
using System.Text.Json;
using Scheduler.Cli.Demo;
using Scheduler.Cli.Portfolios;
using Spectre.Console;

namespace Scheduler.Cli.Tests.Demo;

/// <summary>The report as people and machines read it, and the portfolio it is about.</summary>
public sealed class DemoReportTests
{
    private static readonly DemoReport Report = new()
    {
        Seed = 7,
        FirstInstant = "2026-10-29T05:00:00Z",
        LastInstant = "2026-11-08T05:00:00Z",
        Debtors = 3,
        Accounts = 4,
        Lifecycles = 5,
        Leases = 6,
        NotPlaced = 1,
        Receipts = 2,
        AttemptsByChannelAndHour = ImmutableSortedDictionary<string, ImmutableArray<int>>.Empty.Add("sms", [.. Enumerable.Range(0, 24).Select(hour => hour == 9 ? 5 : 0)]),
        AttemptsByDate = ImmutableSortedDictionary<string, int>.Empty.Add("2026-10-29", 5),
        RefusalsByRule = ImmutableSortedDictionary<string, int>.Empty.Add("CO.hours", 2),
        WaitingByReason = ImmutableSortedDictionary<string, int>.Empty.Add("waiting CO.week_rolling", 1),
        StepsPassedByReason = ImmutableSortedDictionary<string, int>.Empty,
        RightPartyContacts = 1,
        Promises = 1,
        Payments = 1,
        ConsentsWithdrawn = 0,
        HoldsPlaced = 0,
        LeasesRevoked = 0,
        DebtorsByState = ImmutableSortedDictionary<string, long>.Empty,
        ConservationDifference = 0,
        Events = 40,
        Violations = 0,
        ViolationDetails = [],
        Explained = [new("d-1", "on hold", [new("sms", "mobile", "forbidden (hold.dispute)", ["hold.dispute: the debt is disputed"])])],
        ElapsedSeconds = 12.3,
    };

    [Theory]
    [InlineData("3 debtors, 4 accounts, 2026-10-29T05:00:00Z to 2026-11-08T05:00:00Z, seed 7")]
    [InlineData("channel 09 all")]
    [InlineData("sms 5 5")]
    [InlineData("2026-10-29 5")]
    [InlineData("CO.hours 2")]
    [InlineData("waiting CO.week_rolling 1")]
    [InlineData("violations found by the checker 0")]
    [InlineData("Why d-1 (on hold)")]
    [InlineData("sms mobile forbidden (hold.dispute) hold.dispute: the debt is disputed")]
    [InlineData("12.3 s")]
    public void The_page_holds_a_line(string line)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 160;
        ReportPage.Write(console, Report);
        var lines = writer.ToString().Split('\n').Select(text => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        Assert.Contains(line, lines);
    }

    [Fact]
    public void The_same_report_is_the_same_JSON_and_its_fields_are_in_snake_case()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        Assert.Equal(Report.ToJson(), (Report with { }).ToJson());
        Assert.Equal(5, json.RootElement.GetProperty("lifecycles").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("violations").GetInt64());
        Assert.Equal(12.3, json.RootElement.GetProperty("elapsed_seconds").GetDouble());
        Assert.All(json.RootElement.EnumerateObject(), field => Assert.Matches("^[a-z_]+$", field.Name));
    }

    [Fact]
    public void The_portfolio_owes_exactly_the_accounts_asked_for_in_two_countries()
    {
        var entries = new PortfolioGenerator(1, DemoPlan.FirstDay).Generate(5_000).ToList();
        Assert.Equal(5_000, entries.Sum(entry => entry.Accounts.Count));
        Assert.Equal(["CO", "US"], entries.Select(entry => entry.Profile.Locations[0].CountryCode).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(6, entries.Select(entry => entry.Profile.Locations[0].ZoneId).Distinct().Count());
        Assert.InRange(entries.Count(entry => entry.Consents.Count == 0) / (double)entries.Count, 0.05, 0.09);
        Assert.InRange(new PortfolioGenerator(1, DemoPlan.FirstDay).Holds(entries).Count() / (double)entries.Count, 0.02, 0.06);
    }

    [Fact]
    public void The_first_debtors_of_a_portfolio_are_those_of_a_larger_one() =>
        Assert.Equal(new PortfolioGenerator(3, DemoPlan.FirstDay).Generate(50).Take(40), new PortfolioGenerator(3, DemoPlan.FirstDay).Generate(500).Take(40));
}
