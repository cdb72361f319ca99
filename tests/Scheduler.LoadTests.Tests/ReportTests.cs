using System.Collections.Immutable;
using System.Xml.Linq;
using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Reporting;

namespace Scheduler.LoadTests.Tests;

public sealed class ReportTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.7, 1)]
    [InlineData(13, 20)]
    [InlineData(480, 500)]
    [InlineData(5_001, 10_000)]
    public void The_grid_of_a_chart_ends_at_a_round_number(double most, double end) => Assert.Equal(end, SvgChart.Nice(most), 9);

    [Fact]
    public void A_chart_is_well_formed_and_draws_each_line_inside_its_frame()
    {
        var svg = SvgChart.Write("Rate", "a second", new ChartLine("offered & more", [(0, 0), (1, 950), (2, 1_000)]), new ChartLine("achieved", [(0, 0), (2, 10)]));
        var lines = XElement.Parse(svg).Descendants("polyline").Select(line => (string)line.Attribute("points")!).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines.SelectMany(line => line.Split(' ')), point => Assert.InRange(double.Parse(point.Split(',')[1]), 28, 214));
    }

    [Fact]
    public void The_page_stands_alone_and_names_what_was_not_met()
    {
        var page = ReportPage.Write(Report([new ThresholdResult("rate>5000", 4_000, false)]));
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.Contains("NOT MET", page, StringComparison.Ordinal);
        Assert.Equal(4, page.Split("<svg").Length - 1);
    }

    [Fact]
    public void One_threshold_that_is_not_met_spoils_the_run()
    {
        var met = new ThresholdResult("failures<1", 0, true);
        Assert.True(Report([met]).IsClean);
        Assert.False(Report([met, new ThresholdResult("rate>5000", 4_000, false)]).IsClean);
    }

    [Fact]
    public void A_process_that_is_replaced_keeps_what_the_former_one_used()
    {
        var looks = new Queue<int?>([Environment.ProcessId, null, Environment.ProcessId]);
        var meter = new ProcessMeter("service", looks.Dequeue);
        var first = meter.Read().CpuSeconds;
        Assert.True(meter.Read().CpuSeconds >= first);
        Assert.True(meter.Read().CpuSeconds >= first * 2);
    }

    private static LoadReport Report(ImmutableArray<ThresholdResult> thresholds) => new()
    {
        Scenario = "steady",
        Store = "sqlite",
        Command = "steady",
        Began = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        Machine = new Machine("processor", 2, 24, "system", "runtime", "0.1"),
        Lifecycles = 10,
        Seconds = 2,
        Operations = [new OperationMeter("PullDispatches").Figures()],
        Processes = [new ProcessFigures("service", 1, 100, 200, 210)],
        Check = new CheckFigures(10, 50, 0, [], 0, 0, 0),
        Figures = ImmutableSortedDictionary<string, double>.Empty.Add("rate", 5),
        Thresholds = thresholds,
        Samples = [Sample(0, 0), Sample(1, 5), Sample(2, 10)],
    };

    private static RunSample Sample(double second, long count) => new(second, count, count, 1, 2, [new ProcessSample("service", new ProcessUse(second / 2, 200 << 20))]);
}
