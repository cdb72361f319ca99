using Scheduler.Grains.Rules;

namespace Scheduler.Grains.Tests.Clock;

/// <summary>A clock of a wall that jumps, and a monotonic one that does not.</summary>
public sealed class ClockGuardTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    [InlineData(-500, true)]
    [InlineData(-501, false)]
    [InlineData(3_600_000, false)]
    public void A_clock_that_jumps_by_more_than_half_a_second_is_not_trusted(int milliseconds, bool isTrusted)
    {
        var clock = new TwoClocks();
        var guard = new ClockGuard(clock);
        clock.Pass(TimeSpan.FromMinutes(1));
        clock.Jump(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(isTrusted, guard.IsTrusted);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), guard.Offset);
    }

    [Fact]
    public void A_clock_that_comes_back_is_trusted_again_and_waiting_alone_does_not_help()
    {
        var clock = new TwoClocks();
        var guard = new ClockGuard(clock);
        clock.Jump(TimeSpan.FromHours(3));
        clock.Pass(TimeSpan.FromHours(9));
        Assert.False(guard.IsTrusted);
        clock.Jump(TimeSpan.FromHours(-3));
        Assert.True(guard.IsTrusted);
    }

    [Fact]
    public void A_clock_that_is_drawn_slowly_to_the_right_time_stays_trusted()
    {
        var clock = new TwoClocks();
        var guard = new ClockGuard(clock);
        for (var quarter = 0; quarter < 400; quarter++)
        {
            clock.Pass(TimeSpan.FromMinutes(15));
            clock.Jump(TimeSpan.FromMilliseconds(400));
            Assert.True(guard.IsTrusted);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(500, true)]
    [InlineData(-500, true)]
    [InlineData(501, false)]
    [InlineData(-501, false)]
    [InlineData(3_600_000, false)]
    public void A_clock_that_is_more_than_half_a_second_from_the_databases_is_not_trusted(int milliseconds, bool isTrusted)
    {
        var clock = new TwoClocks();
        var guard = new ClockGuard(clock);
        Assert.True(Measure(guard, clock, milliseconds, took: 20));
        Assert.Equal((isTrusted, TimeSpan.FromMilliseconds(milliseconds)), (guard.IsTrusted, guard.DatabaseOffset));
        Assert.True(Measure(guard, clock, 0, took: 20));
        Assert.True(guard.IsTrusted);
    }

    [Fact]
    public void An_answer_of_the_database_that_took_too_long_says_nothing()
    {
        var clock = new TwoClocks();
        var guard = new ClockGuard(clock);
        Assert.True(Measure(guard, clock, 700, took: 0));
        Assert.False(Measure(guard, clock, 0, took: 501));
        Assert.False(Measure(guard, clock, 0, took: -1));
        Assert.False(guard.IsTrusted);
        Assert.True(Measure(guard, clock, 0, took: 500));
        Assert.True(guard.IsTrusted);
    }

    private static bool Measure(ClockGuard guard, TwoClocks clock, int milliseconds, int took)
    {
        var before = clock.GetUtcNow();
        return guard.Measure(before, before.AddMilliseconds(milliseconds + (took / 2.0)), before.AddMilliseconds(took));
    }

    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time)
        {
            _wall += time;
            _ticks += time.Ticks;
        }

        public void Jump(TimeSpan by) => _wall += by;
    }
}
