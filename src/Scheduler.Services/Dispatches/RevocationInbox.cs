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

    private readonly ConcurrentDictionary<(string Gateway, string Instance), long> _positions = new();

    public async Task<IEnumerable<Revocation>> TakeAsync(string gateway, string instance, ImmutableArray<string> tenants, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IGatewayGrain>(gateway);
        var known = _positions.TryGetValue((gateway, instance), out var after);
        var news = await grain.Take(known ? after : 0, TimeSpan.Zero);
        if (_positions.Count >= ProcessLimit) _positions.Clear();
        _positions[(gateway, instance)] = news.Position;
        var found = known && news.IsComplete
            ? Mine(news.Revocations, instance, tenants)
            : await pulls.ListRevocationsAsync(gateway, instance, tenants, cancellationToken);
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
}
