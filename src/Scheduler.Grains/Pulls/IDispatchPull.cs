using System.Collections.Immutable;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Gateways;

namespace Scheduler.Grains.Pulls;

/// <summary>What channel gateways ask across debtors: pulls, what they hold, what was withdrawn from them.</summary>
public interface IDispatchPull
{
    /// <summary>
    /// Leases up to the wanted number, most urgent first; waits if there is none. The caller's <paramref name="answer"/> is part of the pull: when it
    /// fails, or the call is cancelled before it ends, nobody took the leases, and they are given back unless the pull is repeated in time.
    /// </summary>
    Task<TAnswer> PullAsync<TAnswer>(PullOrder order, Func<PulledBatch, Task<TAnswer>> answer, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a contact that nobody planned. Its key is stored as that of a pull before it is leased, so that a gateway finds it again after its
    /// own crash.
    /// </summary>
    Task<AuthorizeAnswer> AuthorizeAsync(string key, V1.AuthorizeContactRequest request, DateTimeOffset deadline, CancellationToken cancellationToken);

    /// <summary>Ends when no abandoned pull waits to be given back; for a host that stops.</summary>
    Task SettledAsync();

    /// <summary>Gives back the unconfirmed leases of a pull whose answer was lost; answers how many.</summary>
    Task<int> ReleasePullAsync(string gatewayId, string pullId, int reason, CancellationToken cancellationToken);

    /// <summary>Live leases of a gateway. Empty instance: of all of them. No tenants: all.</summary>
    Task<LeasePage> ListLeasesAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, int pageSize, string pageToken, CancellationToken cancellationToken);

    /// <summary>Leases withdrawn from a gateway and not settled; the beginning of every watch.</summary>
    Task<ImmutableArray<RevocationNotice>> ListRevocationsAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, CancellationToken cancellationToken);
}
