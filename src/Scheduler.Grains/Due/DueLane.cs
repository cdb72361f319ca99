using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Due;

/// <summary>One debtor that a shard keeps in memory.</summary>
internal sealed class DueEntry(string debtor, long version, long dueAt, int lane)
{
    public string Debtor => debtor;

    public long Version { get; set; } = version;

    /// <summary>When it is looked at next, unix milliseconds: its due instant, or the end of a rest.</summary>
    public long At { get; set; } = dueAt;

    public int Lane { get; set; } = lane;

    /// <summary>It was woken and neither a hint nor time has brought it back.</summary>
    public bool IsWoken { get; set; }
}

/// <summary>
/// Debtors of one lane in one shard, by the instant at which they are looked at. Entries are left in the queue when they move; the stale ones are
/// skipped when they come up.
/// </summary>
internal sealed class DueLane(int lane, ContactChannel channel, string tenant = "")
{
    /// <summary>Debtors of one lane that a shard keeps. Further ones stay in the store until there is room.</summary>
    public const int Capacity = 2_048;

    /// <summary>Of which this many may be due only later, so that there is always room for what is due now.</summary>
    public const int LaterCapacity = Capacity / 2;

    private readonly PriorityQueue<(DueEntry Entry, long At), long> _queue = new();

    public int Lane => lane;

    public ContactChannel Channel => channel;

    public string Tenant => tenant;

    /// <summary>Wakes of this lane need no gateway.</summary>
    public bool IsUpkeep => channel == ContactChannel.Unknown;

    /// <summary>Entries that belong to this lane now, woken ones included.</summary>
    public int Count { get; set; }

    /// <summary>Those of them that were woken.</summary>
    public int Woken { get; set; }

    public int Waiting => Count - Woken;

    public bool IsFull => Count >= Capacity;

    /// <summary>Everything due at or before this instant is in memory; the next refill starts a margin before it.</summary>
    public long ReadUntil { get; set; } = long.MinValue;

    /// <summary>When the store was last asked for more of it.</summary>
    public long AskedAt { get; set; } = long.MinValue / 2;

    /// <summary>How many more its queue takes, and until when that was said.</summary>
    public int Room { get; set; }

    public long RoomUntil { get; set; }

    public void Schedule(DueEntry entry) => _queue.Enqueue((entry, entry.At), entry.At);

    /// <summary>The next entry to look at at or before <paramref name="now"/>.</summary>
    public DueEntry? Pop(long now, IReadOnlyDictionary<string, DueEntry> present)
    {
        while (_queue.TryPeek(out var head, out var at) && at <= now)
        {
            _queue.Dequeue();
            var (entry, queuedAt) = head;
            if (entry.Lane == lane && entry.At == queuedAt && present.TryGetValue(entry.Debtor, out var current) && ReferenceEquals(current, entry)) return entry;
        }

        return null;
    }
}
