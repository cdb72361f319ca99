using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Policies;

/// <summary>`scheduler policy activate | revert | close-date`: the commands that change what is in force.</summary>
internal static class ActivationCommands
{
    public static Command Activate(CommandSet set)
    {
        var (versions, reason, everybody) = (new VersionList(), Reason(), PolicyCommand.Everybody());
        var at = new Option<string>("--at") { Description = "From this instant instead of now (2026-12-01T05:00:00Z)" };
        var command = new Command("activate", "Put a list of packs in force") { reason, at, everybody };
        versions.AddTo(command);
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var tenant = PolicyCommand.TenantOf(parse, everybody, settings);
            var from = parse.GetValue(at) is { } text ? CommandArguments.Instant("--at", text) : null;
            var known = await session.Policy.ListPacksAsync(new ListPacksRequest { TenantId = tenant }, cancellationToken: cancel);
            var request = new ActivatePolicyRequest
            {
                TenantId = tenant,
                Etag = known.Etag,
                PackVersions = { versions.Of(parse, known) },
                Actor = new Actor { Reason = parse.GetRequiredValue(reason) },
                EffectiveTime = from,
            };
            var answer = await session.Policy.ActivatePolicyAsync(request, cancellationToken: cancel);
            await set.Environment.Output.WriteLineAsync(settings.Json ? JsonText.Of(answer) : $"etag {answer.Etag}, epoch {answer.PolicyEpoch}");
            return ExitCode.Done;
        }));
        return command;
    }

    public static Command Revert(CommandSet set)
    {
        var (reason, everybody) = (Reason(), PolicyCommand.Everybody());
        var command = new Command("revert", "Undo the last change of the list: a schedule that has not come, else the list") { reason, everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var tenant = PolicyCommand.TenantOf(parse, everybody, settings);
            var known = await session.Policy.ListPacksAsync(new ListPacksRequest { TenantId = tenant }, cancellationToken: cancel);
            var request = new RevertPolicyRequest { TenantId = tenant, Etag = known.Etag, Actor = new Actor { Reason = parse.GetRequiredValue(reason) } };
            var answer = await session.Policy.RevertPolicyAsync(request, cancellationToken: cancel);
            await set.Environment.Output.WriteLineAsync(settings.Json ? JsonText.Of(answer) : $"etag {answer.Etag}, epoch {answer.PolicyEpoch}");
            return ExitCode.Done;
        }));
        return command;
    }

    public static Command CloseDate(CommandSet set)
    {
        var day = new Argument<string>("DATE") { Description = "2026-12-03, in the debtor's calendar" };
        var country = new Argument<string>("COUNTRY") { Description = "ISO 3166-1 alpha-2: CO" };
        var region = new Option<string>("--region") { Description = "ISO 3166-2 without the country: SP" };
        var municipality = new Option<string>("--municipality");
        var name = new Option<string>("--name") { Description = "What the day is called" };
        var source = new Option<string>("--source") { Description = "Law, decree or decision" };
        var open = new Option<bool>("--open") { Description = "Open again a date that was closed by mistake" };
        var (reason, everybody) = (Reason(), PolicyCommand.Everybody());
        var command = new Command("close-date", "Close a date at once: nobody of the place is contacted on it") { day, country, region, municipality, name, source, open, reason, everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var date = new ClosedDate
            {
                Date = DateOf(parse.GetRequiredValue(day)),
                CountryCode = parse.GetRequiredValue(country),
                RegionCode = parse.GetValue(region) ?? "",
                MunicipalityCode = parse.GetValue(municipality) ?? "",
                Name = parse.GetValue(name) ?? "",
                Source = parse.GetValue(source) ?? "",
            };
            var (tenant, actor) = (PolicyCommand.TenantOf(parse, everybody, settings), new Actor { Reason = parse.GetRequiredValue(reason) });
            var epoch = parse.GetValue(open)
                ? (await session.Policy.RemoveClosedDatesAsync(new RemoveClosedDatesRequest { TenantId = tenant, Dates = { date }, Actor = actor }, cancellationToken: cancel)).PolicyEpoch
                : (await session.Policy.AddClosedDatesAsync(new AddClosedDatesRequest { TenantId = tenant, Dates = { date }, Actor = actor }, cancellationToken: cancel)).PolicyEpoch;
            await set.Environment.Output.WriteLineAsync($"epoch {epoch}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Option<string> Reason() => new("--reason") { Description = "Why; stands in the audit trail", Required = true };

    private static Google.Type.Date DateOf(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date)
        ? new Google.Type.Date { Year = date.Year, Month = date.Month, Day = date.Day }
        : throw new UsageException($"DATE must be such as 2026-12-03, not '{text}'");
}
