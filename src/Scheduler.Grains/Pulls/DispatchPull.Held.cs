using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Pulls;

/// <content>What gateways hold: replays, lists, withdrawn leases. All of it stands on the stored pulls and on the debtors themselves.</content>
public sealed partial class DispatchPull
{
    /// <summary>Debtors read at once when a gateway's leases are listed.</summary>
    private const int ReadsAtOnce = 256;

    /// <summary>Questions to a debtor that something else writes between its answer and the look at its row.</summary>
    private const int ReplayLooks = 3;

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

    private async Task<TAnswer> ReplayAsync<TAnswer>(PullRow pull, Func<PulledBatch, Task<TAnswer>> answer, CancellationToken cancellationToken)
    {
        counters.Add(CounterNames.PullsReplayed);
        var answered = await answer(new PulledBatch(await ReadLiveAsync(pull, cancellationToken), drain.IsDraining, IsReplay: true));
        // A replay that is lost too changes nothing: what was to be given back still is.
        if (!cancellationToken.IsCancellationRequested) abandoned.Taken(pull.Gateway, pull.PullId);
        return answered;
    }

    /// <summary>The live leases of a pull that was made before; backed by a read of every row's version, never by memory alone.</summary>
    private async Task<ImmutableArray<ReadOnlyMemory<byte>>> ReadLiveAsync(PullRow pull, CancellationToken cancellationToken)
    {
        var holder = new LeaseHolder(pull.Gateway, "", pull.PullId);
        var found = new ReadOnlyMemory<byte>[pull.Keys.Length];
        var open = Enumerable.Range(0, pull.Keys.Length).ToList();
        for (var look = 0; look < ReplayLooks && open.Count > 0; look++)
        {
            var keys = open.ConvertAll(i => pull.Keys[i]);
            var held = await Task.WhenAll(keys.Select(key => grains.GetGrain<IDebtorGrain>(key.Text).ListLease(holder)));
            var versions = await store.Debtors.ReadVersionsAsync(keys, cancellationToken);
            var moved = new List<int>();
            for (var i = 0; i < held.Length; i++)
            {
                if (held[i].Dispatch.IsEmpty) continue;
                if (held[i].Version == versions[i].Version) found[open[i]] = held[i].Dispatch;
                else moved.Add(open[i]);
            }

            open = moved;
        }

        return found.Where(static dispatch => !dispatch.IsEmpty).ToImmutableArray();
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
        Lease? lease;
        try
        {
            lease = StateCodec.DecodeSealed(row.Key, row.State.Span).Lease;
        }
        catch (UnreadableBytesException)
        {
            // A row that cannot be read hides no other debtor's lease.
            return null;
        }

        return lease is not null && LeaseMatch.IsHeldBy(lease, holder) && lease.ExpiresAt > clock.Now() ? lease : null;
    }
}
