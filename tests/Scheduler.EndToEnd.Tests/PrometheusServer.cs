using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Debian's promtool, and a Prometheus server of one test with its own folder and port.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const int Looks = 600;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task<string> _log;

    private PrometheusServer(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address };
        _log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What promtool has to say of a scrape; empty is good.</summary>
    public static async Task<string> CheckAsync(string exposition)
    {
        using var promtool = Start("promtool", "check", "metrics");
        var output = promtool.StandardOutput.ReadToEndAsync();
        var error = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(exposition);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return $"{await output}{await error}" + (promtool.ExitCode == 0 ? "" : $"exit code {promtool.ExitCode}");
    }

    public static async Task<PrometheusServer> StartAsync(string folder, Uri target)
    {
        var configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: scheduler
                static_configs: [{targets: ["{{target.Authority}}"]}]
            """);
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Start(
            "prometheus", $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "prometheus")}", $"--web.listen-address={address.Authority}");
        process.StandardInput.Close();
        _ = process.StandardOutput.ReadToEndAsync();
        return new PrometheusServer(process, address);
    }

    /// <summary>The first answer that has a value, by the value of a label; waits for the server and its first scrapes.</summary>
    public async Task<IReadOnlyDictionary<string, double>> QueryAsync(string query, string label)
    {
        using var looks = new PeriodicTimer(BetweenLooks);
        for (var look = 0; look < Looks; look++)
        {
            if (_process.HasExited) Assert.Fail($"prometheus ended: {await _log}");
            if (await TryAsync(query, label) is { Count: > 0 } found) return found;
            await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException($"prometheus has no {query}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<IReadOnlyDictionary<string, double>?> TryAsync(string query, string label)
    {
        try
        {
            await using var answer = await _client.GetStreamAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", TestContext.Current.CancellationToken);
            using var json = await JsonDocument.ParseAsync(answer);
            return json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
                series => series.GetProperty("metric").TryGetProperty(label, out var value) ? value.GetString()! : "",
                static series => double.Parse(series.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new FileNotFoundException($"{program} is missing: apt-get install prometheus", program, failure);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
