using System.Collections.Concurrent;
using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Storage;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Pulls;

/// <content>What gateways hold: replays, lists, withdrawn leases. All of it stands on the stored pulls and on the debtors themselves.</content>
public sealed partial class DispatchPull
{
    /// <summary>How long a pull id can be repeated.</summary>
    public static readonly TimeSpan ReplayWindow = TimeSpan.FromMinutes(2);

    /// <summary>Debtors read at once when a gateway's leases are listed.</summary>
    private const int ReadsAtOnce = 256;

    private readonly ConcurrentDictionary<(string Gateway, string Pull), byte> _replayed = new();

    public async Task<LeasePage> ListLeasesAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        var dispatches = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        var holder = new LeaseHolder(gatewayId, instanceId, "");
        var keys = await PulledKeysAsync(gatewayId, instanceId, tenants, pageToken, cancellationToken);
        foreach (var chunk in keys.Chunk(ReadsAtOnce))
        {
            var held = await Task.WhenAll(chunk.Select(key => ReadHeldAsync(key, holder, cancellationToken)));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (held[i] is not { IsRevoked: false }) continue;
                var answer = await grains.GetGrain<IDebtorGrain>(chunk[i].Text).ListLease(holder);
                if (answer.Dispatch.IsEmpty) continue;
                dispatches.Add(answer.Dispatch);
                if (dispatches.Count >= pageSize) return new LeasePage(dispatches.ToImmutable(), chunk[i].Text);
            }
        }

        return new LeasePage(dispatches.ToImmutable(), "");
    }

    public async Task<ImmutableArray<RevocationNotice>> ListRevocationsAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, CancellationToken cancellationToken)
    {
        var notices = ImmutableArray.CreateBuilder<RevocationNotice>();
        var holder = new LeaseHolder(gatewayId, instanceId, "");
        var keys = await PulledKeysAsync(gatewayId, instanceId, tenants, "", cancellationToken);
        foreach (var chunk in keys.Chunk(ReadsAtOnce))
        {
            var held = await Task.WhenAll(chunk.Select(key => ReadHeldAsync(key, holder, cancellationToken)));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (held[i] is { IsRevoked: true } lease)
                {
                    notices.Add(new RevocationNotice(
                        chunk[i].Tenant, chunk[i].Debtor, lease.Dispatch.Value, lease.InstanceId, lease.RevokedFor, Answers.Of(lease.RevokedAt) ?? clock.GetUtcNow()));
                }
            }
        }

        return notices.ToImmutable();
    }

    /// <summary>The live leases of a pull that was made before; backed by a read of every row's version, never by memory alone.</summary>
    private async Task<PulledBatch> ReplayAsync(PullRow pull, CancellationToken cancellationToken)
    {
        counters.Add(CounterNames.PullsReplayed);
        _replayed.TryAdd((pull.Gateway, pull.PullId), 0);
        var holder = new LeaseHolder(pull.Gateway, "", pull.PullId);
        var held = await Task.WhenAll(pull.Keys.Select(key => grains.GetGrain<IDebtorGrain>(key.Text).ListLease(holder)));
        var versions = await store.Debtors.ReadVersionsAsync(pull.Keys, cancellationToken);
        var dispatches = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (var i = 0; i < held.Length; i++)
        {
            if (!held[i].Dispatch.IsEmpty && held[i].Version == versions[i].Version) dispatches.Add(held[i].Dispatch);
        }

        return new PulledBatch(dispatches.ToImmutable(), drain.IsDraining, IsReplay: true);
    }

    /// <summary>
    /// Nobody took the answer of this pull: a gateway that crashes must not use up a person's week. Leases that nobody asked for again within the
    /// replay time are given back as not placed.
    /// </summary>
    private async Task ReleaseUnlessReplayedAsync(PullRow pull)
    {
        try
        {
            // A host that stops does not wait for the replay: what nobody took goes back now.
            await Task.WhenAny(Task.Delay(ReplayWindow, clock, drain.Draining));
            if (_replayed.TryRemove((pull.Gateway, pull.PullId), out _)) return;
            await ReleasePullAsync(pull.Gateway, pull.PullId, (int)NotPlacedReason.GatewayError, CancellationToken.None);
        }
        catch (OrleansException)
        {
            // The leases lapse by themselves; what was lost is only time.
        }
    }

    private async Task<RowKey[]> PulledKeysAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, string after, CancellationToken cancellationToken)
    {
        var longest = rules.Current.Context.Terms.LongestWithExtensions;
        var since = (clock.Now() - longest).ToUnixTimeMilliseconds();
        var pulls = await store.Pulls.ListPullsAsync(gatewayId, since, cancellationToken);
        return pulls
            .Where(pull => instanceId.Length == 0 || pull.Instance == instanceId)
            .SelectMany(static pull => pull.Keys)
            .Where(key => tenants.IsDefaultOrEmpty || tenants.Contains(key.Tenant, StringComparer.Ordinal))
            .Where(key => string.CompareOrdinal(key.Text, after) > 0)
            .Distinct()
            .OrderBy(static key => key.Text, StringComparer.Ordinal)
            .ToArray();
    }

    /// <summary>The lease as stored: most debtors of past pulls hold none any more, and need not be activated to know it.</summary>
    private async Task<Lease?> ReadHeldAsync(RowKey key, LeaseHolder holder, CancellationToken cancellationToken)
    {
        if (await store.Debtors.ReadAsync(key, cancellationToken) is not { } row) return null;
        var lease = DebtorGrainStorage.Read(row).State.Lease;
        return lease is not null && LeaseMatch.IsHeldBy(lease, holder) && lease.ExpiresAt > clock.Now() ? lease : null;
    }
}
