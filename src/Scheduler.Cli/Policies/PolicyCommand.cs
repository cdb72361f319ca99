using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Policies;

/// <summary>`scheduler policy`: which packs are known and in force, and how that is changed.</summary>
internal static class PolicyCommand
{
    public static Command Create(CommandSet set) => new("policy", "Packs in force: list, upload, try, activate, revert, close dates")
    {
        List(set),
        Show(set),
        UploadCommand.Create(set),
        DryRunCommand.Create(set),
        ActivationCommands.Activate(set),
        ActivationCommands.Revert(set),
        ActivationCommands.CloseDate(set),
        Activations(set),
        Holidays(set),
    };

    /// <summary>The tenant of the policy: that of the session, or everybody.</summary>
    public static Option<bool> Everybody() => new("--all-tenants") { Description = "The list of every tenant without one of its own" };

    public static string TenantOf(ParseResult parse, Option<bool> everybody, CallSettings settings) => parse.GetValue(everybody) ? "" : settings.Tenant;

    private static Command List(CommandSet set)
    {
        var (everybody, active) = (Everybody(), new Option<bool>("--active") { Description = "Only what is in force or scheduled" });
        var command = new Command("list", "Packs known, their state, and the etag of the list in force") { everybody, active };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ListPacksRequest { TenantId = TenantOf(parse, everybody, settings), ActiveOnly = parse.GetValue(active) };
            var answer = await session.Policy.ListPacksAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else Write(set.Console(set.Environment.Output), answer);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Show(CommandSet set)
    {
        var (everybody, version) = (Everybody(), new Argument<string>("VERSION") { Description = "Pack version, as events carry it" });
        var part = new Option<string>("--part") { Description = "definition (default), cases or sources" };
        var command = new Command("show", "The text of one pack version, in force or not") { version, part, everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new GetPackRequest { TenantId = TenantOf(parse, everybody, settings), PackVersion = parse.GetRequiredValue(version) };
            var pack = await session.Policy.GetPackAsync(request, cancellationToken: cancel);
            var text = parse.GetValue(part) switch
            {
                null or "definition" => pack.DefinitionYaml,
                "cases" => pack.CasesMarkdown,
                "sources" => pack.SourcesMarkdown,
                var other => throw new UsageException($"--part: '{other}' is none of definition, cases, sources"),
            };
            await set.Environment.Output.WriteLineAsync(settings.Json ? JsonText.Of(pack) : text.TrimEnd());
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Activations(CommandSet set)
    {
        var (everybody, limit) = (Everybody(), new Option<int>("--limit") { Description = "At most so many (1 to 200)", DefaultValueFactory = static _ => 20 });
        var command = new Command("activations", "Every change of packs and closed dates, newest first, and how far debtors were planned anew") { limit, everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ListActivationsRequest { TenantId = TenantOf(parse, everybody, settings), PageSize = parse.GetValue(limit) };
            var answer = await session.Policy.ListActivationsAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else Write(set.Console(set.Environment.Output), answer);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Holidays(CommandSet set)
    {
        var (everybody, pack) = (Everybody(), new Argument<string>("PACK") { Description = "Id of a pack in force: CO.strict" });
        var year = new Argument<int>("YEAR");
        var region = new Option<string>("--region") { Description = "ISO 3166-2 without the country: SP" };
        var municipality = new Option<string>("--municipality");
        var command = new Command("holidays", "Holidays that a pack computes, closed dates included") { pack, year, region, municipality, everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ListHolidaysRequest
            {
                TenantId = TenantOf(parse, everybody, settings),
                PackId = parse.GetRequiredValue(pack),
                Year = parse.GetValue(year),
                RegionCode = parse.GetValue(region) ?? "",
                MunicipalityCode = parse.GetValue(municipality) ?? "",
            };
            var answer = await session.Policy.ListHolidaysAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else foreach (var day in answer.Dates) await set.Environment.Output.WriteLineAsync($"{Date(day.Date)}  {day.Name}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(IAnsiConsole console, ListPacksResponse answer)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("version").AddColumn("state").AddColumn("kind");
        foreach (var pack in answer.Packs) table.AddRow(Markup.Escape(pack.PackVersion), pack.State.ToString().ToLowerInvariant(), pack.IsOverlay ? "overlay" : pack.IsShipped ? "shipped" : "uploaded");
        console.Write(table);
        foreach (var date in answer.ClosedDates) console.WriteLine($"closed: {Words(date)}");
        console.WriteLine($"etag {answer.Etag}{(answer.ScheduledTime is null ? "" : $", another list from {Debtors.Words.Of(answer.ScheduledTime)}")}");
    }

    private static void Write(IAnsiConsole console, ListActivationsResponse answer)
    {
        foreach (var one in answer.Activations)
        {
            console.WriteLine($"{Debtors.Words.Of(one.ChangeTime)}  {Words(one.Kind)}  {one.Actor.ActorId}: {one.Actor.Reason}  (etag {one.Etag}, epoch {one.PolicyEpoch})");
            foreach (var version in one.AddedVersions) console.WriteLine($"  + {version}");
            foreach (var version in one.RemovedVersions) console.WriteLine($"  - {version}");
            foreach (var date in one.Dates) console.WriteLine($"  {Words(date)}");
        }

        if (answer.Replan is { } replan) console.WriteLine($"planned anew: {replan.ExaminedCount:N0} looked at, {replan.MovedCount:N0} moved, {replan.RevokedLeaseCount:N0} leases withdrawn{(replan.IsDone ? ", done" : "")}");
    }

    private static string Words(ActivationKind kind) => kind switch
    {
        ActivationKind.TookEffect => "took effect",
        ActivationKind.DatesClosed => "dates closed",
        ActivationKind.DatesOpened => "dates opened",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Words(ClosedDate date)
    {
        var place = string.Join('/', new[] { date.CountryCode, date.RegionCode, date.MunicipalityCode }.Where(static part => part.Length > 0));
        return $"{Date(date.Date)} {place}: {date.Name} [{date.Source}]";
    }

    private static string Date(Google.Type.Date date) => $"{date.Year:D4}-{date.Month:D2}-{date.Day:D2}";
}
