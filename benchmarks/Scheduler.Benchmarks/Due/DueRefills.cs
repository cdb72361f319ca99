using System.Diagnostics;
using Scheduler.Grains.Due;
using Scheduler.Storage;

namespace Scheduler.Benchmarks.Due;

/// <summary>Reads of the due index as the shards make them, one after the other, each timed by itself.</summary>
internal sealed class DueRefills(IDueIndex index, DueEntries entries)
{
    /// <summary>What a shard asks of one lane at once.</summary>
    private const int RefillRows = 1_024;

    private const int SweepRows = 1_000;
    private const long Middle = DueEntries.Until - (45L * 86_400_000);

    /// <summary>A refill of every lane takes so many times as long as one of one lane.</summary>
    private const int FewerOfAll = 16;

    private readonly int _calls = Math.Clamp(entries.Count / 10_000, 32, 512);

    public async Task RunAsync()
    {
        Console.WriteLine("| read | calls | rows a call | ms mean | p50 | p99 | max |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var random = new Random(17);
        await TellAsync("refill, one slice and lane", _calls, () => ReadAsync(SliceAt(random), [Demand(random)]));
        await TellAsync("refill, one shard and lane", _calls, () => ReadAsync(ShardAt(random), [Demand(random)]));
        await TellAsync("the same, from the middle of the backlog on", _calls, () => ReadAsync(ShardAt(random), [Demand(random) with { DueFrom = Middle }]));
        await TellAsync("refill, one shard, every lane", Math.Max(1, _calls / FewerOfAll), () => ReadAsync(ShardAt(random), [.. Enumerable.Range(entries.FirstLane, DueEntries.LaneCount).Select(static lane => new LaneDemand(lane, RefillRows))]));
        await TellAsync("refill, one shard and lane, nothing due", _calls, () => ReadAsync(ShardAt(random), [Demand(random)], until: 0));
        SweepPosition? position = null;
        await TellAsync("sweep, a page of one shard", _calls, async () =>
        {
            var page = await index.SweepDueAsync(ShardMap.SlicesOf(0), DueEntries.Until, SweepRows, position);
            position = page.Next;
            return page.Rows.Count;
        });
    }

    private static SliceRange SliceAt(Random random)
    {
        var slice = random.Next(DebtorKey.SliceCount);
        return new SliceRange(slice, slice + 1);
    }

    private static SliceRange ShardAt(Random random) => ShardMap.SlicesOf(random.Next(ShardMap.ShardCount));

    private LaneDemand Demand(Random random) => new(entries.FirstLane + random.Next(DueEntries.LaneCount), RefillRows);

    private async Task<int> ReadAsync(SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until = DueEntries.Until) =>
        (await index.ReadDueAsync(slices, lanes, until)).Count;

    private static async Task TellAsync(string name, int calls, Func<Task<int>> read)
    {
        var taken = new double[calls];
        long rows = 0;
        for (var call = 0; call < calls; call++)
        {
            var started = Stopwatch.GetTimestamp();
            rows += await read();
            taken[call] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(taken);
        Console.WriteLine($"| {name} | {calls:N0} | {(double)rows / calls:N0} | {taken.Average():N2} | {At(0.5):N2} | {At(0.99):N2} | {taken[^1]:N2} |");

        double At(double share) => taken[(int)Math.Ceiling(share * calls) - 1];
    }
}
