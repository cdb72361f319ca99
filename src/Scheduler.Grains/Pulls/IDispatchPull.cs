using System.Collections.Immutable;
using Scheduler.Grains.Gateways;

namespace Scheduler.Grains.Pulls;

/// <summary>What channel gateways ask across debtors: pulls, what they hold, what was withdrawn from them.</summary>
public interface IDispatchPull
{
    /// <summary>Leases up to the wanted number, most urgent first; waits if there is none. A cancelled call gives its leases back.</summary>
    Task<PulledBatch> PullAsync(PullOrder order, CancellationToken cancellationToken);

    /// <summary>Gives back the unconfirmed leases of a pull whose answer was lost; answers how many.</summary>
    Task<int> ReleasePullAsync(string gatewayId, string pullId, int reason, CancellationToken cancellationToken);

    /// <summary>Live leases of a gateway. Empty instance: of all of them. No tenants: all.</summary>
    Task<LeasePage> ListLeasesAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, int pageSize, string pageToken, CancellationToken cancellationToken);

    /// <summary>Leases withdrawn from a gateway and not settled; the beginning of every watch.</summary>
    Task<ImmutableArray<RevocationNotice>> ListRevocationsAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, CancellationToken cancellationToken);
}
