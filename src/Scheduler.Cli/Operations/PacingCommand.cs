using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Operations;

/// <summary>`scheduler pacing`: how fast, how many at once, how many new recipients a day, and how tenants share.</summary>
internal static class PacingCommand
{
    public static Command Create(CommandSet set) => new("pacing", "Limits per tenant, channel, sender and limit group, and the tenants' weights") { Set(set), List(set) };

    private static Command Set(CommandSet set)
    {
        var everybody = new Option<bool>("--all-tenants") { Description = "All tenants together, not only --tenant" };
        var channel = CommandArguments.Channel("Channel");
        var sender = new Option<string>("--sender") { Description = "Sender, as pulls name it" };
        var group = new Option<string>("--limit-group") { Description = "Senders that share a limit of the provider" };
        var rate = new Option<double?>("--per-second") { Description = "Dispatches per second" };
        var burst = new Option<int>("--burst") { Description = "Dispatches that may go at once after a pause" };
        var live = new Option<int>("--live-leases") { Description = "Live leases at once" };
        var recipients = new Option<int>("--new-recipients") { Description = "New recipients per moving 24 hours" };
        var weight = new Option<int>("--weight") { Description = "Candidates that the tenant gives in one turn" };
        var reason = new Option<string>("--reason") { Description = "Why; stands in the audit trail", Required = true };
        var command = new Command("set", "Set the pacing of exactly this scope; without a limit, take it away") { everybody, channel, sender, group, rate, burst, live, recipients, weight, reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var pacing = new Pacing
            {
                Scope = new PacingScope
                {
                    TenantId = parse.GetValue(everybody) ? "" : settings.Tenant,
                    Channel = parse.GetValue(channel) is { } name ? CommandArguments.Word<ContactChannel>("--channel", name) : default,
                    SenderId = parse.GetValue(sender) ?? "",
                    LimitGroup = parse.GetValue(group) ?? "",
                },
                Burst = parse.GetValue(burst),
                MaxLiveLeases = parse.GetValue(live),
                MaxNewRecipientsPerDay = parse.GetValue(recipients),
                Weight = parse.GetValue(weight),
            };
            if (parse.GetValue(rate) is { } perSecond) pacing.PerSecond = perSecond;
            var request = new SetPacingRequest { Pacing = pacing, Actor = new Actor { Reason = parse.GetRequiredValue(reason) } };
            var answer = await session.Operations.SetPacingAsync(request, cancellationToken: cancel);
            await set.Environment.Output.WriteLineAsync(settings.Json ? JsonText.Of(answer) : Line(answer.Pacing));
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command List(CommandSet set)
    {
        var everybody = new Option<bool>("--all-tenants") { Description = "Of every tenant that the credential covers" };
        var command = new Command("list", "Pacing in force") { everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ListPacingRequest { TenantId = parse.GetValue(everybody) ? "" : settings.Tenant };
            var answer = await session.Operations.ListPacingAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else foreach (var pacing in answer.Pacing) await set.Environment.Output.WriteLineAsync(Line(pacing));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Line(Pacing pacing)
    {
        var scope = new List<string>();
        if (pacing.Scope.TenantId.Length > 0) scope.Add("tenant " + pacing.Scope.TenantId);
        if (pacing.Scope.Channel != ContactChannel.Unspecified) scope.Add("channel " + Words.Of(pacing.Scope.Channel));
        if (pacing.Scope.SenderId.Length > 0) scope.Add("sender " + pacing.Scope.SenderId);
        if (pacing.Scope.LimitGroup.Length > 0) scope.Add("limit group " + pacing.Scope.LimitGroup);
        var limits = new List<string>();
        if (pacing.HasPerSecond) limits.Add(FormattableString.Invariant($"{pacing.PerSecond:0.###} a second{(pacing.Burst > 0 ? $", {pacing.Burst} at once" : "")}"));
        if (pacing.MaxLiveLeases > 0) limits.Add($"{pacing.MaxLiveLeases} live leases");
        if (pacing.MaxNewRecipientsPerDay > 0) limits.Add($"{pacing.MaxNewRecipientsPerDay} new recipients in 24 hours");
        if (pacing.Weight > 0) limits.Add($"weight {pacing.Weight}");
        return $"{string.Join(", ", scope)}: {(limits.Count == 0 ? "no limit" : string.Join("; ", limits))}  {pacing.Actor.ActorId}: {pacing.Actor.Reason}  ({Words.Of(pacing.ChangeTime)})";
    }
}
