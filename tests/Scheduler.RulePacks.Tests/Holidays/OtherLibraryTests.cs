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
    private const int FirstYear = 2020;
    private const int LastYear = 2035;
    private const string Install = "apt-get install -y nodejs npm";

    private const string EasterSundays =
        "2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01"
        + " 2030-04-21 2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25";

    /// <summary>The side that has the day, the country or region, the days, and the reason.</summary>
    private static readonly (string Side, string Place, string Days, string Why)[] Differences =
    [
        ("theirs", "CL", EasterSundays, "Easter Sunday, closed here as every Sunday"),
        ("theirs", "CO", EasterSundays, "Easter Sunday, closed here as every Sunday"),
        ("theirs", "PE", EasterSundays, "Easter Sunday, closed here as every Sunday"),
        (
            "ours", "AR",
            "2020-04-09 2021-04-01 2022-04-14 2023-04-06 2024-03-28 2025-04-17 2027-03-25 2028-04-13 2029-03-29 2030-04-18"
            + " 2031-04-10 2032-03-25 2033-04-14 2034-04-06 2035-03-22",
            "Holy Thursday is no working day; theirs has it as a day of banks"),
        ("ours", "AR", "2026-03-23 2026-07-10 2026-12-07", "three days closed for tourism, which theirs has as optional"),
        ("ours", "AR", "2022-06-17 2033-06-17", "17 June stays where it is a Friday"),
        ("ours", "AR", "2020-04-02", "2 April never moves by law"),
        ("theirs", "AR", "2020-03-31", "it was moved by decree in that year"),
        (
            "theirs", "AR",
            "2020-03-23 2020-07-10 2020-12-07 2021-05-24 2021-10-08 2021-11-22 2022-05-18 2022-10-07 2022-11-21 2022-12-09"
            + " 2022-12-20 2023-05-26 2023-06-19 2023-10-13 2024-04-01 2024-06-21 2024-10-11",
            "days closed by decree in years that are over: for tourism, a census, a triumph at football"),
        (
            "ours", "BR",
            "2020-02-24 2020-02-25 2020-06-11 2021-02-15 2021-02-16 2021-06-03 2022-02-28 2022-03-01 2022-06-16 2023-02-20"
            + " 2023-02-21 2023-06-08 2024-02-12 2024-02-13 2024-05-30 2025-03-03 2025-03-04 2025-06-19 2026-02-16 2026-02-17"
            + " 2026-06-04 2027-02-08 2027-02-09 2027-05-27 2028-02-28 2028-02-29 2028-06-15 2029-02-12 2029-02-13 2029-05-31"
            + " 2030-03-04 2030-03-05 2030-06-20 2031-02-24 2031-02-25 2031-06-12 2032-02-09 2032-02-10 2032-05-27 2033-02-28"
            + " 2033-03-01 2033-06-16 2034-02-20 2034-02-21 2034-06-08 2035-02-05 2035-02-06 2035-05-24",
            "Carnival and Corpus Christi, facultative in law and closed here"),
        (
            "theirs", "BR",
            "2020-10-04 2020-10-25 2022-10-02 2022-10-30 2024-10-06 2024-10-27 2026-10-04 2026-10-25 2028-10-01 2028-10-29"
            + " 2030-10-06 2030-10-27 2032-10-03 2032-10-31 2034-10-01 2034-10-29",
            "Sundays of elections"),
        (
            "ours", "CL",
            "2020-04-11 2021-04-03 2022-04-16 2023-04-08 2024-03-30 2025-04-19 2026-04-04 2027-03-27 2028-04-15 2029-03-31"
            + " 2030-04-20 2031-04-12 2032-03-27 2033-04-16 2034-04-08 2035-03-24",
            "Holy Saturday, a holiday that theirs lacks"),
        (
            "theirs", "CR",
            "2020-08-02 2021-08-02 2022-08-02 2023-08-02 2024-08-02 2025-08-02 2026-08-02 2027-08-02 2028-08-02 2029-08-02"
            + " 2030-08-02 2031-08-02 2032-08-02 2033-08-02 2034-08-02 2035-08-02",
            "2 August need not be paid: not closed"),
        (
            "theirs", "CR",
            "2020-10-09 2021-10-12 2022-10-12 2023-10-12 2024-10-12 2025-10-12 2026-10-09 2027-10-12 2028-10-12 2029-10-12"
            + " 2030-10-12 2031-10-12 2032-10-12 2033-10-12 2034-10-12 2035-10-12",
            "12 October, which Costa Rica gave up in 2020"),
        ("ours", "GB-SCT", "2026-06-15", "proclaimed for the World Cup, which theirs lacks"),
        ("ours", "IE", "2022-03-18", "a day of remembrance, once, which theirs lacks"),
        ("ours", "MX", "2024-10-01 2030-10-01", "a president takes office on 1 October since the reform of 2014"),
        ("theirs", "MX", "2024-12-01 2030-12-01", "and not on 1 December any more"),
        ("ours", "PA", "2029-07-02", "the Monday after 1 July 2029, a Sunday"),
    ];

    [Fact]
    public async Task Another_library_knows_the_same_holidays_but_for_those_listed()
    {
        var folder = Path.Combine(Root(), "tests", "Scheduler.RulePacks.Tests", "date-holidays");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "date-holidays"))) await RunAsync("npm", folder, "ci", "--no-audit", "--no-fund");
        var places = new[] { "AR", "BR", "CL", "CO", "CR", "GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS", "IE", "MX", "PA", "PE" };
        var output = await RunAsync("node", folder, "holidays.js", string.Join(',', places), $"{FirstYear}", $"{LastYear}");
        var theirs = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ')[..2])).ToHashSet();
        var ours = places.SelectMany(place => ClosedIn(place).Select(date => $"{place} {date:uuuu-MM-dd}")).ToHashSet();
        var found = theirs.Except(ours).Select(day => $"theirs {day}").Concat(ours.Except(theirs).Select(day => $"ours {day}"));
        Assert.Equal(string.Join("\n", Listed().Order(StringComparer.Ordinal)), string.Join("\n", found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_difference_has_a_reason() => Assert.All(Differences, difference => Assert.NotEmpty(difference.Why));

    private static IEnumerable<LocalDate> ClosedIn(string place) =>
        place.Length == 2 ? National.ClosedIn(place, FirstYear, LastYear) : National.ClosedIn(place[..2], FirstYear, LastYear, place[3..]);

    private static IEnumerable<string> Listed() =>
        from difference in Differences
        from day in difference.Days.Split(' ')
        select $"{difference.Side} {difference.Place} {day}";

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
