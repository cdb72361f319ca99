namespace Scheduler.Grains.Ready;

/// <summary>A candidate in the queue. It is the newest of its debtor as long as the queue's index points to it.</summary>
internal sealed record Offered(Candidate Candidate, string Tenant, long LapsesAt);

/// <summary>Candidates of one tenant and priority band, the one whose permission ends first in front.</summary>
internal sealed class ReadyLane(int lane, string tenant, int band)
{
    /// <summary>Candidates of one lane; further ones are dropped and are due again soon.</summary>
    public const int Capacity = 4_000;

    private readonly PriorityQueue<Offered, long> _queue = new();

    public int Lane => lane;

    public string Tenant => tenant;

    public int Band => band;

    /// <summary>Live candidates; superseded ones are not counted.</summary>
    public int Count { get; set; }

    public bool IsFull => Count >= Capacity;

    public void Add(Offered offered) => _queue.Enqueue(offered, offered.Candidate.ClosesAt);

    /// <summary>End of permission of the first candidate, or null when there is none.</summary>
    public long? PeekClosing() => _queue.TryPeek(out _, out var closesAt) ? closesAt : null;

    public Offered? Dequeue() => _queue.TryDequeue(out var offered, out _) ? offered : null;
}
