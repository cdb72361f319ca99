using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Reports;

/// <summary>The report as one HTML file: no script, nothing loaded from elsewhere, fit for print and for screen readers.</summary>
public static class EvidencePage
{
    private const string Style = """
        :root{color-scheme:light}
        body{font:15px/1.5 system-ui,"Segoe UI",Arial,sans-serif;color:#1a1a1a;background:#fff;max-width:72rem;margin:2rem auto;padding:0 1.25rem}
        h1{font-size:1.7rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:2px solid #1f4e79;padding-bottom:.2rem;color:#1f4e79}
        .lead{color:#444;margin:0 0 1rem}.none{color:#555;font-style:italic}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.9rem}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d5d5d5;overflow-wrap:break-word}
        thead th{background:#eef3f8;border-bottom:2px solid #9db6cf}tbody th{font-weight:600}
        .result{border-left:6px solid;padding:.6rem 1rem;margin:1rem 0;background:#f6f8fa}.good{border-color:#1b7f3b}.bad{border-color:#b00020}
        .result p{margin:.15rem 0}code{font-size:.85em;overflow-wrap:anywhere}
        footer{margin-top:2.5rem;color:#444;font-size:.85rem;border-top:1px solid #d5d5d5;padding-top:.5rem}
        @media print{body{max-width:none;margin:0;font-size:10pt}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}@page{margin:15mm}}
        """;

    private static readonly InstantPattern Second = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss'Z'");

    public static string Write(EvidenceReport report)
    {
        var id = $"{report.Debtor.TenantId}/{report.Debtor.DebtorId}";
        var title = report.InClear ? $"Everything held about {id}" : $"Evidence for debtor {id}";
        var html = new Html();
        html.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Tag("title", title).Raw("<style>\n" + Style + "\n</style>\n</head>\n<body>\n<main>\n").Tag("h1", title)
            .Tag("p", Lead(report), "class=\"lead\"");
        Result(html, report);
        foreach (var dropped in report.Dropped) html.Tag("p", dropped.Sentence, "class=\"lead\"");
        EvidenceSections.Person(html, report);
        EvidenceSections.Ledger(html, report);
        EvidenceSections.Decisions(html, report);
        EvidenceSections.Contacts(html, report);
        EvidenceSections.Timeline(html, report);
        EvidenceSections.Rules(html, report);
        html.Raw("</main>\n<footer>\n").Tag("p", Foot(report)).Raw("</footer>\n</body>\n</html>\n");
        return html.ToString();
    }

    internal static string Of(Instant at) => Second.Format(at);

    internal static string Of(Instant? at) => at is { } instant ? Of(instant) : "";

    private static string Lead(EvidenceReport report)
    {
        var first = report.Events.IsEmpty ? "no event" : $"{Of(report.Events[0].RecordedAt)} to {Of(report.Events[^1].RecordedAt)}";
        var asked = report.AskedBy.Length > 0 ? $" Asked for by {report.AskedBy}." : "";
        return $"Generated {Of(report.GeneratedAt)}. {report.Events.Length} recorded events, {first}. All times are UTC unless a zone is named.{asked}";
    }

    private static void Result(Html html, EvidenceReport report)
    {
        var holds = report.Checks.All(static check => check.Holds);
        html.Raw($"<div class=\"result {(holds ? "good" : "bad")}\" role=\"status\">\n");
        html.Tag("p", report.Checks.IsEmpty ? "Nothing was checked." : holds ? "Verified: every check below holds." : "Not verified: a check below does not hold.", "style=\"font-weight:600\"");
        foreach (var check in report.Checks) html.Tag("p", $"{(check.Holds ? "✓" : "✗")} {check.What}: {check.Detail}");
        html.Raw("</div>\n");
    }

    private static string Foot(EvidenceReport report)
    {
        var head = report.Events.IsEmpty ? "none" : report.Events[^1].ChainHash;
        var masked = report.InClear ? "Personal data stand in clear: hand this to the person alone." : "Addresses are masked; template variables and references to evidence are left out.";
        var last = report.Events.Select(static e => e.Sequence).Concat(report.Dropped.Where(d => d.DebtorId == report.Debtor.DebtorId).Select(static d => d.EventCount)).DefaultIfEmpty().Max();
        return $"Head of the hash chain after event {last}: {head}. {masked}";
    }
}
