using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Events;

/// <summary>Events about two ids that are one person.</summary>
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
        _ => null,
    };
}
