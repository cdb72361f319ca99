using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Operations;

/// <summary>`scheduler stats`: counts that add up.</summary>
internal static class StatsCommand
{
    public static Command Create(CommandSet set)
    {
        var command = new Command("stats", "Counts by state and channel, oldest due, conservation check");
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var answer = await session.Operations.GetStatisticsAsync(new GetStatisticsRequest { TenantId = settings.Tenant }, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else Write(set.Console(set.Environment.Output), answer);
            return ExitCode.Done;
        }));
        return command;
    }

    public static void Write(IAnsiConsole console, GetStatisticsResponse answer)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("what").AddColumn(new TableColumn("count").RightAligned());
        foreach (var (state, count) in answer.DebtorsByState.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Row(table, $"debtors {Short(state)}", count);
        Row(table, "accounts in", answer.AccountsInCount);
        Row(table, "conservation difference", answer.ConservationDifference);
        Row(table, "due", answer.DueCount);
        foreach (var (channel, count) in answer.ReadyByChannel.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Row(table, $"ready {Short(channel)}", count);
        Row(table, "events", answer.EventCount);
        foreach (var (name, count) in answer.Counters.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Row(table, name, count);
        console.Write(table);
        console.WriteLine($"as of {Words.Of(answer.AsOfTime)}{(answer.OldestDueTime is null ? "" : $", oldest due {Words.Of(answer.OldestDueTime)}")}");
    }

    private static void Row(Table table, string what, long count) => table.AddRow(Markup.Escape(what), $"{count:N0}");

    private static string Short(string name) =>
        name.Replace("DEBTOR_STATE_", "", StringComparison.Ordinal).Replace("CONTACT_CHANNEL_", "", StringComparison.Ordinal).ToLowerInvariant();
}
