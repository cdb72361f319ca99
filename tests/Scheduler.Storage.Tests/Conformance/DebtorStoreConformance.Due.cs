using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task A_lanes_number_is_the_same_for_ever()
    {
        var sms = await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "sms", 2));
        var call = await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "call", 2));
        Assert.NotEqual(sms, call);
        await ReopenAsync();

        Assert.Equal(sms, await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "sms", 2)));
        Assert.Equal(
            [new LaneRow(sms, new LaneKey("acme", "sms", 2)), new LaneRow(call, new LaneKey("acme", "call", 2))],
            (await Store.Lanes.ListLanesAsync()).OrderBy(row => row.Lane));
    }

    [Fact]
    public async Task A_refill_takes_the_earliest_of_each_lane_up_to_its_limit()
    {
        await CreateDueAsync(lane: 1, count: 200);
        await CreateDueAsync(lane: 2, count: 5);
        await CreateDueAsync(lane: 3, count: 5);
        var rows = await Store.Due.ReadDueAsync(SliceRange.All, [new LaneDemand(1, 20), new LaneDemand(2, 20)], until: 1_000);

        Assert.Equal(Enumerable.Range(0, 20).Select(due => (long)due), rows.Where(row => row.Lane == 1).Select(row => row.DueAt));
        Assert.Equal(Enumerable.Range(0, 5).Select(due => (long)due), rows.Where(row => row.Lane == 2).Select(row => row.DueAt));
        Assert.Equal(25, rows.Count);
        Assert.All(rows, row => Assert.Equal((row.Key.Slice, 1), (row.Slice, row.Version)));
    }

    /// <summary>In one part, in parts by lanes, by rows, and by single lanes that are more than a part.</summary>
    [Theory]
    [InlineData(6, 40)]
    [InlineData(RefillParts.Lanes + 6, 3)]
    [InlineData(6, RefillParts.Rows / 3)]
    [InlineData(3, RefillParts.Rows + 1)]
    public async Task A_refill_of_many_lanes_answers_what_refills_of_each_lane_do(int lanes, int limit)
    {
        int[] filled = [1, 2, lanes];
        foreach (var lane in filled) await CreateDueAsync(lane, count: 60);
        // Backwards, and each from a mark of its own.
        var demands = Enumerable.Range(1, lanes).Reverse().Select(lane => new LaneDemand(lane, limit, DueFrom: lane)).ToArray();
        var shard = new SliceRange(64, 128);
        foreach (var slices in new[] { SliceRange.All, shard, new SliceRange(64, 67) })
        {
            var apart = new List<DueRow>();
            foreach (var demand in demands) apart.AddRange(await Store.Due.ReadDueAsync(slices, [demand], until: 50));
            var together = await Store.Due.ReadDueAsync(slices, demands, until: 50);

            Assert.Equal(apart, together);
            Assert.All(together.GroupBy(row => row.Lane), rows => Assert.Equal(rows.Select(row => row.DueAt).Order(), rows.Select(row => row.DueAt)));
            var all = filled.SelectMany(lane => Enumerable.Range(0, 60).Select(due => (Lane: lane, Due: due, new DebtorKey("acme", $"lane{lane}-{due}").Slice)));
            var due = all.Where(row => slices.Contains(row.Slice) && row.Due >= row.Lane && row.Due <= 50).ToLookup(row => row.Lane, row => (long)row.Due);
            Assert.All(filled, lane => Assert.Equal(due[lane].Take(limit), together.Where(row => row.Lane == lane).Select(row => row.DueAt)));
        }
    }

    [Fact]
    public async Task A_refill_goes_from_its_mark_to_its_end_both_included_and_stays_in_its_slices()
    {
        await CreateDueAsync(lane: 1, count: 100);
        var half = new SliceRange(0, 512);
        var rows = await Store.Due.ReadDueAsync(half, [new LaneDemand(1, 1_000, DueFrom: 30)], until: 40);
        var others = await Store.Due.ReadDueAsync(new SliceRange(512, 1024), [new LaneDemand(1, 1_000, DueFrom: 30)], until: 40);

        Assert.Equal(11, rows.Count + others.Count);
        Assert.All(rows, row => Assert.True(half.Contains(row.Slice)));
        Assert.All(rows.Concat(others), row => Assert.InRange(row.DueAt, 30, 40));
    }

    [Theory]
    [InlineData(100, 333)]
    [InlineData(64, 65)]
    [InlineData(127, 129)]
    [InlineData(200, 200)]
    public async Task A_refill_and_a_sweep_of_any_slices_see_the_rows_of_those_alone(int start, int end)
    {
        var lane = await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "sms", 1));
        await CreateDueAsync(lane, count: 300);
        var all = await Store.Due.ReadDueAsync(SliceRange.All, [new LaneDemand(lane, 1_000)], until: 1_000);
        var slices = new SliceRange(start, end);
        var expected = all.Where(row => slices.Contains(row.Slice)).Select(row => row.DueAt).ToArray();

        Assert.Equal(expected, (await Store.Due.ReadDueAsync(slices, [new LaneDemand(lane, 1_000)], until: 1_000)).Select(row => row.DueAt));
        Assert.Equal(expected, (await Store.Due.SweepDueAsync(slices, before: 1_000, limit: 1_000)).Rows.Select(row => row.DueAt).Order());
    }

    [Fact]
    public async Task The_due_index_follows_the_row()
    {
        await CommitAsync(Write.Create("a") with { Lane = 1, DueAt = 10 });
        await CommitAsync(Write.Update("a", 1) with { Lane = 2, DueAt = 20 });
        Assert.Empty(await Store.Due.ReadDueAsync(SliceRange.All, [new LaneDemand(1, 10)], 100));
        Assert.Equal([20], (await Store.Due.ReadDueAsync(SliceRange.All, [new LaneDemand(2, 10)], 100)).Select(row => row.DueAt));

        await CommitAsync(Write.Update("a", 2) with { Lane = null, DueAt = null });
        Assert.Empty(await Store.Due.ReadDueAsync(SliceRange.All, [new LaneDemand(2, 10)], 100));
        Assert.Empty(await Store.Due.CountDueAsync(long.MaxValue));
    }

    [Fact]
    public async Task A_sweep_finds_every_due_row_once_page_by_page()
    {
        var first = await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "sms", 1));
        var second = await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "call", 1));
        await CreateDueAsync(first, count: 130);
        await CreateDueAsync(second, count: 70);
        var found = new List<DebtorKey>();
        SweepPosition? position = null;
        do
        {
            var page = await Store.Due.SweepDueAsync(SliceRange.All, before: 50, limit: 7, position);
            Assert.InRange(page.Rows.Count, 0, 7);
            Assert.All(page.Rows, row => Assert.True(row.DueAt < 50));
            found.AddRange(page.Rows.Select(row => row.Key));
            position = page.Next;
        }
        while (position is not null);

        Assert.Equal(100, found.Count);
        Assert.Equal(100, found.Distinct().Count());
    }

    [Fact]
    public async Task Rows_due_at_one_instant_do_not_stop_a_sweep()
    {
        var lane = await Store.Lanes.GetOrAddLaneAsync(new LaneKey("acme", "sms", 1));
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => CommitAsync(Write.Create($"d{i}") with { Lane = lane, DueAt = 7 })));
        var found = new List<DebtorKey>();
        for (SweepPage? page = null; page is null || page.Next is not null; found.AddRange(page.Rows.Select(row => row.Key)))
            page = await Store.Due.SweepDueAsync(SliceRange.All, before: 50, limit: 1, page?.Next);

        Assert.Equal(60, found.Distinct().Count());
    }

    [Fact]
    public async Task The_backlog_is_counted_by_lane_with_its_oldest()
    {
        await CreateDueAsync(lane: 1, count: 30);
        await CreateDueAsync(lane: 2, count: 4);

        Assert.Equal([new LaneBacklog(1, 10, 0), new LaneBacklog(2, 4, 0)], (await Store.Due.CountDueAsync(before: 10)).OrderBy(row => row.Lane));
    }

    /// <summary>Debtors due at 0, 1, 2, … in one lane.</summary>
    private Task<WriteAnswer[]> CreateDueAsync(int lane, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => CommitAsync(Write.Create($"lane{lane}-{i}") with { Lane = lane, DueAt = i })));
}
