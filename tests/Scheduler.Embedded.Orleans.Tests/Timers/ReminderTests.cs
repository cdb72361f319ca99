using Microsoft.Extensions.DependencyInjection;

namespace Scheduler.Embedded.Orleans.Tests.Timers;

public sealed class ReminderTests
{
    [Fact]
    public async Task A_reminder_ticks_when_due_and_every_period_after()
    {
        await using var silo = await SiloFixture.StartAsync();
        await silo.Grains.GetGrain<IReminderGrain>("r").Register("wake", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
        silo.Time.Advance(TimeSpan.FromSeconds(30));
        await silo.Probe.SeenAsync("wake at 09:00:30, first at 09:00:30, every 00:02:00");
        await TickUntilAsync(silo, "wake at 09:02:30, first at 09:00:30, every 00:02:00");
    }

    [Fact]
    public async Task A_period_under_a_minute_is_refused()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<IReminderGrain>("r");
        await Assert.ThrowsAnyAsync<ArgumentException>(() => grain.Register("wake", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
        Assert.False(await grain.Has("wake"));
    }

    [Fact]
    public async Task A_reminder_is_found_until_it_is_unregistered()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<IReminderGrain>("r");
        await grain.Register("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Assert.True(await grain.Has("wake"));
        Assert.False(await silo.Grains.GetGrain<IReminderGrain>("other").Has("wake"));
        await grain.Unregister("wake");
        await grain.Unregister("wake");
        Assert.False(await grain.Has("wake"));
        silo.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(silo.Probe.Notes);
    }

    [Fact]
    public async Task Registering_again_replaces_the_reminder()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<IReminderGrain>("r");
        await grain.Register("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        await grain.Register("wake", TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10));
        silo.Time.Advance(TimeSpan.FromMinutes(3));
        await silo.Probe.SeenAsync("wake at 09:03:00, first at 09:03:00, every 00:10:00");
        Assert.Single(silo.Probe.Notes);
    }

    [Fact]
    public async Task A_reminder_fires_after_a_restart_and_missed_ticks_are_lost()
    {
        var time = new SimulatedTime(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        object? durable;
        await using (var silo = await SiloFixture.StartAsync(null, time))
        {
            await silo.Grains.GetGrain<IReminderGrain>("r").Register("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
            durable = SiloFixture.ReminderStoreOf(silo);
        }

        time.Advance(TimeSpan.FromMinutes(35));
        await using (var silo = await SiloFixture.StartAsync(builder => SiloFixture.UseReminderStore(builder, durable), time))
        {
            Assert.Empty(silo.Probe.Notes);
            time.Advance(TimeSpan.FromMinutes(6));
            await silo.Probe.SeenAsync("wake at 09:41:00, first at 09:01:00, every 00:10:00");
            Assert.Single(silo.Probe.Notes);
        }
    }

    // The clock for the next tick is set when the last one has ended, which happens beside the test: maybe only now, for an instant that has come.
    private static async Task TickUntilAsync(SiloFixture silo, string note)
    {
        silo.Time.Advance(TimeSpan.FromMinutes(2));
        var seen = silo.Probe.SeenAsync(note);
        while (!seen.IsCompleted)
        {
            silo.Time.Advance(TimeSpan.Zero);
            await Task.Yield();
        }

        await seen;
    }
}
