using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor lookup`: debtors of an address, an account or a provider's contact.</summary>
internal static class LookupCommand
{
    public static Command Create(CommandSet set)
    {
        var address = new Option<string>("--of-address") { Description = "Number, mailbox or handle" };
        var account = new Option<string>("--account") { Description = "Account" };
        var contact = new Option<string>("--provider-contact") { Description = "Provider's id of a message or call of ours" };
        var command = new Command("lookup", "Debtors of an address, an account or a provider's contact") { address, account, contact };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new LookupDebtorsRequest { TenantId = settings.Tenant };
            if (parse.GetValue(address) is { } a) request.Address = a;
            else if (parse.GetValue(account) is { } b) request.AccountId = b;
            else request.ProviderContactId = parse.GetValue(contact) ?? throw new UsageException("one of --of-address, --account, --provider-contact");
            var answer = await session.Debtors.LookupDebtorsAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else foreach (var debtor in answer.DebtorIds) await set.Environment.Output.WriteLineAsync(debtor);
            return ExitCode.Done;
        }));
        return command;
    }
}
