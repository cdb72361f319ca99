using System.CommandLine;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor transfer`: an account changes hands.</summary>
internal static class TransferCommand
{
    public static Command Create(CommandSet set)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "Account; transferred for every party" };
        var creditor = new Option<string>("--creditor") { Description = "New creditor; default: the same" };
        var collector = new Option<string>("--collector") { Description = $"New capacity of whoever collects; default: the same. {FieldWords.All<CollectorKind>()}" };
        var stage = new Option<string>("--stage") { Description = $"New stage; default: the same. {FieldWords.All<AccountStage>()}" };
        var keep = new Option<bool>("--keep-consents") { Description = "What was agreed with the former creditor holds for the new one: counsel's decision" };
        var at = new Option<string>("--at") { Description = "When it happened (2026-10-29T14:00:00Z); default: now" };
        var request = new Option<string>("--request") { Description = "Idempotency key: repeat the command with the same one, and the same --at", Required = true };
        var command = new Command("transfer", "An account changes hands: counters stay with the debt, consents end unless kept") { account, creditor, collector, stage, keep, at, request };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var transfer = new AccountTransfer
            {
                AccountId = parse.GetRequiredValue(account),
                CreditorId = parse.GetValue(creditor) ?? "",
                KeepConsents = parse.GetValue(keep),
                RequestId = parse.GetRequiredValue(request),
                TransferTime = parse.GetValue(at) is { } text ? CommandArguments.Instant("--at", text) : ProtocolValues.ToTimestamp(NodaTime.Instant.FromDateTimeOffset(set.Environment.Clock.GetUtcNow())),
            };
            if (parse.GetValue(collector) is { } kind) transfer.CollectorKind = CommandArguments.Word<CollectorKind>("--collector", kind);
            if (parse.GetValue(stage) is { } word) transfer.Stage = CommandArguments.Word<AccountStage>("--stage", word);
            if (transfer is { CreditorId.Length: 0, CollectorKind: CollectorKind.Unspecified, Stage: AccountStage.Unspecified })
                throw new UsageException("say what changes: --creditor, --collector or --stage");
            var answer = await session.Ingest.TransferAccountsAsync(new TransferAccountsRequest { TenantId = settings.Tenant, Transfers = { transfer } }, cancellationToken: cancel);
            return await WriteAsync(set, settings, transfer, answer);
        }));
        return command;
    }

    private static async Task<int> WriteAsync(CommandSet set, CallSettings settings, AccountTransfer transfer, TransferAccountsResponse answer)
    {
        var result = answer.Results[0];
        if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
        else if (result.Ok) await set.Environment.Output.WriteLineAsync($"account {transfer.AccountId} {(result.Duplicate ? "had been transferred before" : "transferred")}");
        if (!result.Ok) ErrorReport.Write(set.Environment.Error, result.Status);
        return result.Ok ? ExitCode.Done : ExitCode.Failed;
    }
}
