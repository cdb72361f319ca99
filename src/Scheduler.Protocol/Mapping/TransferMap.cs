using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Accounts that change hands.</summary>
public static class TransferMap
{
    public static TransferCommand Read(V1.AccountTransfer source, FieldViolations v, Instant now)
    {
        if (source.CreditorId.Length == 0 && source.CollectorKind == V1.CollectorKind.Unspecified && source.Stage == V1.AccountStage.Unspecified)
        {
            v.Add("creditor_id", FieldReasons.Required, "a new creditor, collector kind or stage");
        }

        return new TransferCommand
        {
            Account = new AccountId(v.Id("account_id", source.AccountId)),
            CreditorId = source.CreditorId.Length == 0 ? "" : v.Id("creditor_id", source.CreditorId),
            Collector = v.Known("collector_kind", source.CollectorKind, required: false).ToDomain(),
            Stage = v.Known("stage", source.Stage, required: false).ToDomain(),
            KeepsConsents = source.KeepConsents,
            TransferredAt = v.Past("transfer_time", source.TransferTime, now),
            RequestId = v.Id("request_id", source.RequestId),
        };
    }
}
