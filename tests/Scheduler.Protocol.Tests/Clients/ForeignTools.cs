using System.Diagnostics;

namespace Scheduler.Protocol.Tests.Clients;

/// <summary>Runs the tools of other languages. One that is missing fails the test with the command that installs it.</summary>
internal static class ForeignTools
{
    public static string Root { get; } = FindRoot();

    public static string Proto => Path.Combine(Root, "proto");

    public static string Node => Path.Combine(Root, "tests", "Scheduler.Protocol.Tests", "buf");

    public static async Task<string> RunAsync(string tool, string folder, string install, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"{tool} is missing: {install}");
            throw;
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            var text = await output + await errors;
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}:\n{text}");
            return text;
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scheduler.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
