using System.Diagnostics;
using System.Text.Json;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The load runner itself, on a little load: what it offers comes out, once, and its checker finds nothing. Speed is not asserted.</summary>
public sealed class LoadRunnerTests
{
    [Fact]
    public async Task A_steady_load_comes_out_whole_and_its_log_breaks_no_rule()
    {
        using var report = await RunAsync("steady", "--rate", "100", "--seconds", "4", "--lead", "1");
        var root = report.RootElement;
        Assert.Equal(400, root.GetProperty("lifecycles").GetInt64());
        Assert.Equal(400, Figure(root, "offered"));
        var check = root.GetProperty("check");
        Assert.Equal(0, check.GetProperty("violations").GetInt64());
        Assert.True(check.GetProperty("debtors").GetInt64() >= 400, "the checker saw fewer debtors than were offered");
        Assert.Contains(root.GetProperty("operations").EnumerateArray(), o => o.GetProperty("operation").GetString() == "release lateness load" && o.GetProperty("items").GetInt64() == 400);
        Assert.All(root.GetProperty("processes").EnumerateArray(), p => Assert.True(p.GetProperty("peak_rss_mi_b").GetDouble() > 0));
    }

    [Fact]
    public async Task Receipts_in_any_order_are_each_recorded_once_though_some_come_twice_and_some_after_three_days()
    {
        using var report = await RunAsync("receipts", "--rate", "100", "--seconds", "3", "--lead", "1");
        var root = report.RootElement;
        Assert.Equal(300, root.GetProperty("lifecycles").GetInt64());
        Assert.Equal(0, root.GetProperty("check").GetProperty("violations").GetInt64());
        Assert.InRange(Figure(root, "receipts_a_message"), 1.9, 2.5);
        Assert.True(Figure(root, "receipts_made_twice") > 0);
        Assert.Equal(Figure(root, "receipts_made_twice"), Figure(root, "receipts_answered_duplicate"));
        Assert.True(Figure(root, "receipts_late") > 0);
        Assert.Equal(0, Figure(root, "receipts_not_answered"));
    }

    private static double Figure(JsonElement report, string name) => report.GetProperty("figures").GetProperty(name).GetDouble();

    private static async Task<JsonDocument> RunAsync(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Scheduler.LoadTests", own.Name, "Scheduler.LoadTests.dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments, "--warm-up", "1", "--plain", "--report", folder.Path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        return JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.json")));
    }
}
