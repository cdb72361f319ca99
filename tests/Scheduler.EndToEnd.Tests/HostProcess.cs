using System.Diagnostics;
using Grpc.Net.Client;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The real host as a process of its own, on a port that the system chooses, with a simulated clock and a data folder that outlives it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Announcement = "listening on ";
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<Task> _readers = [];
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process) => _process = process;

    public string Address { get; private set; } = "";

    public bool HasEnded => _process.HasExited;

    /// <summary>Everything the process has written; a test that fails shows its end.</summary>
    public string Log
    {
        get
        {
            lock (_lines) return string.Join(Environment.NewLine, _lines.TakeLast(60));
        }
    }

    /// <summary>Every line it wrote; whole once it has ended.</summary>
    public async Task<string> WholeLogAsync()
    {
        await Task.WhenAll(_readers);
        lock (_lines) return string.Join(Environment.NewLine, _lines);
    }

    public GrpcChannel Connect() => GrpcChannel.ForAddress(Address, new GrpcChannelOptions());

    public static Task<HostProcess> StartAsync(string folder, DateTimeOffset clock) => StartAsync(Simulated(folder, clock));

    public static async Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var host = Begin(settings);
        var exited = host._process.WaitForExitAsync();
        if (await Task.WhenAny(host._address.Task, exited) == exited) throw new InvalidOperationException($"the host ended before it listened: {host.Log}");
        host.Address = await host._address.Task;
        return host;
    }

    /// <summary>A start that is to be refused: the exit code and what was said.</summary>
    public static async Task<(int Code, string Said)> RefusedAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var host = Begin(settings);
        var exited = host._process.WaitForExitAsync();
        if (await Task.WhenAny(host._address.Task, exited) != exited) throw new InvalidOperationException("the host listens, and should have refused to start");
        await Task.WhenAll(host._readers);
        return (host._process.ExitCode, host.Log);
    }

    /// <summary>Settings of every host here: a free port of loopback, this folder, a clock that stands.</summary>
    public static Dictionary<string, string> Simulated(string folder, DateTimeOffset clock) => new(StringComparer.Ordinal)
    {
        ["Storage__Directory"] = folder,
        ["Listen__Port"] = "0",
        ["Clock__Mode"] = "Simulated",
        ["Clock__Start"] = clock.ToString("O"),
    };

    private static HostProcess Begin(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [HostAssembly()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = settings["Storage__Directory"],
        };
        start.Environment["SCHEDULER__Evidence__KeyDirectory"] = Path.Combine(settings["Storage__Directory"], "keys");
        foreach (var (name, value) in settings) start.Environment["SCHEDULER__" + name] = value;
        var host = new HostProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"));
        host._readers.Add(host.ReadAsync(host._process.StandardOutput));
        host._readers.Add(host.ReadAsync(host._process.StandardError));
        return host;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static string HostAssembly()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Scheduler.Host", own.Name, "Scheduler.Host.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("the host is not built beside the tests", path);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.Add(line);
            var at = line.IndexOf(Announcement, StringComparison.Ordinal);
            if (at >= 0 && line.IndexOf("http", at, StringComparison.Ordinal) is var url and >= 0) _address.TrySetResult(line[url..].Split(' ', '"')[0].Trim());
        }
    }
}
