using Scheduler.Domain.Debtors;
using Scheduler.Grains.Due;

namespace Scheduler.Grains.Tests.Due;

public sealed class RefillRoundTests
{
    private readonly RefillRound _round = new();
    private readonly List<int> _asked = [];

    [Fact]
    public async Task Every_lane_has_its_turn_however_much_the_first_ones_bring()
    {
        for (var turn = 0; turn < 5; turn++) Assert.False(await _round.ReadAsync(Lanes(40), step => Bring(step, RefillRound.Rows)));

        Assert.Equal(Enumerable.Range(0, 5 * RefillRound.StepLanes), _asked);
        Assert.False(await _round.ReadAsync(Lanes(40), step => Bring(step, RefillRound.Rows)));
        Assert.Equal(Enumerable.Range(0, RefillRound.StepLanes), _asked[^RefillRound.StepLanes..]);
    }

    [Fact]
    public async Task A_turn_ends_once_enough_rows_have_come_or_enough_lanes_were_asked_for()
    {
        Assert.False(await _round.ReadAsync(Lanes(1_000), step => Bring(step, RefillRound.Rows / 2)));
        Assert.Equal(2 * RefillRound.StepLanes, _asked.Count);

        Assert.False(await _round.ReadAsync(Lanes(1_000), step => Bring(step, 0)));
        Assert.Equal(Enumerable.Range(2 * RefillRound.StepLanes, RefillRound.Lanes), _asked[(2 * RefillRound.StepLanes)..]);
    }

    [Fact]
    public async Task A_turn_that_reaches_every_lane_says_so()
    {
        Assert.True(await _round.ReadAsync(Lanes(30), step => Bring(step, 10)));
        Assert.Equal(Enumerable.Range(0, 30), _asked);
        Assert.True(await _round.ReadAsync([], step => Bring(step, 10)));
    }

    [Fact]
    public async Task A_step_that_fails_is_asked_for_again_first()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _round.ReadAsync(Lanes(20), step => _asked.Count == 8 ? throw new InvalidOperationException() : Bring(step, 0)));
        await _round.ReadAsync(Lanes(20), step => Bring(step, 0));

        Assert.Equal([.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 8)], _asked);
    }

    private static IEnumerable<DueLane> Lanes(int count) => Enumerable.Range(0, count).Reverse().Select(static lane => new DueLane(lane, ContactChannel.Sms));

    private Task<int> Bring(IReadOnlyList<DueLane> step, int rows)
    {
        _asked.AddRange(step.Select(static lane => lane.Lane));
        return Task.FromResult(rows);
    }
}
