using System.Collections.Concurrent;
using System.Collections.Immutable;
using NodaTime;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Pulls;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>
/// What was withdrawn from each gateway process since its last pull here. Only the position in the gateway's news is kept; a process that is
/// not known, or whose news were lost, is answered by asking the debtors.
/// </summary>
/// <remarks>Threading: safe for many. Limits: <see cref="ProcessLimit"/> processes are remembered; at more all are forgotten, which costs questions only.</remarks>
public sealed class RevocationInbox(IGrainFactory grains, IDispatchPull pulls)
{
    private const int ProcessLimit = 4_096;

    private readonly ConcurrentDictionary<(string Gateway, string Instance), Place> _places = new();

    /// <summary>News count as told when the process comes back with another pull; a repeated one, or one whose caller has left, is told them again.</summary>
    public async Task<IEnumerable<Revocation>> TakeAsync(PullOrder order, bool isReplay, CancellationToken cancellationToken)
    {
        var process = (order.GatewayId, order.InstanceId);
        long? after = null;
        if (_places.TryGetValue(process, out var place)) after = place.PullId == order.PullId ? place.Before : place.After;
        var news = await grains.GetGrain<IGatewayGrain>(order.GatewayId).Take(after ?? 0, TimeSpan.Zero);
        var found = after is not null && news.IsComplete && !isReplay
            ? Mine(news.Revocations, order.InstanceId, order.Tenants)
            : await pulls.ListRevocationsAsync(order.GatewayId, order.InstanceId, order.Tenants, cancellationToken);
        if (_places.Count >= ProcessLimit) _places.Clear();
        if (!cancellationToken.IsCancellationRequested) _places[process] = new Place(order.PullId, after, news.Position);
        return found.Select(Write);
    }

    /// <summary>Those of this process and these tenants; none named is every one.</summary>
    public static ImmutableArray<RevocationNotice> Mine(ImmutableArray<RevocationNotice> all, string instance, ImmutableArray<string> tenants) =>
        [.. all.Where(r => (instance.Length == 0 || r.InstanceId == instance) && (tenants.IsEmpty || tenants.Contains(r.Tenant)))];

    public static Revocation Write(RevocationNotice source) => new()
    {
        DispatchId = source.DispatchId,
        TenantId = source.Tenant,
        DebtorId = source.Debtor,
        Reason = source.Reason,
        RevokeTime = ScalarMap.ToProto(Instant.FromDateTimeOffset(source.RevokedAt)),
    };

    /// <summary>Where a process stood before its last pull, and where it stands once it has that pull's answer.</summary>
    private readonly record struct Place(string PullId, long? Before, long After);
}
