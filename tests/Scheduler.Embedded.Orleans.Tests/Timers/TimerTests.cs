namespace Scheduler.Embedded.Orleans.Tests.Timers;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_ticks_when_due_and_every_period_after()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITimerGrain>("t");
        await grain.Start(Second, 5 * Second, interleave: false, keepAlive: false, gate: null);
        silo.Time.Advance(Second / 2);
        Assert.Equal(0, await grain.Ticks());
        silo.Time.Advance(Second / 2);
        Assert.Equal(1, await grain.Ticks());
        silo.Time.Advance(4 * Second);
        Assert.Equal(1, await grain.Ticks());
        silo.Time.Advance(Second);
        Assert.Equal(2, await grain.Ticks());
        await grain.Stop();
        silo.Time.Advance(20 * Second);
        Assert.Equal(2, await grain.Ticks());
    }

    [Fact]
    public async Task A_timer_without_a_period_ticks_once_and_can_be_changed()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITimerGrain>("t");
        await grain.Start(Second, Timeout.InfiniteTimeSpan, interleave: false, keepAlive: false, gate: null);
        silo.Time.Advance(Second);
        Assert.Equal(1, await grain.Ticks());
        silo.Time.Advance(10 * Second);
        Assert.Equal(1, await grain.Ticks());
        await grain.Change(2 * Second, Timeout.InfiniteTimeSpan);
        silo.Time.Advance(2 * Second);
        Assert.Equal(2, await grain.Ticks());
    }

    [Fact]
    public async Task A_tick_waits_for_the_running_call()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITimerGrain>("t");
        await grain.Start(Second, Second, interleave: false, keepAlive: false, gate: null);
        var call = grain.Wait("call");
        await silo.Probe.SeenAsync("call begins");
        silo.Time.Advance(Second);
        silo.Probe.Open("call");
        await call;
        await silo.Probe.SeenAsync("tick ends");
        Assert.Equal(["call begins", "call ends", "tick begins", "tick ends"], silo.Probe.Notes);
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait_for_the_running_call()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITimerGrain>("t");
        await grain.Start(Second, Second, interleave: true, keepAlive: false, gate: null);
        var call = grain.Wait("call");
        await silo.Probe.SeenAsync("call begins");
        silo.Time.Advance(Second);
        await silo.Probe.SeenAsync("tick ends");
        Assert.False(call.IsCompleted);
        silo.Probe.Open("call");
        await call;
    }

    [Fact]
    public async Task Ticks_do_not_queue_up_while_one_runs_and_calls_wait_for_it()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITimerGrain>("t");
        await grain.Start(Second, Second, interleave: false, keepAlive: false, gate: "tick");
        silo.Time.Advance(Second);
        await silo.Probe.SeenAsync("tick begins");
        var count = grain.Ticks();
        silo.Time.Advance(10 * Second);
        Assert.False(count.IsCompleted);
        silo.Probe.Open("tick");
        Assert.Equal(1, await count);
        Assert.Equal(1, silo.Probe.Count("tick begins"));
    }

    [Fact]
    public async Task A_failing_tick_does_not_stop_the_timer()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITimerGrain>("t");
        await grain.Start(Second, Second, interleave: false, keepAlive: false, gate: "fail");
        silo.Time.Advance(Second);
        Assert.Equal(1, await grain.Ticks());
        silo.Time.Advance(Second);
        Assert.Equal(2, await grain.Ticks());
    }

    [Fact]
    public async Task Ticks_keep_an_activation_in_memory_only_if_they_are_told_to()
    {
        await using var silo = await SiloFixture.StartAsync();
        var kept = silo.Grains.GetGrain<ITimerGrain>("kept");
        var collected = silo.Grains.GetGrain<ITimerGrain>("collected");
        await kept.Start(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), interleave: false, keepAlive: true, gate: null);
        await collected.Start(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), interleave: false, keepAlive: false, gate: null);
        for (var minute = 1; minute <= 17; minute++)
        {
            silo.Time.Advance(TimeSpan.FromMinutes(1));
            await silo.Probe.SeenAsync("tick ends", Math.Min(2 * minute, 28));
        }

        await silo.Probe.SeenAsync("left");
        Assert.Equal(1, silo.Probe.Count("left"));
        Assert.True(await kept.Ticks() > 10);
        Assert.Equal(0, await collected.Ticks());
    }
}
