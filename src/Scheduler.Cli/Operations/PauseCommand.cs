using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Operations;

/// <summary>`scheduler pause`: stop a scope, end a pause, see what is stopped.</summary>
internal static class PauseCommand
{
    public static Command Create(CommandSet set) => new("pause", "Stop contacts by tenant, channel, strategy, template or gateway; end a pause; list them")
    {
        Begin(set),
        End(set),
        List(set),
    };

    private static Command Begin(CommandSet set)
    {
        var everything = new Option<bool>("--everything") { Description = "The whole installation" };
        var everybody = new Option<bool>("--all-tenants") { Description = "Of every tenant, not only of --tenant" };
        var channel = CommandArguments.Channel("Channel");
        var strategy = new Option<string>("--strategy") { Description = "Strategy id, without its version" };
        var template = new Option<string>("--template") { Description = "Template, as steps name it" };
        var gateway = new Option<string>("--gateway") { Description = "Gateway id" };
        var sender = new Option<string>("--sender") { Description = "Sender, as pulls name it" };
        var until = new Option<string>("--until") { Description = "Ends by itself at this instant (2026-12-01T05:00:00Z)" };
        var revoke = new Option<bool>("--revoke") { Description = "Withdraw leases that are not confirmed" };
        var reason = Reason();
        var command = new Command("begin", "Stop a scope; in force when this returns") { everything, everybody, channel, strategy, template, gateway, sender, until, revoke, reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var isAll = parse.GetValue(everything);
            var scope = new PauseScope
            {
                Everything = isAll,
                TenantId = isAll || parse.GetValue(everybody) ? "" : settings.Tenant,
                Channel = parse.GetValue(channel) is { } name ? CommandArguments.Word<ContactChannel>("--channel", name) : default,
                StrategyId = parse.GetValue(strategy) ?? "",
                Template = parse.GetValue(template) ?? "",
                GatewayId = parse.GetValue(gateway) ?? "",
                SenderId = parse.GetValue(sender) ?? "",
            };
            var request = new CreatePauseRequest
            {
                Scope = scope,
                RevokeLeases = parse.GetValue(revoke),
                ExpireTime = parse.GetValue(until) is { } text ? CommandArguments.Instant("--until", text) : null,
                Actor = new Actor { Reason = parse.GetRequiredValue(reason) },
            };
            var answer = await session.Operations.CreatePauseAsync(request, cancellationToken: cancel);
            await set.Environment.Output.WriteLineAsync(settings.Json ? JsonText.Of(answer) : Line(answer.Pause));
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command End(CommandSet set)
    {
        var (id, reason) = (new Argument<string>("PAUSE") { Description = "Id, as list shows it" }, Reason());
        var command = new Command("end", "End a pause; what it held is released by demand") { id, reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new DeletePauseRequest { PauseId = parse.GetRequiredValue(id), Actor = new Actor { Reason = parse.GetRequiredValue(reason) } };
            var answer = await session.Operations.DeletePauseAsync(request, cancellationToken: cancel);
            await set.Environment.Output.WriteLineAsync(settings.Json ? JsonText.Of(answer) : Line(answer.Pause));
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command List(CommandSet set)
    {
        var everybody = new Option<bool>("--all-tenants") { Description = "Of every tenant that the credential covers" };
        var history = new Option<string>("--history") { Description = "Every change of this pause instead" };
        var command = new Command("list", "What is stopped, by whom, until when and why") { everybody, history };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ListPausesRequest { TenantId = parse.GetValue(everybody) ? "" : settings.Tenant, PauseId = parse.GetValue(history) ?? "" };
            var answer = await session.Operations.ListPausesAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else foreach (var pause in answer.Pauses) await set.Environment.Output.WriteLineAsync(Line(pause));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Line(Pause pause)
    {
        var until = pause.IsDeleted ? "ended" : pause.ExpireTime is null ? "until ended" : "until " + Words.Of(pause.ExpireTime);
        var revokes = pause.RevokeLeases ? ", leases withdrawn" : "";
        return $"{pause.PauseId}  {Scope(pause.Scope)}  {until}{revokes}  {pause.Actor.ActorId}: {pause.Actor.Reason}  ({Words.Of(pause.ChangeTime)})";
    }

    private static string Scope(PauseScope scope)
    {
        if (scope.Everything) return "everything";
        var parts = new List<string>();
        if (scope.TenantId.Length > 0) parts.Add("tenant " + scope.TenantId);
        if (scope.Channel != ContactChannel.Unspecified) parts.Add("channel " + Words.Of(scope.Channel));
        if (scope.StrategyId.Length > 0) parts.Add("strategy " + scope.StrategyId);
        if (scope.Template.Length > 0) parts.Add("template " + scope.Template);
        if (scope.GatewayId.Length > 0) parts.Add("gateway " + scope.GatewayId);
        if (scope.SenderId.Length > 0) parts.Add("sender " + scope.SenderId);
        return string.Join(", ", parts);
    }

    private static Option<string> Reason() => new("--reason") { Description = "Why; stands in the audit trail", Required = true };
}
