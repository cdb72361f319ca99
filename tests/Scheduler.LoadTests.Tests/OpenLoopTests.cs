using Scheduler.Host.Clock;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Tests;

public sealed class OpenLoopTests
{
    private readonly SimulatedTimeProvider _clock = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Calls_of_a_schedule_lie_evenly_apart_and_fill_it()
    {
        var schedule = new ArrivalSchedule(ItemsPerSecond: 1_000, ItemsPerCall: 50, TimeSpan.FromSeconds(3));
        Assert.Equal(60, schedule.Calls);
        Assert.Equal(TimeSpan.Zero, schedule.StartOf(0));
        Assert.Equal(TimeSpan.FromMilliseconds(50), schedule.StartOf(1));
        Assert.Equal(TimeSpan.FromMilliseconds(2_950), schedule.StartOf(59));
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(1_000, 50)]
    [InlineData(1_000_000, 500)]
    public void A_call_carries_a_twentieth_of_a_second_within_bounds(double rate, int items) =>
        Assert.Equal(items, ArrivalSchedule.ItemsPerCallFor(rate, most: 500));

    [Fact]
    public async Task Calls_start_at_their_moments_though_none_was_answered()
    {
        var schedule = new ArrivalSchedule(ItemsPerSecond: 10, ItemsPerCall: 1, TimeSpan.FromSeconds(1));
        var answers = new TaskCompletionSource();
        List<(long Number, DateTimeOffset At)> started = [];
        var running = OpenLoop.RunAsync(schedule, _clock, mostInFlight: 100, (number, _) =>
        {
            lock (started) started.Add((number, _clock.GetUtcNow()));
            return answers.Task;
        }, TestContext.Current.CancellationToken);
        var first = _clock.GetUtcNow();
        for (var call = 1; call < schedule.Calls; call++)
        {
            _clock.AdvanceTo(first + (TimeSpan.FromMilliseconds(100) * call));
            await UntilAsync(() => Count(started) > call);
        }

        Assert.False(running.IsCompleted);
        answers.SetResult();
        await running;
        Assert.Equal(Enumerable.Range(0, 10).Select(i => ((long)i, first + (TimeSpan.FromMilliseconds(100) * i))), started);
    }

    [Fact]
    public async Task A_call_kept_waiting_by_slow_ones_is_charged_from_its_own_moment()
    {
        var schedule = new ArrivalSchedule(ItemsPerSecond: 10, ItemsPerCall: 1, TimeSpan.FromSeconds(0.3));
        var first = new TaskCompletionSource();
        var histogram = new LatencyHistogram();
        var startedCount = 0;
        var running = OpenLoop.RunAsync(schedule, _clock, mostInFlight: 1, async (_, intended) =>
        {
            if (Interlocked.Increment(ref startedCount) == 1) await first.Task;
            histogram.Add(_clock.GetElapsedTime(intended));
        }, TestContext.Current.CancellationToken);
        var began = _clock.GetUtcNow();
        // The service stands still for ten seconds; the second and third call were meant for 0.1 and 0.2 s.
        _clock.AdvanceTo(began + TimeSpan.FromMilliseconds(100));
        _clock.AdvanceTo(began + TimeSpan.FromSeconds(10));
        Assert.Equal(1, startedCount);
        first.SetResult();
        await running;
        Assert.Equal(3, histogram.Count);
        Assert.InRange(histogram.At(0), 0, 9_900);
        Assert.InRange(histogram.At(0.3), 9_800, 9_900);
        Assert.InRange(histogram.At(0.66), 9_900, 10_000);
        Assert.Equal(10_000, histogram.MaxMilliseconds);
    }

    private static int Count(List<(long Number, DateTimeOffset At)> started)
    {
        lock (started) return started.Count;
    }

    // The loop goes on outside this thread once its timer has fired.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
