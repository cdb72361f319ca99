using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace Scheduler.Benchmarks;

/// <summary>
/// BenchmarkDotNet in this process, in many short rounds: other work on the machine spoils some of them and not all, so the quietest is told beside
/// the median.
/// </summary>
internal static class Rounds
{
    /// <summary>Long enough that what other threads allocate in one is little beside a benchmark's own.</summary>
    private const int RoundMilliseconds = 5;

    /// <summary>More than a second: the runtime compiles a method again a tenth of a second after others have come to rest.</summary>
    private const int WarmUps = 240;

    public static IReadOnlyList<BenchmarkReport> Run<TBenchmarks>(BenchmarkScale scale)
    {
        var job = scale.IsQuick
            ? Job.Default.WithStrategy(RunStrategy.ColdStart).WithIterationCount(1).WithInvocationCount(1).WithUnrollFactor(1)
            : Job.Default.WithWarmupCount(WarmUps).WithIterationCount(100 * scale.Times).WithIterationTime(TimeInterval.FromMilliseconds(RoundMilliseconds)).WithGcForce(false);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "scheduler-benchmarks"));
        var reports = BenchmarkRunner.Run<TBenchmarks>(config).Reports;
        if (reports.IsEmpty || reports.Any(static report => report.ResultStatistics is null)) throw new InvalidOperationException("Not everything was measured: a benchmark failed.");
        return reports;
    }

    /// <summary>Value of a parameter of the benchmark that the report is of.</summary>
    public static T ParameterOf<T>(BenchmarkReport report, string name) => (T)report.BenchmarkCase.Parameters[name];

    public static string MethodOf(BenchmarkReport report) => report.BenchmarkCase.Descriptor.WorkloadMethod.Name;

    /// <summary>Quietest · median nanoseconds, and bytes allocated, as two cells.</summary>
    public static string Figures(BenchmarkReport report) =>
        $"{report.ResultStatistics!.Min:N0} · {report.ResultStatistics.Median:N0} | {report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0:N0}";
}
