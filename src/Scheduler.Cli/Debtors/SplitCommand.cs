using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor split`: one id that turns out to be two persons.</summary>
internal static class SplitCommand
{
    public static Command Create(CommandSet set)
    {
        var debtor = new Argument<string>("DEBTOR") { Description = "Keeps the id" };
        var into = new Option<string>("--into") { Description = "New id of the other person", Required = true };
        var accounts = new Option<string[]>("--account") { Description = "Account that goes; may be repeated", Required = true };
        var points = new Option<string[]>("--point") { Description = "Contact point that goes; may be repeated" };
        var request = new Option<string>("--request") { Description = "Idempotency key: repeat the command with the same one", Required = true };
        var command = new Command("split", "One id turns out to be two persons; both keep what counted") { debtor, into, accounts, points, request };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var asked = new SplitDebtorRequest
            {
                TenantId = settings.Tenant,
                DebtorId = parse.GetRequiredValue(debtor),
                NewDebtorId = parse.GetRequiredValue(into),
                AccountIds = { parse.GetRequiredValue(accounts) },
                PointIds = { parse.GetValue(points) ?? [] },
                RequestId = parse.GetRequiredValue(request),
            };
            var answer = await session.Debtors.SplitDebtorAsync(asked, cancellationToken: cancel);
            if (settings.Json)
            {
                await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
                return ExitCode.Done;
            }

            var console = set.Console(set.Environment.Output);
            DebtorCommand.Write(console, answer.Debtor);
            DebtorCommand.Write(console, answer.NewDebtor);
            return ExitCode.Done;
        }));
        return command;
    }
}
