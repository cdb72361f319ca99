using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Due;

/// <content>What the shard reads from the store: lanes, refills, sweeps.</content>
public sealed partial class DueShardGrain
{
    /// <summary>Rows commit late, behind a refill's snapshot: the next one starts this much earlier.</summary>
    private const long RefillMargin = 5_000;

    /// <summary>A lane with fewer waiting than this is refilled.</summary>
    private const int LowWater = 256;

    private const int RefillRows = 1_024;
    private const long RefillEvery = 1_000;
    private const long SweepEvery = 30_000;
    private const int SweepRows = 1_000;
    private const int SweepPagesAtOnce = 8;

    /// <summary>A queue's word about its room holds this long; a dead queue's lanes then rest in the store.</summary>
    private const long RoomFor = 10_000;

    /// <summary>Overdue debtors of lanes without a gateway that one sweep wakes all the same, so that steps lapse and promises break.</summary>
    private const int OverdueWakes = 32;

    private const long OverdueAfter = 600_000;

    private static readonly TimeSpan LeastBetweenSweeps = TimeSpan.FromSeconds(2);

    private readonly RefillRound _upkeepRound = new();
    private readonly RefillRound _round = new();
    private long _refilledAt = long.MinValue / 2;
    private long _sweptAt = long.MinValue / 2;
    private long _sweepStarted;
    private SweepPosition? _sweep;
    private bool _isSweeping;
    private int _sweepNumber;
    private int _overdueSeen;
    private int _overdueStride = 1;

    private SliceRange Slices => ShardMap.SlicesOf(this.GetPrimaryKeyLong());

    private async ValueTask<DueLane?> FindLaneAsync(int lane)
    {
        if (_memory.TryGetLane(lane, out var known)) return known;
        await RefreshLanesAsync();
        return _memory.TryGetLane(lane, out known) ? known : null;
    }

    private async Task RefreshLanesAsync()
    {
        foreach (var row in await tools.Lanes.ListLanesAsync())
        {
            if (!_memory.TryGetLane(row.Lane, out _)) _memory.AddLane(row.Lane, LaneNames.ChannelOf(row.Key.Channel), row.Key.Tenant);
        }
    }

    /// <summary>
    /// Reads ahead for lanes that wake by themselves and for lanes whose queue asks; a full page is read on at the next call. Each kind reads a bounded part, so
    /// that neither waits for the other; what is left is for the next tick.
    /// </summary>
    private async Task RefillAsync(long now, ContactChannel? askedFor)
    {
        var isTime = now - RefillEvery >= _refilledAt;
        if (askedFor is null && !isTime) return;
        if (isTime)
        {
            _refilledAt = now;
            await RefreshLanesAsync();
        }

        var until = Horizon(now);
        var wanted = _memory.Lanes.Where(lane => IsWanted(lane, now, until, isTime, askedFor)).ToLookup(static lane => lane.IsUpkeep);
        var isAll = await _upkeepRound.ReadAsync(wanted[true], step => ReadAsync(step, now, until));
        isAll &= await _round.ReadAsync(wanted[false], step => ReadAsync(step, now, until));
        if (!isAll) _refilledAt = now - RefillEvery;
    }

    private static bool IsWanted(DueLane lane, long now, long until, bool isTime, ContactChannel? askedFor)
    {
        if (lane.IsFull || lane.Waiting >= LowWater) return false;
        var isAsked = !lane.IsUpkeep && lane.Channel == askedFor && lane.RoomUntil > now;
        if (isAsked && lane.ReadUntil < now) return true;
        // Memory holds everything up to a lane's mark, and hints keep it so: reading again is for lanes whose mark has come near, each once in a while.
        var isItsTime = isTime && (lane.IsUpkeep || lane.RoomUntil > now) && lane.AskedAt <= now - RefillEvery;
        return isItsTime && lane.ReadUntil < now + ((until - now) / 2);
    }

    private static LaneDemand DemandOf(DueLane lane) => new(
        lane.Lane, Math.Min(lane.Count + RefillRows, DueLane.Capacity), lane.ReadUntil == long.MinValue ? long.MinValue : lane.ReadUntil - RefillMargin);

    private async Task<int> ReadAsync(IReadOnlyList<DueLane> lanes, long now, long until)
    {
        foreach (var lane in lanes) lane.AskedAt = now;
        List<LaneDemand> demands = [.. lanes.Select(DemandOf)];
        var rows = await tools.Due.ReadDueAsync(Slices, demands, until);
        Merge(demands, rows, until);
        return rows.Count;
    }

    private void Merge(List<LaneDemand> demands, IReadOnlyList<DueRow> rows, long until)
    {
        var read = demands.ToDictionary(static d => d.Lane, static _ => (Rows: 0, Last: long.MinValue));
        foreach (var row in rows) read[row.Lane] = (read[row.Lane].Rows + 1, Math.Max(read[row.Lane].Last, row.DueAt));
        foreach (var demand in demands)
        {
            if (!_memory.TryGetLane(demand.Lane, out var lane)) continue;
            var (count, last) = read[demand.Lane];
            lane.ReadUntil = count >= demand.Limit ? last : until;
        }

        // After the marks: what does not fit lowers its lane's mark again.
        foreach (var row in rows)
        {
            if (_memory.TryGetLane(row.Lane, out var lane)) _memory.Merge(row.Key.Text, row.Version, row.DueAt, lane);
        }
    }

    /// <summary>Every row due before now, whatever memory believes: finds what a lost hint or a dead shard left behind.</summary>
    private async Task SweepAsync(long now, bool force)
    {
        if (!_isSweeping)
        {
            // On a simulated clock half a minute may pass at every instruction; a sweep reads much, so the machine's clock has a say too.
            if (!force && (now - SweepEvery < _sweptAt || tools.Transport.Time.GetElapsedTime(_sweepStarted) < LeastBetweenSweeps)) return;
            _sweepStarted = tools.Transport.Time.GetTimestamp();
            (_isSweeping, _sweptAt, _sweep) = (true, now, null);
            _sweepNumber++;
            // Another part of the overdue ones at every sweep, so that none is left out for ever.
            _overdueStride = Math.Max(1, _overdueSeen / OverdueWakes);
            _overdueSeen = 0;
        }

        for (var page = 0; page < SweepPagesAtOnce; page++)
        {
            var found = await tools.Due.SweepDueAsync(Slices, now, SweepRows, _sweep);
            foreach (var row in found.Rows) await SweepRowAsync(row, now);
            _sweep = found.Next;
            if (found.Next is null)
            {
                _isSweeping = false;
                return;
            }
        }
    }

    private async ValueTask SweepRowAsync(DueRow row, long now)
    {
        if (await FindLaneAsync(row.Lane) is not { } lane) return;
        if (_memory.Merge(row.Key.Text, row.Version, row.DueAt, lane)) tools.Counters.Add(CounterNames.FoundBySweep);
        if (lane.IsUpkeep || TakesMore(lane, now) || row.DueAt > now - OverdueAfter) return;
        _overdueSeen++;
        if (_overdueSeen % _overdueStride != _sweepNumber % _overdueStride) return;
        Wake(new DueEntry(row.Key.Text, row.Version, row.DueAt, row.Lane));
    }
}
