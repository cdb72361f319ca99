using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Tests.Simulation;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Dispatch;

/// <summary>Pulls that wait, on a clock that stands still unless the test moves it.</summary>
public sealed class LongPollTests
{
    /// <summary>Of a test whose pull never moves: nothing here waits in the machine's time.</summary>
    private const int LongestRun = 60_000;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    /// <summary>One slice at a queue, and what it waits for company.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromMilliseconds(1_100);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly LongPolls _polls = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = LongestRun)]
    public async Task Two_gateways_wait_and_one_debtor_comes_so_one_gets_her_and_the_other_the_next()
    {
        await using var world = await StartAsync();
        Task<PulledBatch>[] pulls = [Begin(world, Order(world, "wa-1")), Begin(world, Order(world, "wa-2"))];
        await _polls.StillAsync(world);
        await EnterAsync(world, "d1");
        await UntilAsync(world, () => pulls.Any(static pull => pull.IsCompleted));
        await PassAsync(world, OneLook);
        Assert.Equal(1, pulls.Count(static pull => pull.IsCompleted));
        var served = Array.FindIndex(pulls, static pull => pull.IsCompleted);
        Assert.Equal(["d1"], await NamesAsync(pulls[served]));

        await EnterAsync(world, "d2");
        await UntilAsync(world, () => pulls.All(static pull => pull.IsCompleted));
        Assert.Equal(["d2"], await NamesAsync(pulls[1 - served]));
    }

