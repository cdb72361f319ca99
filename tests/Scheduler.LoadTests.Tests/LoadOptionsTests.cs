namespace Scheduler.LoadTests.Tests;

public sealed class LoadOptionsTests
{
    [Fact]
    public void A_scenario_alone_has_a_rate_and_a_length()
    {
        var options = LoadOptions.Parse(["steady"])!;
        Assert.Equal(1_000, options.Rate);
        Assert.Equal(30, options.Seconds);
        Assert.Equal("sqlite", options.Store);
        Assert.True(options.IsOpenLoop);
    }

    [Fact]
    public void The_largest_rate_is_a_closed_loop()
    {
        var options = LoadOptions.Parse(["steady", "--rate", "max", "--record", "--seconds", "5"])!;
        Assert.Null(options.Rate);
        Assert.False(options.IsOpenLoop);
        Assert.True(options.IsRecorded);
        Assert.Equal(5, options.Seconds);
    }

    [Fact]
    public void Callers_are_four_unless_said() =>
        Assert.Equal((4, 8), (LoadOptions.Parse(["million"])!.Callers, LoadOptions.Parse(["million", "--callers", "8"])!.Callers));

    [Fact]
    public void A_server_that_is_named_is_postgres() => Assert.Equal("postgres", LoadOptions.Parse(["steady", "--connection", "Host=db"])!.Store);

    [Fact]
    public void What_must_hold_is_a_threshold_of_every_run_and_speed_is_not()
    {
        var thresholds = LoadOptions.Parse(["steady", "--threshold", "rate>10"])!.AllThresholds.Select(t => t.ToString());
        Assert.Equal(["failures<1", "violations<1", "conservation<1", "unfinished<1", "placed_twice<1", "repeats<1", "rate>10"], thresholds);
    }

    [Fact]
    public void Repeats_are_expected_of_a_service_that_is_killed() =>
        Assert.DoesNotContain("repeats<1", LoadOptions.Parse(["crash-recovery"])!.AllThresholds.Select(t => t.ToString()));

    [Theory]
    [InlineData]
    [InlineData("fast")]
    [InlineData("steady", "--rate")]
    [InlineData("steady", "--rate", "-3")]
    [InlineData("steady", "--batch", "1001")]
    [InlineData("million", "--callers", "65")]
    [InlineData("steady", "--store", "oracle")]
    [InlineData("steady", "--threshold", "rate")]
    [InlineData("steady", "--host", "no-value")]
    [InlineData("steady", "--unknown", "3")]
    public void What_is_not_understood_is_refused(params string[] args) => Assert.Null(LoadOptions.Parse(args));
}
