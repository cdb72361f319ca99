using System.Collections.Concurrent;
using Scheduler.Grains.Due;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Due;

public sealed class DueShardRefillTests
{
    [Fact]
    public async Task A_shard_of_many_lanes_reads_them_step_by_step_and_goes_on_at_its_next_turn()
    {
        await using var world = await World.StartAsync();
        var asked = new ConcurrentQueue<int[]>();
        world.Store.BeforeRefill = (slices, demands) =>
        {
            if (slices == ShardMap.SlicesOf(5)) asked.Enqueue([.. demands.Select(static demand => demand.Lane)]);
        };
        var lanes = new HashSet<int>();
        for (var tenant = 0; tenant < RefillRound.Lanes + 20; tenant++) lanes.Add(await world.Store.Lanes.GetOrAddLaneAsync(new LaneKey($"tenant-{tenant}", LaneNames.Upkeep, 0)));
        world.Time.AdvanceTo(World.TuesdayTen + TimeSpan.FromMinutes(1));
        var shard = world.Grains.GetGrain<IDueShardGrain>(5);
        for (var turn = 0; turn < 3; turn++) await shard.Rouse(sweep: false);

        Assert.All(asked, step => Assert.InRange(step.Length, 0, RefillRound.StepLanes));
        Assert.Equal(lanes.Order(), asked.SelectMany(static step => step).Where(lanes.Contains).Order());
    }
}