    [Fact(Timeout = LongestRun)]
    public async Task As_many_pulls_as_wait_are_served_by_as_many_debtors()
    {
        const int Many = 25;
        await using var world = await StartAsync();
        var pulls = Enumerable.Range(0, Many).Select(number => Begin(world, Order(world, $"wa-{number}"))).ToList();
        await _polls.StillAsync(world);
        for (var number = 0; number < Many; number++) await EnterAsync(world, $"d{number}");
        Assert.True(await _polls.EndAsync(world, Wait));
        var served = await Task.WhenAll(pulls.Select(NamesAsync));
        Assert.All(served, static names => Assert.Single(names));
        Assert.Equal(Many, served.SelectMany(static names => names).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_pull_that_waits_at_several_channels_is_served_by_any_of_them()
    {
        await using var world = await StartAsync();
        ImmutableArray<ContactChannel> channels = [ContactChannel.Sms, ContactChannel.Email, ContactChannel.Whatsapp];
        var pull = Begin(world, Order(world, "wa-1") with { Channels = channels });
        await PassAsync(world, TimeSpan.FromSeconds(3));
        Assert.False(pull.IsCompleted);
        await EnterAsync(world, "d1");
        await UntilAsync(world, () => pull.IsCompleted);
        Assert.Equal(["d1"], await NamesAsync(pull));
    }

    [Fact(Timeout = LongestRun)]
    public async Task What_comes_to_a_pull_whose_caller_left_goes_to_another_that_waits()
    {
        await using var world = await StartAsync();
        using var caller = new CancellationTokenSource();
        var left = Begin(world, Order(world, "wa-1", "left"), caller.Token);
        await _polls.StillAsync(world);
        var stays = Begin(world, Order(world, "wa-2"));
        await _polls.StillAsync(world);
        await caller.CancelAsync();
        await EnterAsync(world, "d1");
        await UntilAsync(world, () => left.IsCompleted && stays.IsCompleted);
        Assert.Empty((await left.WaitAsync(Cancel)).Dispatches);
        Assert.Equal(["d1"], await NamesAsync(stays));
        Assert.Null(await world.Store.Pulls.ReadPullAsync("wa-1", "left", Cancel));
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_pull_that_is_made_again_while_it_waits_takes_its_turn_and_is_answered_the_same()
    {
        await using var world = await StartAsync();
        var order = Order(world, "wa-1");
        Task<PulledBatch>[] calls = [Begin(world, order), Begin(world, order)];
        await PassAsync(world, OneLook);
        await EnterAsync(world, "d1");
        await UntilAsync(world, () => Array.TrueForAll(calls, static call => call.IsCompleted));
        Assert.Equal(["d1"], await NamesAsync(calls[0]));
        Assert.Equal(["d1"], await NamesAsync(calls[1]));
    }

    [Fact(Timeout = LongestRun)]
    public async Task Pulls_that_wait_end_at_their_next_look_when_the_service_drains()
    {
        await using var world = await StartAsync();
        Task<PulledBatch>[] pulls = [Begin(world, Order(world, "wa-1")), Begin(world, Order(world, "wa-2") with { Channels = [ContactChannel.Sms, ContactChannel.Whatsapp] })];
        await _polls.StillAsync(world);
        await world.Get<DrainSwitch>().BeginAsync();
        Assert.True(await _polls.EndAsync(world, OneLook));
        foreach (var pull in pulls) Assert.True((await pull.WaitAsync(Cancel)) is { IsQuiet: true, Dispatches.IsEmpty: true });
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_pull_that_nothing_comes_for_ends_with_its_wait_and_says_why()
    {
        await using var world = await StartAsync();
        var pull = Begin(world, Order(world, "wa-1") with { Wait = TimeSpan.FromMilliseconds(2_300) });
        await PassAsync(world, TimeSpan.FromMilliseconds(2_200));
        Assert.False(pull.IsCompleted);
        await PassAsync(world, TimeSpan.FromMilliseconds(200));
        Assert.Equal(WithheldReason.NothingDue, Assert.Single((await pull.WaitAsync(Cancel)).Withheld).Reason);
    }

    /// <summary>A timer counts whole milliseconds: who waits for the rest of one must not look again and again meanwhile.</summary>
    [Fact(Timeout = LongestRun)]
    public async Task A_pull_with_every_channel_stopped_waits_for_a_part_of_a_millisecond_too()
    {
        await using var world = await StartAsync();
        var stop = new PauseOrder(new PauseScope(), null, Revokes: false, "ops", "tests");
        Assert.Equal(PauseRefusal.None, (await world.Get<PauseBook>().StopAsync(stop, Cancel)).Refusal);
        var pull = Begin(world, Order(world, "wa-1") with { Wait = TimeSpan.FromMicroseconds(1_500) });
        await _polls.StillAsync(world);
        try
        {
            world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromMilliseconds(1));
            await _polls.StillAsync(world);
            Assert.False(pull.IsCompleted);
        }
        finally
        {
            world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(WithheldReason.Paused, Assert.Single((await pull.WaitAsync(Cancel)).Withheld).Reason);
        Assert.Equal(1, world.Waits.Begun);
    }

    private static Task<World> StartAsync() => World.StartAsync(new WorldTerms { IsTransportSimulated = true, IsOffDisk = true });

    private static PullOrder Order(World world, string gateway, string? pullId = null) => world.Order(gateway, pullId, count: 1) with { Wait = Wait };

    private Task<PulledBatch> Begin(World world, PullOrder order, CancellationToken caller = default) =>
        _polls.Begin(order.PullId, () => world.Pulls.PullAsync(order, Task.FromResult, caller));

    private async Task EnterAsync(World world, string debtor)
    {
        await world.EnterAsync(Entries.Reachable(debtor));
        await _polls.StillAsync(world);
    }

    /// <summary>In small steps, with everything that each brings.</summary>
    private async Task PassAsync(World world, TimeSpan time)
    {
        for (var until = world.Time.GetUtcNow() + time; world.Time.GetUtcNow() < until;)
        {
            world.Time.AdvanceTo(world.Time.GetUtcNow() + Step);
            await _polls.StillAsync(world);
        }
    }

    /// <summary>Sooner than a pull gives up: a debtor of a lane that shards do not know yet is offered once the queue has asked again.</summary>
    private async Task UntilAsync(World world, Func<bool> condition)
    {
        for (var until = world.Time.GetUtcNow() + (Wait / 2); !condition();)
        {
            Assert.True(world.Time.GetUtcNow() < until, "the pull waited on");
            await PassAsync(world, Step);
        }
    }

    private static async Task<string[]> NamesAsync(Task<PulledBatch> pull) =>
        [.. (await pull.WaitAsync(Cancel)).Dispatches.Select(static bytes => V1.Dispatch.Parser.ParseFrom(bytes.Span).DebtorId)];
}
