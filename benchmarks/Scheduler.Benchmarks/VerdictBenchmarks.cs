using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Reports;
using NodaTime;
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

    internal static int Run(BenchmarkScale scale)
    {
        var reports = Rounds.Run<VerdictBenchmarks>(scale);
        Console.WriteLine("| packs | channel | Evaluate, quietest · median ns | bytes | NextPermitted, quietest · median ns | bytes | verdicts a second and core |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var pair in reports.GroupBy(static report => Rounds.ParameterOf<VerdictSubject>(report, nameof(Subject)))) Print(pair.Key, [.. pair]);
        return 0;
    }

    private static void Print(VerdictSubject subject, BenchmarkReport[] reports)
    {
        var (evaluate, next) = (Of(reports, nameof(Evaluate)), Of(reports, nameof(NextPermitted)));
        Console.WriteLine($"| {subject.Name} | {subject.Channel} | {Rounds.Figures(evaluate)} | {Rounds.Figures(next)} | {1e9 / evaluate.ResultStatistics!.Min:N0} |");
    }

    private static BenchmarkReport Of(BenchmarkReport[] reports, string method) => reports.Single(report => Rounds.MethodOf(report) == method);
}
