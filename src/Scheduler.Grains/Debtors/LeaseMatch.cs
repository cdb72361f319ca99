using Scheduler.Domain.Attempts;

namespace Scheduler.Grains.Debtors;

/// <summary>Whether a lease is the one that somebody asks for.</summary>
internal static class LeaseMatch
{
    public static bool IsHeldBy(Lease lease, LeaseHolder holder) =>
        lease.GatewayId == holder.GatewayId
        && (holder.InstanceId.Length == 0 || lease.InstanceId == holder.InstanceId)
        && (holder.PullId.Length == 0 || lease.PullId == holder.PullId);
}
