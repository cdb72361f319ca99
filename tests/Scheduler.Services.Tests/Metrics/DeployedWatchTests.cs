using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Scheduler.Services.Tests.Metrics;

/// <summary>The alerts and the dashboard in deploy/ ask for metrics that there are, in expressions that Prometheus reads.</summary>
public sealed partial class DeployedWatchTests
{
    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy");

    [Theory]
    [InlineData("alerts.yaml")]
    [InlineData("alerts.test.yaml")]
    [InlineData("grafana-dashboard.json")]
    public void Every_metric_that_is_asked_for_stands_in_the_operations_page(string file)
    {
        var documented = Repository.DocumentedMetrics();
        var asked = Name().Matches(File.ReadAllText(Path.Combine(Deploy, file))).Select(static match => match.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(asked);
        Assert.DoesNotContain(asked, name => !documented.Contains(name) && !documented.Contains(Part().Replace(name, "")));
    }

    [Fact]
    public async Task Prometheus_reads_the_rules_and_they_fire_when_they_should()
    {
        Assert.Contains("SUCCESS", await PromtoolAsync("check", "rules", "alerts.yaml"), StringComparison.Ordinal);
        Assert.Contains("SUCCESS", await PromtoolAsync("test", "rules", "alerts.test.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_reads_every_expression_of_the_dashboard()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Deploy, "grafana-dashboard.json"), TestContext.Current.CancellationToken));
        var expressions = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(static panel => panel.TryGetProperty("targets", out _))
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "5m", StringComparison.Ordinal));
        var rules = new { groups = new[] { new { name = "dashboard", rules = expressions.Select(static (expr, n) => new { record = $"panel:{n}", expr }).ToArray() } } };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rules), TestContext.Current.CancellationToken);
            Assert.Contains("SUCCESS", await PromtoolAsync("check", "rules", file), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Every_alert_stands_in_the_operations_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(Deploy, "alerts.yaml"))).Select(static match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(alerts);
        Assert.DoesNotContain(alerts, alert => !page.Contains($"| `{alert}` |", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\b(?:contact|process|dotnet)_[a-z_]+\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    /// <summary>A histogram's series have a part of its name each.</summary>
    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Alert();

    private static async Task<string> PromtoolAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", arguments) { WorkingDirectory = Deploy, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var all = await said + await complained;
        Assert.True(process.ExitCode == 0, all);
        return all;
    }
}
