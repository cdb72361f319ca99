using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Scheduler.Cli.Serving;

/// <summary>The host as a child process: found beside this program, started, told to stop, waited for.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the host; its output goes where <paramref name="onLine"/> sends it, or to this process's own when null.</summary>
    public static HostProcess Start(IReadOnlyList<string> arguments, Action<string>? onLine)
    {
        var path = Find(AppContext.BaseDirectory);
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardOutput = onLine is not null, RedirectStandardError = onLine is not null };
        if (path.EndsWith(".dll", StringComparison.Ordinal))
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(path);
        }
        else
        {
            start.FileName = path;
        }

        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new IOException($"'{path}' could not be started");
        if (onLine is null) return new HostProcess(process);
        process.OutputDataReceived += (_, line) => { if (line.Data is not null) onLine(line.Data); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) onLine(line.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new HostProcess(process);
    }

    /// <summary>
    /// Looks in the order of closeness: a folder "host" beside this program (published), this program's own folder, then the build's
    /// artifacts, where every project has a folder of its own with the same name of configuration.
    /// </summary>
    public static string Find(string baseDirectory)
    {
        var own = new DirectoryInfo(baseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string?[] folders = [Path.Combine(own.FullName, "host"), own.FullName, Beside(own)];
        foreach (var folder in folders.OfType<string>())
        {
            foreach (var name in (string[])["Scheduler.Host", "Scheduler.Host.exe", "Scheduler.Host.dll"])
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path)) return path;
            }
        }

        throw new FileNotFoundException($"Scheduler.Host was not found in {string.Join(", ", folders.OfType<string>())}");
    }

    public void Signal(PosixSignal signal)
    {
        if (_process.HasExited) return;
        if (OperatingSystem.IsWindows()) _process.Kill(entireProcessTree: true);
        else _ = Kill(_process.Id, signal == PosixSignal.SIGINT ? Interrupt : Terminate);
    }

    public Task WaitAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    public void KillNow() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(PosixSignal.SIGTERM);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string? Beside(DirectoryInfo own) =>
        own.Parent?.Parent is { } bin ? Path.Combine(bin.FullName, "Scheduler.Host", own.Name) : null;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
