using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Repairs;

/// <summary>`scheduler leases unresolved | resolve`: dispatches of which nobody knows how they went.</summary>
internal static class LeasesCommand
{
    private const int PageSize = 500;

    public static Command Create(CommandSet set) =>
        new("leases", "Dispatches of which nobody knows how they went") { Unresolved(set), Resolve(set) };

    private static Command Unresolved(CommandSet set)
    {
        var gateway = new Option<string>("--gateway") { Description = "Only this gateway's", DefaultValueFactory = _ => "" };
        var command = new Command("unresolved", "Lists them: each counts as the worst its channel allows until somebody knows better") { gateway };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var table = new Table().AddColumns("dispatch", "debtor", "gateway", "channel", "handed out or placed", "placed", "looked at next");
            var request = new ListUnresolvedRequest { TenantId = settings.Tenant, GatewayId = parse.GetRequiredValue(gateway), PageSize = PageSize };
            do
            {
                var page = await session.Repairs.ListUnresolvedAsync(request, cancellationToken: cancel);
                request.PageToken = page.NextPageToken;
                if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(page));
                foreach (var one in page.Dispatches)
                {
                    table.AddRow(
                        Markup.Escape(one.DispatchId), Markup.Escape(one.DebtorId), Markup.Escape(one.GatewayId), FieldWords.Of(one.Channel),
                        Time(one.PlaceTime), one.Placed ? "reported" : "not known", Time(one.NextTime));
                }
            }
            while (request.PageToken.Length > 0);
            if (!settings.Json) set.Console(set.Environment.Output).Write(table);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Resolve(CommandSet set)
    {
        var debtor = CommandArguments.Debtor();
        var dispatch = new Argument<string>("DISPATCH") { Description = "Dispatch's id, as listed" };
        var outcome = new Option<string>("--as") { Description = $"How it went: {FieldWords.All<ContactResolution>()}", Required = true };
        var reason = new Option<string>("--reason") { Description = "On what ground, without personal data: \"carrier's record 7781\"", Required = true };
        var command = new Command("resolve", "Says how one of them went, on the ground of other records than the gateway's") { debtor, dispatch, outcome, reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ResolveUnresolvedRequest
            {
                TenantId = settings.Tenant,
                Resolutions =
                {
                    new Resolution
                    {
                        DebtorId = parse.GetRequiredValue(debtor),
                        DispatchId = parse.GetRequiredValue(dispatch),
                        Outcome = CommandArguments.Word<ContactResolution>("--as", parse.GetRequiredValue(outcome)),
                    },
                },
                Actor = new Actor { Reason = parse.GetRequiredValue(reason) },
            };
            var answer = await session.Repairs.ResolveUnresolvedAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            if (answer.Results[0].Code == 0) return ExitCode.Done;
            ErrorReport.Write(set.Environment.Error, answer.Results[0]);
            return ExitCode.Failed;
        }));
        return command;
    }

    private static string Time(Google.Protobuf.WellKnownTypes.Timestamp? at) => at is null ? "-" : at.ToDateTimeOffset().ToString("u", System.Globalization.CultureInfo.InvariantCulture);
}
