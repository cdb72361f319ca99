using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Scheduler.Cli.Serving;

namespace Scheduler.LoadTests.Service;

/// <summary>
/// The service as a process of its own, on one port for the whole run, so that callers find it again after it was killed; its data in a
/// folder that goes with it.
/// </summary>
internal sealed class LoadHost : IAsyncDisposable
{
    private const string Announcement = "listening on ";
    private const int KeptLines = 50;

    private readonly DirectoryInfo _folder;
    private readonly ImmutableArray<string> _arguments;
    private readonly Queue<string> _lines = new();
    private HostProcess? _process;

    public LoadHost(IEnumerable<string> settings)
    {
        _folder = Directory.CreateTempSubdirectory("scheduler-load-");
        var port = FreePort();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        _arguments =
        [
            "--Listen:Address=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--Listen:Port={port}"),
            $"--Storage:Directory={Path.Combine(_folder.FullName, "data")}", .. settings.Select(static setting => "--" + setting),
        ];
    }

    public string Address { get; }

    /// <summary>Null while none lives.</summary>
    public int? ProcessId => _process is { HasExited: false } process ? process.Id : null;

    /// <summary>Bytes of what is stored in files of its own, log included.</summary>
    public long StoredBytes => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length);

    /// <summary>Starts and waits until it listens; answers how long that took.</summary>
    public async Task<TimeSpan> StartAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = HostProcess.Start(_arguments, line =>
        {
            Keep(line);
            if (line.StartsWith(Announcement, StringComparison.Ordinal)) listening.TrySetResult();
        });
        _process = process;
        var ended = process.WaitAsync(cancel);
        if (await Task.WhenAny(listening.Task, ended) == listening.Task) return Stopwatch.GetElapsedTime(began);
        await ended;
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the host ended with exit code {process.ExitCode}:\n{Told()}"));
    }

    /// <summary>As a power cut does it: no word to the process.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.KillNow();
        await process.WaitAsync(CancellationToken.None);
        await process.DisposeAsync();
        _process = null;
    }

    /// <summary>As an operator does it; answers how long it took to end.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        if (_process is not { } process) return TimeSpan.Zero;
        var began = Stopwatch.GetTimestamp();
        process.Signal(PosixSignal.SIGTERM);
        await process.WaitAsync(CancellationToken.None);
        await process.DisposeAsync();
        _process = null;
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>The last lines that it wrote.</summary>
    public string Told()
    {
        lock (_lines) return string.Join('\n', _lines);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private void Keep(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines) _lines.Dequeue();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
