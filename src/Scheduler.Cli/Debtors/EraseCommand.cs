using System.CommandLine;
using System.Globalization;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor erase`: personal data destroyed, or what must be kept, why and until when.</summary>
internal static class EraseCommand
{
    public static Command Create(CommandSet set)
    {
        var debtor = CommandArguments.Debtor();
        var reason = new Option<string>("--reason") { Description = "Why, without personal data; stands in the record for ever", Required = true };
        var id = new Option<string>("--id") { Description = "The wish's id in the record; default: by the time" };
        var command = new Command("erase", "Destroy a person's data for ever; refused while anything must be kept") { debtor, reason, id };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var whom = parse.GetRequiredValue(debtor);
            var request = new EraseDebtorRequest
            {
                TenantId = settings.Tenant,
                DebtorId = whom,
                RequestId = parse.GetValue(id) ?? $"cli-{set.Environment.Clock.GetUtcNow().ToUnixTimeMilliseconds()}",
                Actor = new Actor { Reason = parse.GetRequiredValue(reason) },
            };
            var answer = await session.Debtors.EraseDebtorAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else Write(set.Environment.Output, whom, answer);
            return answer.Retained.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    public static void Write(TextWriter output, string debtor, EraseDebtorResponse answer)
    {
        if (answer.Retained.Count == 0)
        {
            output.WriteLine($"erased: {string.Join(", ", answer.Erased)}");
            if (answer.SuppressionKept) output.WriteLine("a suppression stays: whoever comes to list an address of the person has no consent there from before");
            return;
        }

        output.WriteLine($"nothing was erased, {debtor} must be kept for now:");
        foreach (var kept in answer.Retained)
        {
            var until = kept.RetainUntilTime is null ? "" : $", until {Words.Of(kept.RetainUntilTime)}";
            var term = kept.Retention is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {kept.Retention.ToTimeSpan().TotalDays:0} days");
            output.WriteLine($"  {kept.Data}: {kept.Basis}{term}{until}");
        }
    }
}
