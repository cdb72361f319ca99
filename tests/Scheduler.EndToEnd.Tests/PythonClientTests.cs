using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Wire compatibility is proven by others' code: Debian's grpcio and protoc, not our client.</summary>
public sealed class PythonClientTests
{
    [Fact]
    public async Task A_python_client_takes_a_debtor_from_enqueue_to_receipt()
    {
        using var folder = new TemporaryFolder();
        var stubs = await GenerateStubsAsync(folder.Path);
        await using var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning);
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "lifecycle.py");
        var (code, output, error) = await RunAsync(
            "/usr/bin/python3", [script, new Uri(host.Address).Authority, stubs, Portfolio.TuesdayMorning.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'")]);
        Assert.True(code == 0, $"python: {error}{Environment.NewLine}host: {host.Log}");
        var answer = JsonDocument.Parse(output).RootElement;

        Assert.Equal(["ENTRY_STATE_ACCEPTED", "ENTRY_STATE_REJECTED", "ENTRY_STATE_ACCEPTED"], Texts(answer, "states"));
        Assert.Contains(Texts(answer, "rejected_fields"), f => f.EndsWith("zone_id", StringComparison.Ordinal));
        Assert.Equal("UNAUTHENTICATED", answer.GetProperty("no_credential").GetProperty("code").GetString());
        Assert.Equal("INVALID_ARGUMENT", answer.GetProperty("too_many").GetProperty("code").GetString());
        Assert.Equal("BATCH_TOO_LARGE", answer.GetProperty("too_many").GetProperty("reason").GetString());
        Assert.Equal(["py-1", "py-3"], Texts(answer, "leased"));
        Assert.True(answer.GetProperty("replayed").GetBoolean());
        Assert.All(Texts(answer, "outcomes"), s => Assert.Equal("FACT_STATE_RECORDED", s));
        Assert.All(Texts(answer, "outcomes_again"), s => Assert.Equal("FACT_STATE_DUPLICATE", s));
        Assert.Equal(["FACT_STATE_RECORDED"], Texts(answer, "receipts"));
        Assert.Equal(["FACT_STATE_DUPLICATE"], Texts(answer, "receipts_again"));
        Assert.All(Texts(answer, "sms_after_whatsapp"), v => Assert.Equal("VERDICT_KIND_DEFER", v));
        Assert.All(Texts(answer, "deciding_rules"), r => Assert.StartsWith("CO.", r));
        Assert.NotEmpty(Texts(answer, "event_types"));
        Assert.Equal(0, await host.StopAsync());
    }

    private static string[] Texts(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    private static async Task<string> GenerateStubsAsync(string folder)
    {
        var stubs = Path.Combine(folder, "stubs");
        Directory.CreateDirectory(stubs);
        var proto = Path.Combine(Root(), "proto");
        var plugin = new[] { "/usr/bin/grpc_python_plugin", "/usr/local/bin/grpc_python_plugin" }.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("grpc_python_plugin is missing: apt-get install protobuf-compiler-grpc");
        var wellKnown = typeof(PythonClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "WellKnownProtos").Value;
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(proto, "scheduler", "v1"), "*.proto"),
            .. Directory.GetFiles(Path.Combine(proto, "third_party", "google"), "*.proto", SearchOption.AllDirectories),
        ];
        var (code, _, error) = await RunAsync("protoc",
        [
            $"-I{Path.Combine(proto, "third_party")}", $"-I{proto}", $"-I{wellKnown}",
            $"--python_out={stubs}", $"--grpc_out={stubs}",
            $"--plugin=protoc-gen-grpc={plugin}", .. files,
        ]);
        Assert.True(code == 0, $"protoc: {error}");
        return stubs;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scheduler.sln"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
