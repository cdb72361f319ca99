using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Tests;

public sealed class ThresholdTests
{
    private static readonly Dictionary<string, double> Figures = new(StringComparer.Ordinal) { ["lateness.p99"] = 120, ["rate"] = 3_000, ["violations"] = 0 };

    [Theory]
    [InlineData("lateness.p99<250", true)]
    [InlineData("lateness.p99<120", false)]
    [InlineData("rate>2999.5", true)]
    [InlineData("rate>3000", false)]
    [InlineData("violations<1", true)]
    public void A_threshold_is_met_strictly(string text, bool isMet) => Assert.Equal(isMet, Threshold.Parse(text)!.Judge(Figures).IsMet);

    [Fact]
    public void A_figure_that_was_not_measured_is_not_met()
    {
        var result = Threshold.Parse("latenes.p99<250")!.Judge(Figures);
        Assert.False(result.IsMet);
        Assert.Null(result.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rate")]
    [InlineData("<3")]
    [InlineData("rate=3")]
    [InlineData("rate<much")]
    public void What_is_no_threshold_is_refused(string text) => Assert.Null(Threshold.Parse(text));

    [Fact]
    public void A_threshold_reads_back_as_it_was_written() => Assert.Equal("PullDispatches.p99<100", Threshold.Parse("PullDispatches.p99<100")!.ToString());
}
