using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using NodaTime;
using Perfolizer.Horology;
using Scheduler.Domain.Policy;

namespace Scheduler.Benchmarks;

/// <summary>What one verdict costs under each shipped pack, and under three packs at once: time and bytes.</summary>
public class VerdictBenchmarks
{
    private static readonly Duration TwoWeeks = Duration.FromDays(14);

    [ParamsSource(nameof(Subjects))]
    public VerdictSubject Subject { get; set; } = null!;

    public static IEnumerable<VerdictSubject> Subjects { get; } = [.. VerdictSubject.All()];

    [Benchmark]
    public bool Evaluate() => PolicyEvaluator.Evaluate(Subject.Question, Subject.Policy).IsPermit;

    [Benchmark]
    public bool NextPermitted() => PolicyEvaluator.NextPermitted(Subject.Question, Subject.Policy, Subject.Closed, TwoWeeks).IsPermit;

    /// <summary>
    /// Short rounds in this process: other work on the machine spoils some of them and not all, so the quietest is printed beside the
    /// median.
    /// </summary>
    public static int Run(int scale)
    {
        var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(20).WithIterationCount(100 * scale).WithIterationTime(TimeInterval.FromMilliseconds(1));
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "scheduler-benchmarks"));
        var reports = BenchmarkRunner.Run<VerdictBenchmarks>(config).Reports;
        if (reports.IsEmpty) throw new InvalidOperationException("Nothing was measured.");
        Console.WriteLine("| packs | channel | Evaluate, quietest · median ns | bytes | NextPermitted, quietest · median ns | bytes | verdicts a second and core |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var pair in reports.GroupBy(static report => (VerdictSubject)report.BenchmarkCase.Parameters["Subject"])) Print(pair.Key, [.. pair]);
        return 0;
    }

    private static void Print(VerdictSubject subject, BenchmarkReport[] reports)
    {
        var (evaluate, next) = (Of(reports, nameof(Evaluate)), Of(reports, nameof(NextPermitted)));
        Console.WriteLine($"| {subject.Name} | {subject.Channel} | {Figures(evaluate)} | {Figures(next)} | {1e9 / evaluate.ResultStatistics!.Min:N0} |");
    }

    private static BenchmarkReport Of(BenchmarkReport[] reports, string method) => reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);

    private static string Figures(BenchmarkReport report) =>
        $"{report.ResultStatistics!.Min:F0} · {report.ResultStatistics.Median:F0} | {report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0}";
}
