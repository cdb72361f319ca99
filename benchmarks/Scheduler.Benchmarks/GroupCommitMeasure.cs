using System.Diagnostics;

namespace Scheduler.Benchmarks;

/// <summary>What one part of a run cost. Processor time stays comparable on a machine that does other work too.</summary>
internal readonly record struct GroupCommitResult(double RowsPerSecond, double ProcessorMicroseconds, double AllocatedBytes)
{
    public override string ToString() =>
        $"{RowsPerSecond:N0} rows/s, {ProcessorMicroseconds:N1} us of processor and {AllocatedBytes:N0} bytes allocated a row";
}

/// <summary>A measurement that is running.</summary>
internal readonly record struct GroupCommitMeasure(long StartedAt, TimeSpan Processor, long Allocated)
{
    public static GroupCommitMeasure Start()
    {
        GC.Collect();
        return new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
    }

    public GroupCommitResult End(int rows) => new(
        rows / Stopwatch.GetElapsedTime(StartedAt).TotalSeconds,
        (Environment.CpuUsage.TotalTime - Processor).TotalMicroseconds / rows,
        (double)(GC.GetTotalAllocatedBytes() - Allocated) / rows);
}
