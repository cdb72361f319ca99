using System.Diagnostics;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The real command line as a process of its own: what it answered and wrote.</summary>
internal static class CommandLineProcess
{
    public static Task<(int Code, string Output)> RunAsync(HostProcess host, params string[] arguments) => RunAsync([.. arguments, "--address", host.Address]);

    /// <summary>A command that talks to no host.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IReadOnlyList<string> arguments)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Scheduler.Cli", own.Name, "scheduler.dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
