using System.Diagnostics;
using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Tests.Holidays;

/// <summary>
/// The calendars against npm's date-holidays, where that library is known to be right. Every difference is listed with its reason: one
/// that is not listed fails, and so does one that is gone.
/// </summary>
public sealed class OtherLibraryTests
{
    private const int FirstYear = 2025;
    private const int LastYear = 2032;
    private const string Install = "apt-get install -y nodejs npm";

    private const string EasterSundays = "2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28";

    /// <summary>The side that has the day, the country, the days, and the reason.</summary>
    private static readonly (string Side, string Country, string Days, string Why)[] Differences =
    [
        ("theirs", "CL", EasterSundays, "Easter Sunday, closed here as every Sunday"),
        ("theirs", "CO", EasterSundays, "Easter Sunday, closed here as every Sunday"),
        ("theirs", "PE", EasterSundays, "Easter Sunday, closed here as every Sunday"),
        ("ours", "AR", "2025-04-17 2027-03-25 2028-04-13 2029-03-29 2030-04-18 2031-04-10 2032-03-25", "Holy Thursday is no working day; theirs has it as a day of banks"),
        ("ours", "AR", "2026-03-23 2026-07-10 2026-12-07", "three days closed for tourism, which theirs has as optional"),
        (
            "ours", "BR",
            "2025-03-03 2025-03-04 2025-06-19 2026-02-16 2026-02-17 2026-06-04 2027-02-08 2027-02-09 2027-05-27 2028-02-28 2028-02-29 2028-06-15 "
            + "2029-02-12 2029-02-13 2029-05-31 2030-03-04 2030-03-05 2030-06-20 2031-02-24 2031-02-25 2031-06-12 2032-02-09 2032-02-10 2032-05-27",
            "Carnival and Corpus Christi, facultative in law and closed here"),
        ("theirs", "BR", "2026-10-04 2026-10-25 2028-10-01 2028-10-29 2030-10-06 2030-10-27 2032-10-03 2032-10-31", "Sundays of elections"),
        ("ours", "CL", "2025-04-19 2026-04-04 2027-03-27 2028-04-15 2029-03-31 2030-04-20 2031-04-12 2032-03-27", "Holy Saturday, a holiday that theirs lacks"),
        ("ours", "MX", "2030-10-01", "a president takes office on 1 October since the reform of 2014"),
        ("theirs", "MX", "2030-12-01", "and not on 1 December any more"),
        ("ours", "PA", "2029-07-02", "the Monday after 1 July 2029, a Sunday"),
    ];

    [Fact]
    public async Task Another_library_knows_the_same_holidays_but_for_those_listed()
    {
        var folder = Path.Combine(Root(), "tests", "Scheduler.RulePacks.Tests", "date-holidays");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "date-holidays"))) await RunAsync("npm", folder, "ci", "--no-audit", "--no-fund");
        var countries = new[] { "AR", "BR", "CL", "CO", "IE", "MX", "PA", "PE" };
        var output = await RunAsync("node", folder, "holidays.js", string.Join(',', countries), $"{FirstYear}", $"{LastYear}");
        var theirs = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..13]).ToHashSet();
        var ours = countries.SelectMany(country => National.ClosedIn(country, FirstYear, LastYear).Select(date => $"{country} {date:uuuu-MM-dd}")).ToHashSet();
        var found = theirs.Except(ours).Select(day => $"theirs {day}").Concat(ours.Except(theirs).Select(day => $"ours {day}"));
        Assert.Equal(string.Join("\n", Listed().Order(StringComparer.Ordinal)), string.Join("\n", found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_difference_has_a_reason() => Assert.All(Differences, difference => Assert.NotEmpty(difference.Why));

    private static IEnumerable<string> Listed() =>
        from difference in Differences
        from day in difference.Days.Split(' ')
        select $"{difference.Side} {difference.Country} {day}";

    private static async Task<string> RunAsync(string tool, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Start(start);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        return output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"{start.FileName} is missing: {Install}");
            throw;
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scheduler.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
