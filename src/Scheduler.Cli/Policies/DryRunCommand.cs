using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Policies;

/// <summary>`scheduler policy dry-run`: what activating a list would change.</summary>
internal static class DryRunCommand
{
    private const int UnreadableShown = 10;

    public static Command Create(CommandSet set)
    {
        var versions = new VersionList();
        var sample = new Option<double?>("--sample") { Description = "Share of the debtors to look at (0.1)" };
        var everybody = PolicyCommand.Everybody();
        var command = new Command("dry-run", "What activating would change: verdicts, wakes, leases") { sample, everybody };
        versions.AddTo(command);
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var tenant = PolicyCommand.TenantOf(parse, everybody, settings);
            var known = await session.Policy.ListPacksAsync(new ListPacksRequest { TenantId = tenant }, cancellationToken: cancel);
            var request = new DryRunPolicyRequest { TenantId = tenant, PackVersions = { versions.Of(parse, known) } };
            if (parse.GetValue(sample) is { } ratio) request.SampleRatio = ratio;
            using var run = session.Policy.DryRunPolicy(request, cancellationToken: cancel);
            DryRunPolicyResponse? last = null;
            await foreach (var answer in run.ResponseStream.ReadAllAsync(cancel))
            {
                last = answer;
                if (set.Environment.IsInteractive) await set.Environment.Error.WriteAsync($"\r{answer.ExaminedCount.ToString("N0", CultureInfo.InvariantCulture)} debtors");
            }

            if (last?.Result is not { } result) throw new CommandFailedException("the dry run ended without a result");
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(last));
            else Write(set.Console(set.Environment.Output), last.ExaminedCount, result);
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(IAnsiConsole console, long examined, DryRunResult result)
    {
        console.WriteLine($"{examined:N0} debtors looked at");
        if (result.UnreadableCount > 0)
            console.WriteLine($"COULD NOT BE READ: {result.UnreadableCount:N0} ({string.Join(", ", result.UnreadableDebtors.Take(UnreadableShown).Select(static one => one.DebtorId))})");
        console.WriteLine($"now permitted: {result.PermitToDenyCount:N0} would be denied, {result.PermitToDeferCount:N0} would wait");
        console.WriteLine($"now waiting: {result.DeferToDenyCount:N0} would be denied, {result.DeferToPermitCount:N0} permitted");
        console.WriteLine($"now denied: {result.DenyToPermitCount:N0} would be permitted, {result.DenyToDeferCount:N0} would wait");
        foreach (var (rule, count) in result.DeniedByRule) console.WriteLine($"  denied by {rule}: {count:N0}");
        foreach (var (rule, count) in result.DeferredByRule) console.WriteLine($"  made to wait by {rule}: {count:N0}");
        foreach (var (rule, count) in result.PermittedByRule) console.WriteLine($"  refused only as yet by {rule}: {count:N0}");
        console.WriteLine($"wakes: {result.EarlierWakeCount:N0} earlier, {result.LaterWakeCount:N0} later or never; leases withdrawn: {result.RevokedLeaseCount:N0}");
        if (result.WideningRuleIds.Count > 0) console.WriteLine($"LETS MORE THROUGH: {string.Join(", ", result.WideningRuleIds)}");
        foreach (var example in result.Examples) console.WriteLine($"  {example.DebtorId}: {Of(example.Before)} -> {Of(example.After)}");
    }

    private static string Of(Verdict? verdict) => verdict is null ? "nothing planned" : Words.Of(verdict);
}
