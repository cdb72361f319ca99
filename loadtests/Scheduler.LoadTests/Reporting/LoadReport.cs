using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Reporting;

/// <summary>What a run came to.</summary>
internal sealed record LoadReport
{
    public required string Scenario { get; init; }

    public required string Store { get; init; }

    public required string Command { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>Debtors offered a second; null: as many as went through.</summary>
    public double? OfferedRate { get; init; }

    public required long Lifecycles { get; init; }

    public required double Seconds { get; init; }

    public required ImmutableArray<OperationFigures> Operations { get; init; }

    public required ImmutableArray<ProcessFigures> Processes { get; init; }

    public required CheckFigures Check { get; init; }

    /// <summary>Everything by name, as thresholds speak of it.</summary>
    public required ImmutableSortedDictionary<string, double> Figures { get; init; }

    public ImmutableSortedDictionary<string, long> ServiceCounters { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    public ImmutableArray<ThresholdResult> Thresholds { get; init; } = [];

    public ImmutableArray<RunSample> Samples { get; init; } = [];

    public double LifecyclesPerSecond => Seconds <= 0 ? 0 : Math.Round(Lifecycles / Seconds);

    public bool IsClean => Thresholds.All(static threshold => threshold.IsMet);

    public string Load => string.Create(CultureInfo.InvariantCulture, $"{Lifecycles:N0} lifecycles in {Seconds:0.0} s: {LifecyclesPerSecond:N0} lifecycles/s")
        + (OfferedRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $" at {rate:N0} offered") : "");
}

/// <summary>A process over the measured time.</summary>
internal sealed record ProcessFigures(string Process, double CpuSeconds, double CpuMicrosecondsALifecycle, double MeanRssMiB, double PeakRssMiB);

/// <summary>What the independent checker and the conservation check said at the end.</summary>
internal sealed record CheckFigures(
    long Debtors, long Events, long Violations, ImmutableArray<string> Details, long ConservationDifference, long Unfinished, long PlacedTwice);

/// <summary>The machine that a figure was measured on.</summary>
internal sealed record Machine(string Processor, int Cores, double MemoryGiB, string System, string Runtime, string LoadAverage)
{
    public static Machine Here()
    {
        const string Cpu = "/proc/cpuinfo";
        const string Load = "/proc/loadavg";
        var model = File.Exists(Cpu) ? File.ReadLines(Cpu).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return new(
            model ?? RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, Math.Round(memory, 1), RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription, File.Exists(Load) ? File.ReadAllText(Load).Split(' ')[0] : "");
    }

    public override string ToString() => $"{Processor}, {Cores} cores, {MemoryGiB} GiB, {System}, {Runtime}; load average {LoadAverage} at the start; client, service and database together";
}
