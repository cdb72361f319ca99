using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Reporting;

/// <summary>The report as one page that needs nothing beside itself: charts over time and every table.</summary>
internal static class ReportPage
{
    private const double MiB = 1 << 20;

    private const string Style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:900px;margin:24px auto;padding:0 16px;color:#1f2328;background:#fff}
        table{border-collapse:collapse;margin:12px 0}td,th{border:1px solid #d0d7de;padding:4px 9px;text-align:right}td:first-child,th:first-child{text-align:left}
        figure{margin:20px 0}figcaption{font-weight:600}svg{width:100%;height:auto}svg text{font-size:11px;fill:#57606a}.grid{stroke:#d8dee4;stroke-width:1}
        .bad{color:#d1242f;font-weight:600}code{background:#f6f8fa;padding:2px 4px;overflow-wrap:anywhere}
        """;

    public static string Write(LoadReport report)
    {
        var page = new StringBuilder();
        Add(page, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Load: {report.Scenario} on {report.Store}</title><style>{Style}</style></head><body>");
        Add(page, $"<h1>{report.Scenario} on {report.Store}</h1><p><strong>{report.Load}</strong></p><p><code>{WebUtility.HtmlEncode(report.Command)}</code></p>");
        Add(page, $"<p>{report.Began:yyyy-MM-dd HH:mm} UTC. {WebUtility.HtmlEncode(report.Machine.ToString())}</p>");
        Verdict(page, report);
        Charts(page, report.Samples);
        Table(page, ["operation, ms", "calls", "items", "failures", "repeats", "p50", "p95", "p99", "p99.9", "max"], report.Operations.Select(static o =>
            (string[])[o.Operation, Count(o.Calls), Count(o.Items), Count(o.Failures), Count(o.Repeats), Figure(o.P50), Figure(o.P95), Figure(o.P99), Figure(o.P999), Figure(o.Max)]));
        Table(page, ["process", "CPU s", "µs a lifecycle", "mean RSS MiB", "peak RSS MiB"], report.Processes.Select(static p =>
            (string[])[p.Process, Figure(p.CpuSeconds), Figure(p.CpuMicrosecondsALifecycle), Figure(p.MeanRssMiB), Figure(p.PeakRssMiB)]));
        Table(page, ["figure", "value"], report.Figures.Select(static f => (string[])[f.Key, Figure(f.Value)]));
        Table(page, ["counter of the service", "count"], report.ServiceCounters.Select(static c => (string[])[c.Key, Count(c.Value)]));
        return page.AppendLine("</body></html>").ToString();
    }

    private static void Verdict(StringBuilder page, LoadReport report)
    {
        var check = report.Check;
        var mark = check.Violations + check.ConservationDifference + check.Unfinished + check.PlacedTwice == 0 ? "" : " class=\"bad\"";
        Add(page, $"<p{mark}>Checker: {check.Debtors:N0} debtors, {check.Events:N0} events, {check.Violations} violations; conservation difference {check.ConservationDifference}; unfinished {check.Unfinished}; placed twice {check.PlacedTwice}.</p>");
        foreach (var detail in check.Details) Add(page, $"<p class=\"bad\">{WebUtility.HtmlEncode(detail)}</p>");
        Table(page, ["threshold", "value", ""], report.Thresholds.Select(static t =>
            (string[])[t.Threshold, t.Value is { } value ? Figure(value) : "not measured", t.IsMet ? "met" : "NOT MET"]));
    }

    private static void Charts(StringBuilder page, ImmutableArray<RunSample> samples)
    {
        if (samples.Length < 2) return;
        page.Append(SvgChart.Write("Rate over time", "debtors a second", Rate("offered", samples, static s => s.Offered), Rate("achieved", samples, static s => s.Achieved)));
        page.Append(SvgChart.Write("Release lateness over time", "ms", Plain("p50", samples, static s => s.P50), Plain("p99", samples, static s => s.P99)));
        var names = samples[0].Processes.Select(static p => p.Name).ToList();
        page.Append(SvgChart.Write("Processor", "% of one core", [.. names.Select((name, i) => Rate(name, samples, s => s.Processes[i].Use.CpuSeconds * 100))]));
        page.Append(SvgChart.Write("Resident memory", "MiB", [.. names.Select((name, i) => Plain(name, samples, s => s.Processes[i].Use.ResidentBytes / MiB))]));
    }

    private static ChartLine Plain(string name, ImmutableArray<RunSample> samples, Func<RunSample, double> value) => new(name, [.. samples.Select(s => (s.Second, value(s)))]);

    private static ChartLine Rate(string name, ImmutableArray<RunSample> samples, Func<RunSample, double> sum) =>
        new(name, [.. samples.Zip(samples.Skip(1)).Where(static pair => pair.Second.Second > pair.First.Second)
            .Select(pair => (pair.Second.Second, Math.Max(0, (sum(pair.Second) - sum(pair.First)) / (pair.Second.Second - pair.First.Second))))]);

    private static void Table(StringBuilder page, string[] heads, IEnumerable<string[]> rows)
    {
        page.Append("<table><tr>");
        foreach (var head in heads) Add(page, $"<th>{WebUtility.HtmlEncode(head)}</th>");
        page.AppendLine("</tr>");
        foreach (var row in rows) page.Append("<tr>").AppendJoin("", row.Select(static cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>")).AppendLine("</tr>");
        page.AppendLine("</table>");
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Figure(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static void Add(StringBuilder page, FormattableString text) => page.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
