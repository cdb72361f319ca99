using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Events;

/// <summary>Events about debtors that were taken out of work.</summary>
internal static class RepairEventMap
{
    /// <summary>False when the event is not one of these.</summary>
    public static bool Write(DebtorEvent source, V1.DebtorEvent target)
    {
        switch (source)
        {
            case DebtorEvent.DebtorSetAside e:
                target.DebtorSetAside = new() { Reason = e.Reason, FaultCount = e.Faults, Fault = e.Fault };
                return true;
            case DebtorEvent.QuarantineResolved e:
                target.QuarantineResolved = new() { Released = e.IsReleased, ActorId = e.ActorId, Reason = e.Reason };
                return true;
            default:
                return false;
        }
    }

    public static DebtorEvent? Read(V1.DebtorEvent source, Instant at) => source.EventCase switch
    {
        V1.DebtorEvent.EventOneofCase.DebtorSetAside => new DebtorEvent.DebtorSetAside(
            at, source.DebtorSetAside.Reason, source.DebtorSetAside.FaultCount, source.DebtorSetAside.Fault),
        V1.DebtorEvent.EventOneofCase.QuarantineResolved => new DebtorEvent.QuarantineResolved(
            at, source.QuarantineResolved.Released, source.QuarantineResolved.ActorId, source.QuarantineResolved.Reason),
        _ => null,
    };
}
