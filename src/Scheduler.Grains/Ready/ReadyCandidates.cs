using System.Collections.Immutable;
using Scheduler.Grains.Operations;

namespace Scheduler.Grains.Ready;

/// <summary>The candidates of one channel: bounded lanes, popped by priority band, then by the end of their permission.</summary>
/// <remarks>Threading: the queue's grain, one piece of its code at a time.</remarks>
internal sealed class ReadyCandidates(ContactCounters counters)
{
    /// <summary>Longer than this nobody believes an offer.</summary>
    public const long LivesFor = 30_000;

    private readonly Dictionary<int, ReadyLane> _lanes = [];
    private readonly Dictionary<string, Offered> _byDebtor = new(StringComparer.Ordinal);

    public int Count => _byDebtor.Count;

    public IEnumerable<ReadyLane> Lanes => _lanes.Values;

    public void Add(Candidate candidate, long now)
    {
        if (_byDebtor.TryGetValue(candidate.Debtor, out var former))
        {
            counters.Add(CounterNames.OffersDoubled);
            if (former.Candidate.Version > candidate.Version) return;
            Forget(former);
        }

        var tenant = candidate.Debtor[..candidate.Debtor.IndexOf('/', StringComparison.Ordinal)];
        if (!_lanes.TryGetValue(candidate.Lane, out var lane)) _lanes.Add(candidate.Lane, lane = new ReadyLane(candidate.Lane, tenant, candidate.Band));
        if (lane.IsFull)
        {
            counters.Add(CounterNames.OffersDropped);
            return;
        }

        var offered = new Offered(candidate, tenant, now + LivesFor);
        _byDebtor.Add(candidate.Debtor, offered);
        lane.Count++;
        lane.Add(offered);
    }

    /// <summary>Pops the most urgent candidates of these tenants; none means all.</summary>
    public ImmutableArray<Candidate> Take(ImmutableArray<string> tenants, int count, long now)
    {
        if (_byDebtor.Count == 0) return [];
        var taken = ImmutableArray.CreateBuilder<Candidate>();
        var lanes = _lanes.Values.Where(l => tenants.IsDefaultOrEmpty || tenants.Contains(l.Tenant, StringComparer.Ordinal)).ToArray();
        while (taken.Count < count && MostUrgent(lanes) is { } lane)
        {
            var offered = lane.Dequeue()!;
            if (!_byDebtor.TryGetValue(offered.Candidate.Debtor, out var current) || !ReferenceEquals(current, offered)) continue;
            Forget(offered);
            if (offered.LapsesAt > now && offered.Candidate.ClosesAt > now) taken.Add(offered.Candidate);
            else counters.Add(CounterNames.OffersLapsed);
        }

        return taken.ToImmutable();
    }

    private void Forget(Offered offered)
    {
        _byDebtor.Remove(offered.Candidate.Debtor);
        _lanes[offered.Candidate.Lane].Count--;
    }

    private static ReadyLane? MostUrgent(ReadyLane[] lanes)
    {
        ReadyLane? best = null;
        var bestClosing = long.MaxValue;
        foreach (var lane in lanes)
        {
            if (lane.PeekClosing() is not { } closing) continue;
            if (best is not null && (lane.Band > best.Band || (lane.Band == best.Band && closing >= bestClosing))) continue;
            (best, bestClosing) = (lane, closing);
        }

        return best;
    }
}
