using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler explain DEBTOR`: may this debtor be contacted, per channel, and what did every rule say.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandSet set)
    {
        var debtor = CommandArguments.Debtor();
        var channel = CommandArguments.Channel("Only this channel");
        var at = new Option<string>("--at") { Description = "At this instant instead of now (2026-10-29T14:00:00Z)" };
        var all = new Option<bool>("--rules") { Description = "Every rule, the permitting ones too" };
        var command = new Command("explain", "Why a debtor may or may not be contacted") { debtor, channel, at, all };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ExplainDebtorRequest { TenantId = settings.Tenant, DebtorId = parse.GetRequiredValue(debtor) };
            if (parse.GetValue(channel) is { } word) request.Channels.Add(CommandArguments.Word<ContactChannel>("--channel", word));
            if (parse.GetValue(at) is { } text) request.AtTime = CommandArguments.Instant("--at", text);
            var answer = await session.Debtors.ExplainDebtorAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else Write(set.Console(set.Environment.Output), request.DebtorId, answer, parse.GetValue(all));
            return ExitCode.Done;
        }));
        return command;
    }

    public static void Write(IAnsiConsole console, string debtorId, ExplainDebtorResponse answer, bool everyRule)
    {
        console.WriteLine($"debtor {debtorId}");
        foreach (var zone in answer.Zones) console.WriteLine($"  {Words.Of(zone)} [{zone.Evidence}]");
        if (answer.AppliedPacks.Count > 0) console.WriteLine($"  packs: {string.Join("; ", answer.AppliedPacks)}");
        foreach (var fact in answer.MissingFacts) console.WriteLine($"  missing: {fact}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("channel").AddColumn("point").AddColumn("rule").AddColumn("answer").AddColumn("counter").AddColumn("reason");
        foreach (var explanation in answer.Explanations)
        {
            Row(table, Words.Of(explanation.Channel), explanation.PointId, "=", Words.Of(explanation.Verdict), "", string.Join(", ", explanation.PermittedAccountIds));
            foreach (var rule in explanation.RuleResults.Where(rule => everyRule || rule.Kind != VerdictKind.Permit))
                Row(table, "", "", rule.RuleId, Words.Of(rule), Words.Of(rule.Counter), rule.Reason);
        }

        console.Write(table);
    }

    private static void Row(Table table, params ReadOnlySpan<string> cells)
    {
        var escaped = new string[cells.Length];
        for (var i = 0; i < cells.Length; i++) escaped[i] = Markup.Escape(cells[i]);
        table.AddRow(escaped);
    }
}
