using System.Diagnostics.CodeAnalysis;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Due;

/// <summary>The due debtors that one shard knows. A cache: anything may be missing, stale or doubled, and is repaired by refill and sweep.</summary>
/// <remarks>Threading: one turn of the shard at a time.</remarks>
internal sealed class DueMemory
{
    /// <summary>A woken debtor of which nothing is heard is due again after this; an offer lives as long.</summary>
    public const long WokenFor = 30_000;

    private readonly Dictionary<string, DueEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<int, DueLane> _lanes = [];

    public int Count => _entries.Count;

    /// <summary>What is due after this instant is kept only while a lane is not half full.</summary>
    public long NearUntil { get; set; } = long.MaxValue;

    public IReadOnlyCollection<DueLane> Lanes => _lanes.Values;

    public bool TryGetLane(int lane, [MaybeNullWhen(false)] out DueLane found) => _lanes.TryGetValue(lane, out found);

    public DueLane AddLane(int lane, ContactChannel channel, string tenant = "")
    {
        var added = new DueLane(lane, channel, tenant);
        _lanes.Add(lane, added);
        return added;
    }

    /// <summary>A row read from the index. What memory knows of the same version or a later one stands.</summary>
    /// <returns>True when memory did not know it.</returns>
    public bool Merge(string debtor, long version, long dueAt, DueLane lane)
    {
        if (_entries.TryGetValue(debtor, out var known))
        {
            if (known.Version >= version) return false;
            Move(known, version, dueAt, lane);
            return true;
        }

        return Add(debtor, version, dueAt, lane);
    }

    /// <summary>A hint of the debtor itself: a later version replaces, the same version only lets it rest until later.</summary>
    public void Hint(DueHint hint, DueLane? lane, long horizon)
    {
        _entries.TryGetValue(hint.Debtor, out var known);
        if (known is not null && known.Version > hint.Version) return;
        if (hint.DueAt is not { } due || due > horizon || lane is null)
        {
            if (known is not null && known.Version < hint.Version) Remove(known);
            return;
        }

        if (known is null) Add(hint.Debtor, hint.Version, due, lane);
        else Move(known, hint.Version, due, lane);
    }

    /// <summary>The next debtor of the lane to wake, marked as woken.</summary>
    public DueEntry? TakeDue(DueLane lane, long now)
    {
        if (lane.Pop(now, _entries) is not { } entry) return null;
        if (!entry.IsWoken) lane.Woken++;
        entry.IsWoken = true;
        entry.At = now + WokenFor;
        lane.Schedule(entry);
        return entry;
    }

    /// <summary>A queue lost its memory: what was offered to it is due again.</summary>
    public void ForgetWakes(ContactChannel channel, long now)
    {
        foreach (var entry in _entries.Values)
        {
            if (!entry.IsWoken || !_lanes.TryGetValue(entry.Lane, out var lane) || lane.Channel != channel) continue;
            entry.IsWoken = false;
            lane.Woken--;
            entry.At = now;
            lane.Schedule(entry);
        }
    }

    private bool Add(string debtor, long version, long dueAt, DueLane lane)
    {
        if (lane.Count >= (dueAt <= NearUntil ? DueLane.Capacity : DueLane.LaterCapacity))
        {
            // It stays in the store; the next refill begins early enough to find it.
            lane.ReadUntil = Math.Min(lane.ReadUntil, dueAt);
            return false;
        }

        var entry = new DueEntry(debtor, version, dueAt, lane.Lane);
        _entries.Add(debtor, entry);
        lane.Count++;
        lane.Schedule(entry);
        return true;
    }

    private void Move(DueEntry entry, long version, long at, DueLane lane)
    {
        Leave(entry);
        lane.Count++;
        entry.Lane = lane.Lane;
        entry.Version = version;
        entry.At = at;
        entry.IsWoken = false;
        lane.Schedule(entry);
    }

    private void Remove(DueEntry entry)
    {
        _entries.Remove(entry.Debtor);
        Leave(entry);
    }

    private void Leave(DueEntry entry)
    {
        if (!_lanes.TryGetValue(entry.Lane, out var lane)) return;
        lane.Count--;
        if (entry.IsWoken) lane.Woken--;
    }
}
