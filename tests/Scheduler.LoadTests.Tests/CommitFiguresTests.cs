using Scheduler.LoadTests.Reporting;

namespace Scheduler.LoadTests.Tests;

public sealed class CommitFiguresTests
{
    private static readonly Dictionary<string, long> Before = Counters(groups: 10, rows: 10, micros: 5_000, (1, 10));

    [Fact]
    public void Only_the_groups_between_two_readings_count()
    {
        var figures = Between(Counters(groups: 110, rows: 3_010, micros: 205_000, (1, 60), (16, 48), (512, 2)));
        Assert.Equal(100, figures["commit_groups"]);
        Assert.Equal(30, figures["commit_group_rows_mean"]);
        Assert.Equal(2, figures["commit_ms_mean"]);
        Assert.Equal(1, figures["commit_group_rows_p50_from"]);
        Assert.Equal(512, figures["commit_group_rows_p99_from"]);
    }

    [Fact]
    public void A_service_that_began_anew_tells_nothing() => Assert.Empty(Between(Counters(groups: 3, rows: 3, micros: 9, (1, 3))));

    private static Dictionary<string, double> Between(Dictionary<string, long> after) =>
        CommitFigures.Between(Before, after).ToDictionary(figure => figure.Name, figure => figure.Value);

    private static Dictionary<string, long> Counters(long groups, long rows, long micros, params (int From, long Count)[] sizes)
    {
        var counters = new Dictionary<string, long>(StringComparer.Ordinal) { ["commit_groups"] = groups, ["commit_rows"] = rows, ["commit_microseconds"] = micros };
        foreach (var (from, count) in sizes) counters[$"commit_groups_from_{from:0000}"] = count;
        return counters;
    }
}
