using System.Diagnostics;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Each benchmark runs to its end on next to nothing, so that none rots between measurements. Figures are not looked at.</summary>
public sealed class BenchmarkTests
{
    [Theory]
    [InlineData("verdict --quick", "3 packs, 2 countries")]
    [InlineData("turns --quick", "ReportOutcome")]
    [InlineData("state --quick", "reported, 20 contacts before")]
    [InlineData("ready --quick", "PullHundredAndRefill")]
    [InlineData("grains --quick", "lifecycle")]
    [InlineData("grpc --quick", "100 dispatches down")]
    [InlineData("groupcommit --debtors 100 --rows 200 --callers 10", "ratio")]
    [InlineData("groupcommit --debtors 100 --rows 200 --callers 10 --postgres", "ratio")]
    [InlineData("groupcommit --lifecycles --debtors 100 --callers 10", "lifecycles:")]
    [InlineData("due --entries 2000 --moves 100 --callers 10", "After the moves")]
    [InlineData("due --entries 2000 --moves 100 --callers 10 --postgres", "After the moves")]
    public async Task A_benchmark_runs_to_its_end(string arguments, string told)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Scheduler.Benchmarks", own.Name, "Scheduler.Benchmarks.dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments.Split(' ')]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.Contains(told, await output, StringComparison.Ordinal);
    }
}
