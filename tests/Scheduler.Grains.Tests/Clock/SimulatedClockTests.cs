using Scheduler.Grains.Tests.TestKit;
using Scheduler.Host.Clock;

namespace Scheduler.Grains.Tests.Clock;

public sealed class SimulatedClockTests
{
    [Fact]
    public void Timers_fire_in_the_order_of_their_instants_and_see_them()
    {
        var clock = new SimulatedTimeProvider(World.TuesdayTen);
        var fired = new List<(string Name, TimeSpan At)>();
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.GetUtcNow() - World.TuesdayTen)), null, TimeSpan.FromMinutes(9), Timeout.InfiniteTimeSpan);
        using var soon = clock.CreateTimer(_ => fired.Add(("soon", clock.GetUtcNow() - World.TuesdayTen)), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);

        clock.AdvanceTo(World.TuesdayTen.AddMinutes(10));
        Assert.Equal([("soon", TimeSpan.FromMinutes(2)), ("late", TimeSpan.FromMinutes(9))], fired);
        Assert.Equal(World.TuesdayTen.AddMinutes(10), clock.GetUtcNow());
    }

    [Fact]
    public void A_periodic_timer_fires_once_per_advance()
    {
        var clock = new SimulatedTimeProvider(World.TuesdayTen);
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        clock.AdvanceTo(World.TuesdayTen.AddDays(1));
        clock.AdvanceTo(World.TuesdayTen.AddDays(1).AddSeconds(1));
        Assert.Equal(2, fired);
    }

    [Fact]
    public void It_never_goes_back()
    {
        var clock = new SimulatedTimeProvider(World.TuesdayTen);
        clock.AdvanceTo(World.TuesdayTen.AddDays(-1));
        Assert.Equal(World.TuesdayTen, clock.GetUtcNow());
    }
}
