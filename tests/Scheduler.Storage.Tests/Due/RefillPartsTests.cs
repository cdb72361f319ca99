namespace Scheduler.Storage.Tests.Due;

public sealed class RefillPartsTests
{
    [Fact]
    public void Demands_are_cut_into_parts_of_bounded_lanes_and_rows_in_their_order()
    {
        LaneDemand[] demands = [.. Enumerable.Range(0, 300).Select(lane => new LaneDemand(lane, lane % 7 == 0 ? 2_048 : 50))];
        var parts = RefillParts.Of(demands).ToList();

        Assert.Equal(demands, parts.SelectMany(part => part));
        Assert.All(parts, part => Assert.InRange(part.Count, 1, RefillParts.Lanes));
        Assert.All(parts, part => Assert.InRange(part.Sum(demand => demand.Limit), 1, RefillParts.Rows));
    }

    [Fact]
    public void A_lane_of_more_rows_than_a_part_is_a_part_by_itself() =>
        Assert.Equal([1, 1, 1], RefillParts.Of([new LaneDemand(1, 5), new LaneDemand(2, int.MaxValue), new LaneDemand(3, int.MaxValue)]).Select(part => part.Count));

    [Fact]
    public void Nothing_is_asked_where_nothing_is_wanted() => Assert.Empty(RefillParts.Of([]));
}
