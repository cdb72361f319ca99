using System.CommandLine;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Repairs;

/// <summary>`scheduler restore status | begin | resent | declare`: a restore that lost writes, and how that is settled.</summary>
internal static class RestoreCommand
{
    public static Command Create(CommandSet set) => new("restore", "A restore that lost writes: nothing is leased until it is settled what was placed")
    {
        Status(set),
        Begin(set),
        End(set, "resent", "Everything that was acknowledged since the start was sent again: leasing goes on", RecoveryEnd.Resent),
        End(set, "declare", "Declares the gap: one contact counts for each debtor and channel, as the worst; leasing goes on", RecoveryEnd.GapDeclared),
    };

    private static Command Status(CommandSet set)
    {
        var command = new Command("status", "Whether leasing is closed, why, since when writes are lost, and the gaps declared so far");
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var answer = await session.Repairs.GetRecoveryAsync(new GetRecoveryRequest(), cancellationToken: cancel);
            return await WriteAsync(set, settings, answer.Recovery);
        }));
        return command;
    }

    private static Command Begin(CommandSet set)
    {
        var since = new Option<string>("--since") { Description = "Since when writes may be lost (default: the last record of the log)" };
        var reason = Reason();
        var command = new Command("begin", "Closes leasing by hand, where the service has not noticed the restore by itself") { since, reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new BeginRecoveryRequest { Actor = new Actor { Reason = parse.GetRequiredValue(reason) } };
            if (parse.GetValue(since) is { } text) request.StartTime = CommandArguments.Instant("--since", text);
            return await WriteAsync(set, settings, (await session.Repairs.BeginRecoveryAsync(request, cancellationToken: cancel)).Recovery);
        }));
        return command;
    }

    private static Command End(CommandSet set, string name, string description, RecoveryEnd end)
    {
        var reason = Reason();
        var command = new Command(name, description) { reason };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new EndRecoveryRequest { End = end, Actor = new Actor { Reason = parse.GetRequiredValue(reason) } };
            return await WriteAsync(set, settings, (await session.Repairs.EndRecoveryAsync(request, cancellationToken: cancel)).Recovery);
        }));
        return command;
    }

    private static Option<string> Reason() => new("--reason") { Description = "On what ground; recorded", Required = true };

    private static async Task<int> WriteAsync(CommandSet set, CallSettings settings, Recovery recovery)
    {
        var output = set.Environment.Output;
        if (settings.Json)
        {
            await output.WriteLineAsync(JsonText.Of(recovery));
            return ExitCode.Done;
        }

        if (recovery.BeginTime is null)
        {
            await output.WriteLineAsync("leasing is open; no restore that lost writes is known");
            return ExitCode.Done;
        }

        await output.WriteLineAsync(recovery.Open ? $"leasing is CLOSED: {FieldWords.Of(recovery.Cause)}" : $"leasing is open; the last recovery ended: {FieldWords.Of(recovery.End)}");
        await output.WriteLineAsync($"writes may be lost since {Time(recovery.StartTime)}; the log ended at cursor {recovery.LastCursor}, the mark stood at {recovery.MarkedCursor}");
        await output.WriteLineAsync($"last changed {Time(recovery.ChangeTime)} by {recovery.Actor.ActorId}: {recovery.Actor.Reason}");
        foreach (var gap in recovery.Gaps) await output.WriteLineAsync($"gap {gap.Number}: {Time(gap.StartTime)} to {Time(gap.EndTime)}");
        return ExitCode.Done;
    }

    private static string Time(Google.Protobuf.WellKnownTypes.Timestamp at) => at.ToDateTimeOffset().ToString("u", System.Globalization.CultureInfo.InvariantCulture);
}
