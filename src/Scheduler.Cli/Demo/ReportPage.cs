using Spectre.Console;

namespace Scheduler.Cli.Demo;

/// <summary>The report for people: tables that fit a terminal.</summary>
internal static class ReportPage
{
    public static void Write(IAnsiConsole console, DemoReport report)
    {
        console.WriteLine($"{report.Debtors:N0} debtors, {report.Accounts:N0} accounts, {report.FirstInstant} to {report.LastInstant}, seed {report.Seed}");
        console.WriteLine();
        console.WriteLine("Attempts by channel and hour of the debtor's local day");
        console.Write(Hours(report));
        console.WriteLine("Attempts by the debtor's local date");
        console.Write(Counts("date", report.AttemptsByDate.Select(entry => (entry.Key, (long)entry.Value))));
        console.WriteLine("Contact refused, by the rule that decided");
        console.Write(Counts("rule", report.RefusalsByRule.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, (long)entry.Value))));
        console.WriteLine("Debtors at the end, by state and what they wait for");
        console.Write(Counts("why", report.WaitingByReason.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, (long)entry.Value))));
        console.WriteLine("Steps passed over");
        console.Write(Counts("why", report.StepsPassedByReason.Select(entry => (entry.Key, (long)entry.Value))));
        console.Write(Counts("what",
        [
            ("lifecycles (leased, placed, reported)", report.Lifecycles), ("leases", report.Leases), ("given back unplaced", report.NotPlaced), ("receipts", report.Receipts),
            ("right-party contacts", report.RightPartyContacts), ("promises to pay", report.Promises), ("payments", report.Payments),
            ("consents withdrawn", report.ConsentsWithdrawn), ("holds placed", report.HoldsPlaced), ("leases withdrawn", report.LeasesRevoked),
            ("events", report.Events), ("conservation difference", report.ConservationDifference), ("violations found by the checker", report.Violations),
        ]));
        foreach (var violation in report.ViolationDetails) console.WriteLine($"  {violation}");
        foreach (var debtor in report.Explained) Explain(console, debtor);
        console.WriteLine($"{report.ElapsedSeconds:0.0} s");
    }

    private static Table Hours(DemoReport report)
    {
        var hours = Enumerable.Range(0, 24).Where(hour => report.AttemptsByChannelAndHour.Values.Any(counts => counts[hour] > 0)).ToList();
        var table = new Table().Border(TableBorder.Simple).AddColumn("channel");
        foreach (var hour in hours) table.AddColumn(new TableColumn($"{hour:00}").RightAligned());
        table.AddColumn(new TableColumn("all").RightAligned());
        foreach (var (channel, counts) in report.AttemptsByChannelAndHour)
            table.AddRow([channel, .. hours.Select(hour => counts[hour] == 0 ? "" : $"{counts[hour]}"), $"{counts.Sum()}"]);
        return table;
    }

    private static Table Counts(string name, IEnumerable<(string Key, long Count)> counts)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(name).AddColumn(new TableColumn("count").RightAligned());
        foreach (var (key, count) in counts) table.AddRow(Markup.Escape(key), $"{count:N0}");
        return table;
    }

    private static void Explain(IAnsiConsole console, ExplainedDebtor debtor)
    {
        console.WriteLine($"Why {debtor.DebtorId} ({debtor.Story})");
        var table = new Table().Border(TableBorder.Simple).AddColumn("channel").AddColumn("verdict").AddColumn("because");
        foreach (var channel in debtor.Channels)
            table.AddRow(Markup.Escape($"{channel.Channel} {channel.Point}"), Markup.Escape(channel.Verdict), Markup.Escape(string.Join("\n", channel.Reasons)));
        console.Write(table);
    }
}
