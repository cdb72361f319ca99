using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor merge`: two ids that turn out to be one person.</summary>
internal static class MergeCommand
{
    public static Command Create(CommandSet set)
    {
        var merged = new Argument<string>("DEBTOR") { Description = "Becomes an alias, for ever" };
        var into = new Option<string>("--into") { Description = "Debtor that remains", Required = true };
        var command = new Command("merge", "Two ids turn out to be one person; there is no way back") { merged, into };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new MergeDebtorsRequest
            {
                TenantId = settings.Tenant,
                MergedDebtorId = parse.GetRequiredValue(merged),
                SurvivingDebtorId = parse.GetRequiredValue(into),
            };
            var answer = await session.Debtors.MergeDebtorsAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else DebtorCommand.Write(set.Console(set.Environment.Output), answer.Debtor);
            return ExitCode.Done;
        }));
        return command;
    }
}
