namespace Scheduler.Grains.Ready;

/// <summary>A candidate in the queue. It is the newest of its debtor as long as the queue's index points to it.</summary>
internal sealed record Offered(Candidate Candidate, long LapsesAt);

/// <summary>Candidates of one tenant and priority band, the one whose permission ends first in front.</summary>
internal sealed class ReadyLane(int lane, int band)
{
    /// <summary>Candidates of one lane; further ones are dropped and are due again soon.</summary>
    public const int Capacity = 4_000;

    private const int FewSuperseded = 64;

    private readonly PriorityQueue<Offered, long> _queue = new();

    public int Lane => lane;

    public int Band => band;

    /// <summary>Live candidates; superseded ones are not counted.</summary>
    public int Count { get; set; }

    /// <summary>With the superseded ones that have not come up yet.</summary>
    public int Held => _queue.Count;

    public bool IsFull => Count >= Capacity;

    /// <summary>Superseded candidates stay where they are until they come up, or until they outnumber the live ones.</summary>
    public void Add(Offered offered, Predicate<Offered> isLive)
    {
        _queue.Enqueue(offered, offered.Candidate.ClosesAt);
        if (_queue.Count <= (2 * Count) + FewSuperseded) return;
        var live = _queue.UnorderedItems.Where(item => isLive(item.Element)).ToList();
        _queue.Clear();
        _queue.EnqueueRange(live);
    }

    public Offered? Dequeue() => _queue.TryDequeue(out var offered, out _) ? offered : null;
}
