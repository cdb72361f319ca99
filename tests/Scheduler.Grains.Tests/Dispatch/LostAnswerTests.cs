using Scheduler.Grains.Operations;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Dispatch;

public sealed class LostAnswerTests
{
    [Fact]
    public async Task Leases_whose_caller_left_are_given_back_before_they_lapse()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await LoseAsync(world, world.Order(pullId: "p-1"));
        Assert.NotNull((await world.StateAsync("d1")).Lease);

        await world.AdvanceAsync(TimeSpan.FromSeconds(61));
        await GivenBackAsync(world);
    }

    [Fact]
    public async Task Leases_whose_answer_failed_on_the_way_are_given_back()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Pulls.PullAsync<PulledBatch>(
            world.Order(pullId: "p-1"), static _ => throw new InvalidOperationException("test"), TestContext.Current.CancellationToken));

        await world.AdvanceAsync(TimeSpan.FromSeconds(61));
        await GivenBackAsync(world);
    }

    [Fact]
    public async Task A_lost_answer_that_is_asked_for_again_keeps_its_leases()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var order = world.Order(pullId: "p-1");
        await LoseAsync(world, order);
        Assert.Single(await world.PullAsync(order));

        await world.AdvanceAsync(TimeSpan.FromSeconds(61));
        await world.Get<DrainSwitch>().BeginAsync();
        await world.Pulls.SettledAsync();
        Assert.NotNull((await world.StateAsync("d1")).Lease);
    }

    [Fact]
    public async Task A_repeat_waits_for_the_call_that_it_repeats()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var order = world.Order(pullId: "p-1");
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = world.Pulls.PullAsync(
            order,
            async batch =>
            {
                reached.SetResult();
                await goOn.Task;
                return batch;
            },
            TestContext.Current.CancellationToken);
        await reached.Task;
        var repeat = world.PullAsync(order);
        Assert.False(repeat.IsCompleted);

        goOn.SetResult();
        Assert.Single((await first).Dispatches);
        Assert.Single(await repeat);
    }

    [Fact]
    public async Task A_service_that_stops_gives_back_at_once_what_nobody_took()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await LoseAsync(world, world.Order(pullId: "p-1"));

        await world.Get<DrainSwitch>().BeginAsync();
        await world.Pulls.SettledAsync();
        Assert.Null((await world.StateAsync("d1")).Lease);
        Assert.Empty((await world.StateAsync("d1")).UnsettledContacts);
    }

    private static async Task LoseAsync(World world, PullOrder order)
    {
        using var caller = new CancellationTokenSource();
        var batch = await world.Pulls.PullAsync(
            order,
            async batch =>
            {
                await caller.CancelAsync();
                return batch;
            },
            caller.Token);
        Assert.Single(batch.Dispatches);
    }

    private static async Task GivenBackAsync(World world)
    {
        await Eventually.HoldsAsync(async () => (await world.StateAsync("d1")).Lease is null);
        Assert.Empty((await world.StateAsync("d1")).UnsettledContacts);
    }
}
