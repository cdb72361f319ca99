using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Scheduler.LoadTests;

/// <summary>What a run came to.</summary>
internal sealed record SmokeReport(
    long Lifecycles, double Seconds, ImmutableArray<OperationFigures> Operations, long Violations, ImmutableArray<string> ViolationDetails,
    long Events, int Debtors, long ConservationDifference)
{
    public double LifecyclesPerSecond => Seconds <= 0 ? 0 : Math.Round(Lifecycles / Seconds);

    public long Failures => Operations.Sum(operation => operation.Failures);

    public bool IsClean => Violations == 0 && Failures == 0 && ConservationDifference == 0;

    public Machine Machine { get; init; } = Machine.Here();

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Lifecycles:N0} lifecycles in {Seconds:0.0} s: {LifecyclesPerSecond:N0} lifecycles/s");
        text.AppendLine();
        text.AppendLine("| operation | calls | items | failures | p50 ms | p99 ms | max ms |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var o in Operations)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {o.Operation} | {o.Calls:N0} | {o.Items:N0} | {o.Failures:N0} | {o.P50} | {o.P99} | {o.Max} |");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"checker: {Debtors:N0} debtors, {Events:N0} events, {Violations} violations; conservation difference {ConservationDifference}");
        foreach (var detail in ViolationDetails) text.AppendLine($"  {detail}");
        return text.ToString();
    }
}

/// <summary>The machine that a figure was measured on.</summary>
internal sealed record Machine(string Processor, int Cores, double MemoryGiB, string System, string Runtime)
{
    public static Machine Here()
    {
        const string Cpu = "/proc/cpuinfo";
        var model = File.Exists(Cpu) ? File.ReadLines(Cpu).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return new(model ?? RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, Math.Round(memory, 1), RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
    }

    public override string ToString() => $"{Processor}, {Cores} cores, {MemoryGiB} GiB, {System}, {Runtime}; client, service and SQLite (synchronous=FULL) together";
}
