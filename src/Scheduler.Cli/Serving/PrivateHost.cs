using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Serving;

/// <summary>A host of our own on a free port of loopback, with its data in a folder that goes with it.</summary>
internal sealed class PrivateHost : IAsyncDisposable
{
    private const string Announcement = "listening on ";
    private const int KeptLines = 50;

    private readonly HostProcess _process;
    private readonly DirectoryInfo _folder;
    private readonly bool _isKept;

    private PrivateHost(HostProcess process, DirectoryInfo folder, bool isKept, string address)
    {
        _process = process;
        _folder = folder;
        _isKept = isKept;
        Address = address;
    }

    public string Address { get; }

    public string Folder => _folder.FullName;

    public int ProcessId => _process.Id;

    /// <summary>Starts a host and waits until it listens; a clock that is given is simulated.</summary>
    public static async Task<PrivateHost> StartAsync(Instant? simulatedFrom, bool keep, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("scheduler-");
        List<string> arguments = ["--Listen:Address=127.0.0.1", "--Listen:Port=0", $"--Storage:Directory={Path.Combine(folder.FullName, "data")}"];
        if (simulatedFrom is { } start) arguments.AddRange(["--Clock:Mode=Simulated", $"--Clock:Start={InstantPattern.General.Format(start)}"]);
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new Queue<string>();
        var process = HostProcess.Start(arguments, line =>
        {
            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > KeptLines) lines.Dequeue();
            }

            if (line.StartsWith(Announcement, StringComparison.Ordinal)) listening.TrySetResult(line[Announcement.Length..].Trim());
        });
        var ended = process.WaitAsync(cancel);
        if (await Task.WhenAny(listening.Task, ended) == listening.Task) return new PrivateHost(process, folder, keep, await listening.Task);
        await ended;
        string told;
        lock (lines) told = string.Join('\n', lines);
        throw new CommandFailedException(string.Create(CultureInfo.InvariantCulture, $"the host ended with exit code {process.ExitCode}:\n{told}"));
    }

    /// <summary>Bytes of the database, its log included.</summary>
    public long DataBytes => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (!_isKept) _folder.Delete(recursive: true);
    }
}
