using System.Collections.Immutable;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Storage;
using Scheduler.Storage.Codec;

namespace Scheduler.Grains.Sharing;

/// <summary>What other parties add to a debtor's counters, read from the rows: for whoever only asks, and claims and publishes nothing.</summary>
/// <remarks>Every change of a counter is durable before it is answered, so the rows are the truth. Threading: one reader; rows are kept for its life.</remarks>
internal sealed class SharedReading(ISharedCounterStore store)
{
    private readonly Dictionary<SharedKey, SharedCounter> _counters = [];

    public async Task<ImmutableArray<SharedContact>> OthersAsync(DebtorState debtor, PolicySnapshot policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (debtor.SharedScopes.IsEmpty) return [];
        var zones = policy.CandidatesOf(debtor);
        var others = ImmutableArray.CreateBuilder<SharedContact>();
        foreach (var scope in debtor.SharedScopes)
        {
            var view = (await ReadAsync(new SharedKey(debtor.Key.Tenant, scope.ToString()), cancellationToken)).SeenBy(debtor.Key.Debtor, SharedFate.Done, 0, now);
            foreach (var shared in SharedContactCodec.Decode(view.Others.Span, scope.Kind == SharedKind.Household)) others.Add(SharedParts.SeenFrom(zones, shared));
        }

        return others.ToImmutable();
    }

    private async Task<SharedCounter> ReadAsync(SharedKey key, CancellationToken cancellationToken)
    {
        if (_counters.TryGetValue(key, out var known)) return known;
        var row = await store.ReadAsync(key, cancellationToken);
        return _counters[key] = row is null ? SharedCounter.Empty : SharedCounter.Decode(row.State.Span);
    }
}
