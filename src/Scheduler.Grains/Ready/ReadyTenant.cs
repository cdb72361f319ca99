namespace Scheduler.Grains.Ready;

/// <summary>One tenant's lanes in a queue, the most urgent band first. Bands order a tenant's own work; between tenants only turns decide.</summary>
internal sealed class ReadyTenant(string tenant)
{
    private readonly List<ReadyLane> _lanes = [];

    public string Tenant => tenant;

    /// <summary>Candidates that it may still give in its present turn.</summary>
    public int Credit { get; set; }

    public IReadOnlyList<ReadyLane> Lanes => _lanes;

    public bool IsEmpty => _lanes.TrueForAll(static lane => lane.Count == 0);

    public void Add(ReadyLane lane)
    {
        _lanes.Add(lane);
        _lanes.Sort(static (a, b) => a.Band.CompareTo(b.Band));
    }
}
