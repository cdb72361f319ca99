using System.Collections.Immutable;
using Scheduler.Grains.Operations;

namespace Scheduler.Grains.Ready;

/// <summary>
/// The candidates of one channel in bounded lanes. Tenants take turns (deficit round robin, by weight); in its turn a tenant gives its most
/// urgent band first, and within a band what closes first. So no tenant waits for another's backlog, however large or urgent that is.
/// </summary>
/// <remarks>Threading: the queue's grain, one piece of its code at a time.</remarks>
internal sealed class ReadyCandidates(ContactCounters counters)
{
    /// <summary>Longer than this nobody believes an offer.</summary>
    public const long LivesFor = 30_000;

    /// <summary>Candidates of all lanes together; further ones are dropped and are due again soon.</summary>
    public const int Capacity = 100_000;

    private readonly Dictionary<int, ReadyLane> _lanes = [];
    private readonly Dictionary<string, Offered> _byDebtor = new(StringComparer.Ordinal);
    private readonly List<ReadyTenant> _tenants = [];

    /// <summary>Index of the tenant whose turn it is.</summary>
    private int _turn;

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

        if (!_lanes.TryGetValue(candidate.Lane, out var lane)) lane = AddLane(candidate);
        if (lane.IsFull || _byDebtor.Count >= Capacity)
        {
            counters.Add(CounterNames.OffersDropped);
            return;
        }

        var offered = new Offered(candidate, now + LivesFor);
        _byDebtor.Add(candidate.Debtor, offered);
        lane.Count++;
        lane.Add(offered, IsLive);
    }

    /// <summary>Pops candidates, tenants in turn; answers them most urgent first.</summary>
    public ImmutableArray<Candidate> Take(in TakeTerms terms, int count, long now)
    {
        if (_byDebtor.Count == 0) return [];
        var taken = new List<Candidate>();
        var waiting = Waiting(terms);
        for (var at = 0; waiting.Count > 0 && taken.Count < count;)
        {
            var tenant = waiting[at];
            if (tenant.Credit == 0) tenant.Credit = terms.WeightOf(tenant.Tenant);
            while (tenant.Credit > 0 && taken.Count < count && Pop(tenant, now) is { } candidate)
            {
                taken.Add(candidate);
                tenant.Credit--;
            }

            var isOver = tenant.Credit == 0 || tenant.IsEmpty;
            if (tenant.IsEmpty)
            {
                tenant.Credit = 0;
                waiting.RemoveAt(at);
            }
            else if (isOver)
            {
                at++;
            }

            if (isOver) _turn = (_tenants.IndexOf(tenant) + 1) % _tenants.Count;
            if (at >= waiting.Count) at = 0;
        }

        taken.Sort(static (a, b) => a.Band != b.Band ? a.Band.CompareTo(b.Band) : a.ClosesAt.CompareTo(b.ClosesAt));
        return [.. taken];
    }

    /// <summary>Candidates of tenants that pacing keeps from it.</summary>
    public int CountPassed(TakeTerms terms) => terms.FullTenants.IsDefaultOrEmpty
        ? 0
        : _tenants.Where(tenant => terms.Serves(tenant.Tenant) && terms.Passes(tenant.Tenant)).Sum(static tenant => tenant.Lanes.Sum(static lane => lane.Count));

    private ReadyLane AddLane(Candidate candidate)
    {
        var name = candidate.Debtor[..candidate.Debtor.IndexOf('/', StringComparison.Ordinal)];
        var tenant = _tenants.Find(known => known.Tenant == name);
        if (tenant is null) _tenants.Add(tenant = new ReadyTenant(name));
        var lane = new ReadyLane(candidate.Lane, candidate.Band);
        tenant.Add(lane);
        _lanes.Add(candidate.Lane, lane);
        return lane;
    }

    /// <summary>The tenants that have something for this pull, the one whose turn it is in front.</summary>
    private List<ReadyTenant> Waiting(in TakeTerms terms)
    {
        var waiting = new List<ReadyTenant>();
        for (var step = 0; step < _tenants.Count; step++)
        {
            var tenant = _tenants[(_turn + step) % _tenants.Count];
            if (!tenant.IsEmpty && terms.Serves(tenant.Tenant) && !terms.Stops(tenant.Tenant) && !terms.Passes(tenant.Tenant)) waiting.Add(tenant);
        }

        return waiting;
    }

    /// <summary>A pause closes the lanes of some tenant that has offered here and that the pull serves.</summary>
    public bool IsAnyPaused(TakeTerms terms) => terms.IsPaused is not null && _tenants.Exists(tenant => terms.Serves(tenant.Tenant) && terms.Stops(tenant.Tenant));

    /// <summary>Candidates that a pull with these terms would get if nothing were paused.</summary>
    public int CountPaused(TakeTerms terms) => terms.IsPaused is null
        ? 0
        : _tenants.Where(tenant => terms.Serves(tenant.Tenant) && terms.Stops(tenant.Tenant)).Sum(static tenant => tenant.Lanes.Sum(static lane => lane.Count));

    private Candidate? Pop(ReadyTenant tenant, long now)
    {
        foreach (var lane in tenant.Lanes)
        {
            while (lane.Count > 0 && lane.Dequeue() is { } offered)
            {
                if (!IsLive(offered)) continue;
                Forget(offered);
                if (offered.LapsesAt > now && offered.Candidate.ClosesAt > now) return offered.Candidate;
                counters.Add(CounterNames.OffersLapsed);
            }
        }

        return null;
    }

    private bool IsLive(Offered offered) => _byDebtor.TryGetValue(offered.Candidate.Debtor, out var current) && ReferenceEquals(current, offered);

    private void Forget(Offered offered)
    {
        _byDebtor.Remove(offered.Candidate.Debtor);
        _lanes[offered.Candidate.Lane].Count--;
    }
}

/// <summary>Whose candidates a pull may take, and how tenants share.</summary>
/// <param name="Weights">Candidates that a tenant gives in one turn where that is not one.</param>
/// <param name="IsPaused">Tenants whose lanes are stopped; null: none is.</param>
internal readonly record struct TakeTerms(IReadOnlyDictionary<string, int> Weights, Predicate<string>? IsPaused = null)
{
    /// <summary>More names than this are looked up by hash: each pull asks them of every tenant.</summary>
    private const int Few = 8;

    private readonly HashSet<string>? _served;
    private readonly HashSet<string>? _full;

    public static readonly TakeTerms All = new(ImmutableDictionary<string, int>.Empty);

    /// <summary>None: every tenant.</summary>
    public ImmutableArray<string> Tenants
    {
        get;
        init => (field, _served) = (value, SetOf(value));
    }

    /// <summary>Tenants for whom pacing has no room now.</summary>
    public ImmutableArray<string> FullTenants
    {
        get;
        init => (field, _full) = (value, SetOf(value));
    }

    public bool Stops(string tenant) => IsPaused?.Invoke(tenant) == true;

    public bool Passes(string tenant) => !FullTenants.IsDefaultOrEmpty && (_full?.Contains(tenant) ?? FullTenants.Contains(tenant, StringComparer.Ordinal));

    public bool Serves(string tenant) => Tenants.IsDefaultOrEmpty || (_served?.Contains(tenant) ?? Tenants.Contains(tenant, StringComparer.Ordinal));

    public int WeightOf(string tenant) => Math.Max(1, Weights.GetValueOrDefault(tenant, 1));

    private static HashSet<string>? SetOf(ImmutableArray<string> names) => names.IsDefault || names.Length <= Few ? null : new HashSet<string>(names, StringComparer.Ordinal);
}
