using System.Collections.Immutable;
using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Reporting;

namespace Scheduler.LoadTests;

/// <summary>The figures of a run by the names that thresholds use; docs/performance.md lists them.</summary>
internal static class FigureNames
{
    public static ImmutableSortedDictionary<string, double> Of(
        LoadStage stage, ImmutableArray<OperationFigures> operations, ImmutableArray<ProcessFigures> processes, CheckFigures check, double rate)
    {
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        figures.AddRange(stage.ScenarioFigures);
        figures["rate"] = Math.Round(rate, 1);
        figures["offered"] = stage.Offered;
        figures["lifecycles"] = stage.Measured.Sum(static work => work.Book.Placed);
        figures["failures"] = operations.Sum(static operation => operation.Failures);
        figures["repeats"] = operations.Sum(static operation => operation.Repeats);
        figures["violations"] = check.Violations;
        figures["conservation"] = check.ConservationDifference;
        figures["unfinished"] = check.Unfinished;
        figures["placed_twice"] = check.PlacedTwice;
        figures["denied_at_confirm"] = stage.Denied;
        figures["stale_outcomes"] = stage.Stale;
        figures["stored_mib"] = Math.Round(stage.StoredBytes / (double)(1 << 20), 1);
        foreach (var (name, value) in CommitFigures.Between(stage.CountersBefore, stage.CountersAfter)) figures[name] = value;
        foreach (var operation in operations)
        {
            // The lateness of the first tenant is "lateness"; of others "lateness.NAME".
            var name = operation.Operation.StartsWith("release", StringComparison.Ordinal)
                ? operation.Operation == stage.Measured[0].Lateness.Name ? "lateness" : $"lateness.{operation.Operation.Split(' ')[^1]}"
                : operation.Operation;
            figures[$"{name}.p50"] = operation.P50;
            figures[$"{name}.p95"] = operation.P95;
            figures[$"{name}.p99"] = operation.P99;
            figures[$"{name}.p999"] = operation.P999;
            figures[$"{name}.max"] = operation.Max;
        }

        foreach (var process in processes)
        {
            figures[$"{process.Process}.cpu_us"] = process.CpuMicrosecondsALifecycle;
            figures[$"{process.Process}.rss_mib"] = process.PeakRssMiB;
        }

        return figures.ToImmutable();
    }
}
