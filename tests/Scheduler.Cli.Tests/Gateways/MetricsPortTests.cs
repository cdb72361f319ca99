using System.Net;
using System.Net.Sockets;
using Scheduler.Cli.Gateways;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Tests.Gateways;

public sealed class MetricsPortTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scrape_hears_how_long_withdrawals_took_and_other_paths_hear_nothing()
    {
        using var lag = new RevocationLag();
        foreach (var milliseconds in new[] { -5, 10, 11, 700, 90_000 }) lag.Add(TimeSpan.FromMilliseconds(milliseconds));
        var number = FreePort();
        await using var port = MetricsPort.Open(number, lag.ToPrometheus);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{number}") };

        using var answer = await client.GetAsync("/metrics", Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(MetricsPort.ContentType, answer.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("# HELP contact_revocation_heard_seconds ", text, StringComparison.Ordinal);
        Assert.Contains("\n# TYPE contact_revocation_heard_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Equal(["2", "3", "3", "3", "3", "3", "4", "4", "4", "4", "4", "4", "5"], Values(text, "_bucket"));
        Assert.Equal(["90.721"], Values(text, "_sum"));
        Assert.Equal(["5"], Values(text, "_count"));
        Assert.Contains("_bucket{le=\"0.01\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("_bucket{le=\"+Inf\"} 5\n", text, StringComparison.Ordinal);

        using var other = await client.GetAsync("/", Cancel);
        using var posted = await client.PostAsync("/metrics", null, Cancel);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (other.StatusCode, posted.StatusCode));
    }

    [Fact]
    public async Task A_port_that_is_taken_or_is_none_is_told()
    {
        var number = FreePort();
        await using var first = MetricsPort.Open(number, static () => "");

        Assert.Contains($"--metrics-port {number}", Assert.Throws<UsageException>(() => MetricsPort.Open(number, static () => "")).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(static () => MetricsPort.Open(0, static () => ""));
        Assert.Throws<UsageException>(static () => MetricsPort.Open(65_536, static () => ""));
    }

    private static IEnumerable<string> Values(string text, string part) =>
        text.Split('\n').Where(line => line.StartsWith("contact_revocation_heard_seconds" + part, StringComparison.Ordinal)).Select(static line => line.Split(' ')[^1]);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
