using Scheduler.Host.Clock;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Tests;

public sealed class RunSamplerTests
{
    private readonly SimulatedTimeProvider _clock = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Each_look_has_the_latencies_of_its_own_interval()
    {
        var sampler = new RunSampler(_clock, [], () => 7, () => 5);
        sampler.Begin();
        sampler.Window.Add(TimeSpan.FromMilliseconds(30));
        _clock.AdvanceTo(_clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        sampler.Look();
        _clock.AdvanceTo(_clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        sampler.Look();
        Assert.Equal([(0, 0), (1, 30), (2, 0)], sampler.Samples.Select(sample => (sample.Second, sample.P99)));
        Assert.All(sampler.Samples, sample => Assert.Equal((7, 5), (sample.Offered, sample.Achieved)));
    }

    [Fact]
    public void Hours_of_looks_are_kept_in_bounded_memory_from_first_to_last()
    {
        var sampler = new RunSampler(_clock, [], () => 0, () => 0);
        sampler.Begin();
        for (var second = 1; second <= 10_000; second++)
        {
            _clock.AdvanceTo(_clock.GetUtcNow() + TimeSpan.FromSeconds(1));
            sampler.Look();
        }

        var samples = sampler.Samples;
        Assert.InRange(samples.Length, 500, 1_200);
        Assert.Equal(0, samples[0].Second);
        Assert.InRange(samples[^1].Second, 9_990, 10_000);
        Assert.Equal(samples.Select(sample => sample.Second).Order(), samples.Select(sample => sample.Second));
    }
}
