using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Repairs;

/// <summary>`scheduler quarantine list | release | keep`: debtors whose turns failed three times in a row.</summary>
internal static class QuarantineCommand
{
    private const int PageSize = 500;

    public static Command Create(CommandSet set) => new("quarantine", "Debtors taken out of work because their turns failed")
    {
        List(set),
        Resolve(set, "release", "Puts debtors back to work once the cause is gone", QuarantineAction.Release),
        Resolve(set, "keep", "Records that debtors were looked at and stay where they are", QuarantineAction.Keep),
    };

    private static Command List(CommandSet set)
    {
        var command = new Command("list", "Who, why, since when, and the last fault");
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var table = new Table().AddColumns("debtor", "reason", "since", "faults", "last fault");
            var request = new ListQuarantineRequest { TenantId = settings.Tenant, PageSize = PageSize };
            do
            {
                var page = await session.Repairs.ListQuarantineAsync(request, cancellationToken: cancel);
                request.PageToken = page.NextPageToken;
                if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(page));
                foreach (var one in page.Entries)
                {
                    var since = one.SinceTime.ToDateTimeOffset().ToString("u", System.Globalization.CultureInfo.InvariantCulture);
                    table.AddRow(Markup.Escape(one.DebtorId), Markup.Escape(one.Reason), since, $"{one.FaultCount}", Markup.Escape(one.LastFault));
                }
            }
            while (request.PageToken.Length > 0);
            if (!settings.Json) set.Console(set.Environment.Output).Write(table);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Resolve(CommandSet set, string name, string description, QuarantineAction action)
    {
        var debtors = new Argument<string[]>("DEBTOR") { Description = "Debtors' ids, up to 1,000", Arity = ArgumentArity.OneOrMore };
        var reason = new Option<string>("--reason") { Description = "On what ground, without personal data; recorded", Required = true };
        var command = new Command(name, description) { debtors, reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ResolveQuarantineRequest { TenantId = settings.Tenant, Action = action, Actor = new Actor { Reason = parse.GetRequiredValue(reason) } };
            request.DebtorIds.AddRange(parse.GetRequiredValue(debtors));
            var answer = await session.Repairs.ResolveQuarantineAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            var failed = answer.Results.Where(static result => result.Code != 0).ToList();
            foreach (var result in failed) ErrorReport.Write(set.Environment.Error, result);
            return failed.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }
}
