using System.CommandLine;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor DEBTOR`: state as of the last durable decision.</summary>
internal static class DebtorCommand
{
    public static Command Create(CommandSet set)
    {
        var debtor = CommandArguments.Debtor();
        var command = new Command("debtor", "State of a debtor")
        {
            debtor, LookupCommand.Create(set), MergeCommand.Create(set), SplitCommand.Create(set), TransferCommand.Create(set), ExportCommand.Create(set), EraseCommand.Create(set),
        };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new GetDebtorRequest { TenantId = settings.Tenant, DebtorId = parse.GetRequiredValue(debtor) };
            var answer = await session.Debtors.GetDebtorAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer.Debtor));
            else Write(set.Console(set.Environment.Output), answer.Debtor);
            return ExitCode.Done;
        }));
        return command;
    }

    public static void Write(IAnsiConsole console, Debtor debtor)
    {
        var wake = debtor.WakeTime is null ? "" : $", next looked at {Words.Of(debtor.WakeTime)} ({debtor.WakeReason})";
        console.WriteLine($"debtor {debtor.DebtorId}: {FieldWords.Of(debtor.State)}, version {debtor.StateVersion}{wake}");
        if (debtor.Lease is { } lease)
            console.WriteLine($"leased: {lease.DispatchId} to {lease.GatewayId} by {Words.Of(lease.Channel)} until {Words.Of(lease.LeaseExpireTime)}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("kind").AddColumn("id").AddColumn("what");
        foreach (var account in debtor.Accounts)
            Row(table, "account", account.AccountId, $"{ProtocolValues.Format(account.Balance)}, due {Words.Of(account.OldestDueDate)}, {FieldWords.Of(account.Stage)}, {account.CreditorId}");
        foreach (var plan in debtor.Plans)
            Row(table, "plan", plan.AccountId, $"{plan.StrategyVersion} {plan.StepId}, due {Words.Of(plan.DueTime)}, lapses {Words.Of(plan.LapseTime)}");
        foreach (var point in debtor.ContactPoints) Row(table, "point", point.PointId, $"{FieldWords.Of(point.Kind)} {point.Address}, {FieldWords.Of(point.Status)}");
        foreach (var hold in debtor.Holds) Row(table, "hold", hold.HoldId, $"{FieldWords.Of(hold.Kind)} from {Words.Of(hold.StartTime)} until {Words.Of(hold.EndTime)}");
        foreach (var promise in debtor.Promises)
            Row(table, "promise", promise.PromiseId, $"{ProtocolValues.Format(promise.Amount)} on {Words.Of(promise.DueDate)}, {FieldWords.Of(promise.State)}");
        foreach (var contact in debtor.UnsettledContacts)
            Row(table, "unsettled", contact.DispatchId, $"{Words.Of(contact.Channel)} placed {Words.Of(contact.PlaceTime)}, settles {Words.Of(contact.SettleTime)}");
        console.Write(table);
    }

    private static void Row(Table table, string kind, string id, string what) => table.AddRow(kind, Markup.Escape(id), Markup.Escape(what));
}
