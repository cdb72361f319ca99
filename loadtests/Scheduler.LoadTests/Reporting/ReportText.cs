using System.Globalization;
using System.Text;

namespace Scheduler.LoadTests.Reporting;

/// <summary>The report as Markdown, which reads well on a terminal too.</summary>
internal static class ReportText
{
    public static string Write(LoadReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Scenario} on {report.Store}: {report.Load}");
        text.AppendLine();
        text.AppendLine($"`{report.Command}`");
        text.AppendLine();
        text.AppendLine($"{report.Machine}");
        text.AppendLine();
        text.AppendLine("| operation, ms | calls | items | failures | repeats | p50 | p95 | p99 | p99.9 | max |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var o in report.Operations)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {o.Operation} | {o.Calls:N0} | {o.Items:N0} | {o.Failures:N0} | {o.Repeats:N0} | {o.P50} | {o.P95} | {o.P99} | {o.P999} | {o.Max} |");
        text.AppendLine();
        text.AppendLine("| process | CPU s | µs a lifecycle | mean RSS MiB | peak RSS MiB |");
        text.AppendLine("|---|---|---|---|---|");
        foreach (var p in report.Processes)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {p.Process} | {p.CpuSeconds:0.0} | {p.CpuMicrosecondsALifecycle:0} | {p.MeanRssMiB:0} | {p.PeakRssMiB:0} |");
        text.AppendLine();
        var check = report.Check;
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"checker: {check.Debtors:N0} debtors, {check.Events:N0} events, {check.Violations} violations; conservation difference {check.ConservationDifference}; unfinished {check.Unfinished}; placed twice {check.PlacedTwice}");
        foreach (var detail in check.Details) text.AppendLine($"  {detail}");
        foreach (var o in report.Operations)
        {
            foreach (var (reason, count) in o.FailuresByReason) text.AppendLine(CultureInfo.InvariantCulture, $"  {o.Operation} failed {count:N0}: {reason}");
            foreach (var (reason, count) in o.RepeatsByReason) text.AppendLine(CultureInfo.InvariantCulture, $"  {o.Operation} repeated {count:N0}: {reason}");
        }

        text.AppendLine();
        foreach (var (name, value) in report.Figures.Where(static figure => !figure.Key.Contains('.', StringComparison.Ordinal)))
            text.AppendLine(CultureInfo.InvariantCulture, $"- {name}: {value:#,0.###}");
        text.AppendLine();
        foreach (var threshold in report.Thresholds)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(threshold.IsMet ? "met" : "NOT MET")}: {threshold.Threshold} ({threshold.Value?.ToString("#,0.###", CultureInfo.InvariantCulture) ?? "not measured"})");
        return text.ToString();
    }
}
