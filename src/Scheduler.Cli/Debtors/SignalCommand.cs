using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler signal KIND DEBTOR`, or from an address: a fact from outside, recorded before the command returns.</summary>
internal static class SignalCommand
{
    public static Command Create(CommandSet set) => new("signal", "Record a fact about a debtor: payment, promise, consent, hold, reply")
    {
        SignalForms.Payment(set), SignalForms.Promise(set), SignalForms.Consent(set), SignalForms.Withdraw(set), SignalForms.Hold(set), SignalForms.Lift(set),
        SignalForms.Inbound(set), SignalForms.Point(set), SignalForms.Callback(set), SignalForms.Information(set),
    };

    /// <summary>Builds one form: its own options, the common ones, and the sending.</summary>
    public static Command Form(CommandSet set, string name, string description, IEnumerable<System.CommandLine.Option> options, Action<ParseResult, Signal> fill)
    {
        var debtor = CommandArguments.DebtorIfKnown();
        var address = CommandArguments.FromAddress();
        var id = new Option<string>("--id") { Description = "Signal's id, unique in the tenant; the same id again is a duplicate (default: from kind, debtor and time)" };
        var at = new Option<string>("--at") { Description = "When it happened (default: now)" };
        var channel = CommandArguments.Channel("Channel it came through");
        var command = new Command(name, description) { debtor, address, id, at, channel };
        foreach (var option in options) command.Add(option);
        command.SetAction((parse, cancel) => SendAsync(set, parse, signal => CommandArguments.Aim(signal, parse.GetValue(debtor), parse.GetValue(address)), name, parse.GetValue(id), parse.GetValue(at), signal =>
        {
            if (parse.GetValue(channel) is { } word) signal.Channel = CommandArguments.Word<ContactChannel>("--channel", word);
            fill(parse, signal);
        }, cancel));
        return command;
    }

    public static Task<int> SendAsync(
        CommandSet set, ParseResult parse, Func<Signal, string> aim, string name, string? id, string? at, Action<Signal> fill, CancellationToken cancel) =>
        set.CallAsync(parse, async (session, settings) =>
        {
            var signal = new Signal { SourceSystem = "cli" };
            var whom = aim(signal);
            signal.OccurTime = at is null ? Timestamp.FromDateTimeOffset(set.Environment.Clock.GetUtcNow()) : CommandArguments.Instant("--at", at);
            signal.SignalId = id ?? $"cli-{name}-{whom}-{signal.OccurTime.ToDateTimeOffset().ToUnixTimeMilliseconds()}";
            fill(signal);
            var request = new RecordSignalsRequest { TenantId = settings.Tenant, Signals = { signal } };
            return Report(set, settings, await session.Debtors.RecordSignalsAsync(request, cancellationToken: cancel));
        });

    private static int Report(CommandSet set, CallSettings settings, RecordSignalsResponse answer)
    {
        if (settings.Json) set.Environment.Output.WriteLine(JsonText.Of(answer));
        var result = answer.Results[0];
        if (result.Status is { } status)
        {
            ErrorReport.Write(set.Environment.Error, status);
            return ExitCode.Failed;
        }

        if (settings.Json) return ExitCode.Done;
        set.Environment.Output.WriteLine(result.Duplicate ? "recorded before: nothing changed" : "recorded");
        if (result.DebtorIds.Count > 1) set.Environment.Output.WriteLine($"debtors: {string.Join(", ", result.DebtorIds)}");
        foreach (var revoked in result.RevokedDispatchIds) set.Environment.Output.WriteLine($"withdrawn: {revoked}");
        foreach (var late in result.UnstoppableDispatchIds) set.Environment.Output.WriteLine($"too late to stop: {late}");
        return ExitCode.Done;
    }
}
