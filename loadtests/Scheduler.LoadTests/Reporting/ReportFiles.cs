using System.Globalization;
using System.Text.Json;

namespace Scheduler.LoadTests.Reporting;

/// <summary>Puts a report where it was asked for.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>report.html and report.json.</summary>
    public static async Task WriteAsync(string folder, LoadReport report)
    {
        var place = Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "report.html"), ReportPage.Write(report));
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "report.json"), JsonSerializer.Serialize(report, Json));
    }

    /// <summary>A result of record: the page, the figures, and text for people.</summary>
    public static async Task RecordAsync(LoadReport report)
    {
        var folder = Directory.CreateDirectory(Path.Combine("loadtests", "results"));
        var mark = report.OfferedRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"-{rate}") : "";
        var name = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{report.Scenario}-{report.Store}{mark}-{report.Began:yyyy-MM-dd}"));
        await File.WriteAllTextAsync($"{name}.html", ReportPage.Write(report));
        await File.WriteAllTextAsync($"{name}.json", JsonSerializer.Serialize(report, Json));
        await File.WriteAllTextAsync($"{name}.md", $"# Load: {report.Scenario} on {report.Store}\n\n{ReportText.Write(report)}");
    }
}
