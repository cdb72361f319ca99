using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Nothing_added_is_nothing_told()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.Count);
        Assert.Equal(0, histogram.At(0.99));
        Assert.Equal(0, histogram.MaxMilliseconds);
        Assert.Equal(0, histogram.MeanMilliseconds);
    }

    [Theory]
    [InlineData(0.5, 500)]
    [InlineData(0.95, 950)]
    [InlineData(0.99, 990)]
    [InlineData(0.999, 999)]
    [InlineData(1, 1_000)]
    public void A_percentile_is_within_one_in_a_hundred_of_the_exact_one(double share, double milliseconds)
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 1_000; i++) histogram.Add(TimeSpan.FromMilliseconds(i));
        Assert.InRange(histogram.At(share), milliseconds, milliseconds * 1.01);
    }

    [Fact]
    public void Every_size_from_a_microsecond_to_an_hour_keeps_its_precision()
    {
        for (var micros = 1L; micros < 3_600_000_000; micros = (micros * 17 / 10) + 1)
        {
            var histogram = new LatencyHistogram();
            histogram.Add(TimeSpan.FromMicroseconds(micros));
            histogram.Add(TimeSpan.FromHours(1.1));
            Assert.InRange(histogram.At(0.5) * 1_000, micros, micros * 1.01);
        }
    }

    [Fact]
    public void The_largest_is_told_exactly_and_bounds_every_percentile()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(1_234_567));
        Assert.Equal(1_234.567, histogram.MaxMilliseconds);
        Assert.Equal(1_234.567, histogram.At(0.5));
    }

    [Fact]
    public void A_negative_duration_counts_as_none_and_one_past_the_end_as_the_longest()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMilliseconds(-3));
        histogram.Add(TimeSpan.FromDays(2));
        Assert.Equal(0, histogram.At(0.5));
        Assert.True(histogram.MaxMilliseconds > TimeSpan.FromHours(1).TotalMilliseconds);
    }

    [Fact]
    public async Task Many_threads_lose_nothing()
    {
        var histogram = new LatencyHistogram();
        await Task.WhenAll(Enumerable.Range(1, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 25_000; i++) histogram.Add(TimeSpan.FromMilliseconds(thread));
        })));
        Assert.Equal(100_000, histogram.Count);
        Assert.Equal(2.5, histogram.MeanMilliseconds);
        Assert.Equal(4, histogram.MaxMilliseconds);
    }

    [Fact]
    public void Forgotten_is_forgotten()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromSeconds(1), times: 3);
        Assert.Equal(3, histogram.Count);
        histogram.Reset();
        Assert.Equal(0, histogram.Count);
        Assert.Equal(0, histogram.At(1));
    }
}
