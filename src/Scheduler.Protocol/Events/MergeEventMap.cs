using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Events about two ids that are one person, and about accounts that change hands.</summary>
internal static class MergeEventMap
{
    /// <summary>False when the event is not one of these.</summary>
    public static bool Write(DebtorEvent source, V1.DebtorEvent target)
    {
        switch (source)
        {
            case DebtorEvent.MergeBegan e:
                target.MergeBegan = new() { IntoDebtorId = e.Into };
                return true;
            case DebtorEvent.MergeEnded e:
                target.MergeEnded = new() { IntoDebtorId = e.Into, Completed = e.IsCompleted };
                return true;
            case DebtorEvent.DebtorAbsorbed e:
                target.DebtorAbsorbed = new() { DebtorId = e.Debtor, EventCount = e.EventCount, ChainHead = ByteString.CopyFrom(e.ChainHead.AsSpan()) };
                return true;
            case DebtorEvent.AccountTransferred e:
                target.AccountTransferred = new()
                {
                    AccountId = Names.Of(e.Account),
                    FormerCreditorId = e.FormerCreditor,
                    CreditorId = e.Creditor,
                    CollectorKind = e.Collector.ToProto(),
                    Stage = e.Stage.ToProto(),
                    KeepConsents = e.KeepsConsents,
                };
                return true;
            default:
                return false;
        }
    }

    public static DebtorEvent? Read(V1.DebtorEvent source, Instant at) => source.EventCase switch
    {
        V1.DebtorEvent.EventOneofCase.MergeBegan => new DebtorEvent.MergeBegan(at, source.MergeBegan.IntoDebtorId),
        V1.DebtorEvent.EventOneofCase.MergeEnded => new DebtorEvent.MergeEnded(at, source.MergeEnded.IntoDebtorId, source.MergeEnded.Completed),
        V1.DebtorEvent.EventOneofCase.DebtorAbsorbed => new DebtorEvent.DebtorAbsorbed(
            at, source.DebtorAbsorbed.DebtorId, source.DebtorAbsorbed.EventCount, [.. source.DebtorAbsorbed.ChainHead.Span]),
        V1.DebtorEvent.EventOneofCase.AccountTransferred => new DebtorEvent.AccountTransferred(
            at,
            new AccountId(source.AccountTransferred.AccountId),
            source.AccountTransferred.FormerCreditorId,
            source.AccountTransferred.CreditorId,
            source.AccountTransferred.CollectorKind.ToDomain(),
            source.AccountTransferred.Stage.ToDomain(),
            source.AccountTransferred.KeepConsents),
        _ => null,
    };
}
