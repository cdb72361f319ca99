using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Events about two ids that are one person, one id that is two, and accounts that change hands.</summary>
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
            case DebtorEvent.DebtorSplit e:
                target.DebtorSplit = new()
                {
                    Step = e.Step.ToProto(),
                    OtherDebtorId = e.Other,
                    AccountIds = { e.Accounts.Select(static id => Names.Of(id)) },
                    PointIds = { e.Points.Select(static id => Names.Of(id)) },
                    EventCount = e.EventCount,
                    ChainHead = ByteString.CopyFrom(e.ChainHead.AsSpan()),
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
        V1.DebtorEvent.EventOneofCase.DebtorSplit => new DebtorEvent.DebtorSplit(
            at,
            source.DebtorSplit.Step.ToDomain(),
            source.DebtorSplit.OtherDebtorId,
            [.. source.DebtorSplit.AccountIds.Select(static id => new AccountId(id))],
            [.. source.DebtorSplit.PointIds.Select(static id => new PointId(id))],
            source.DebtorSplit.EventCount,
            [.. source.DebtorSplit.ChainHead.Span]),
        _ => null,
    };
}
