using System.Diagnostics.Metrics;
using Scheduler.Host.Metrics;

namespace Scheduler.Services.Tests.Metrics;

/// <summary>What a scrape reads of what instruments measured.</summary>
public sealed class ExpositionTests : IDisposable
{
    private readonly Meter _meter = new("exposition");
    private readonly MetricsBook _book;

    public ExpositionTests() => _book = new MetricsBook(meter => ReferenceEquals(meter, _meter));

    public void Dispose()
    {
        _book.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_is_added_up_by_its_labels_and_named_a_total()
    {
        var counter = _meter.CreateCounter<long>("leases", "{lease}", "Leases.");
        counter.Add(2, Tag("channel", "sms"));
        counter.Add(3, Tag("channel", "sms"));
        counter.Add(1, Tag("channel", "call"));
        Assert.StartsWith("""
            # HELP leases_total Leases.
            # TYPE leases_total counter
            leases_total{channel="call"} 1
            leases_total{channel="sms"} 5

            """, _book.Write());
    }

    [Fact]
    public void A_histogram_counts_each_bucket_with_all_below_it_and_a_bound_is_in_its_own_bucket()
    {
        var histogram = _meter.CreateHistogram("lateness", "s", "Lateness.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in (double[])[0.05, 0.1, 0.5, 2]) histogram.Record(value, Tag("channel", "sms"));
        Assert.StartsWith("""
            # HELP lateness_seconds Lateness.
            # TYPE lateness_seconds histogram
            lateness_seconds_bucket{channel="sms",le="0.1"} 2
            lateness_seconds_bucket{channel="sms",le="1"} 3
            lateness_seconds_bucket{channel="sms",le="+Inf"} 4
            lateness_seconds_sum{channel="sms"} 2.65
            lateness_seconds_count{channel="sms"} 4

            """, _book.Write());
    }

    [Fact]
    public void A_gauge_that_is_asked_for_shows_what_is_there_and_forgets_what_is_not()
    {
        Measurement<int>[] there = [new(1, Tag("state", "waiting")), new(2, Tag("state", "leased"))];
        _meter.CreateObservableGauge("debtors", () => there, "{debtor}", "Debtors.");
        Assert.Contains("debtors{state=\"leased\"} 2\ndebtors{state=\"waiting\"} 1\n", _book.Write());
        there = [new(7, Tag("state", "waiting"))];
        Assert.Contains("# TYPE debtors gauge\ndebtors{state=\"waiting\"} 7\n", _book.Write());
        Assert.DoesNotContain("leased", _book.Write());
        there = [];
        Assert.DoesNotContain("debtors", _book.Write());
    }

    [Fact]
    public void An_up_and_down_counter_is_a_gauge_that_is_added_to()
    {
        var waiting = _meter.CreateUpDownCounter<int>("waiting", "{call}", "Waiting.");
        waiting.Add(3);
        waiting.Add(-1);
        Assert.Contains("# TYPE waiting gauge\nwaiting 2\n", _book.Write());
    }

    [Fact]
    public void Quotes_backslashes_and_ends_of_lines_in_labels_and_help_are_escaped()
    {
        _meter.CreateCounter<long>("odd_total", null, "One\ntwo \\ \"three\"").Add(1, Tag("rule", "a\"b\\c\nd"));
        Assert.Contains("# HELP odd_total One\\ntwo \\\\ \"three\"\n# TYPE odd_total counter\nodd_total{rule=\"a\\\"b\\\\c\\nd\"} 1\n", _book.Write());
    }

    [Fact]
    public void Names_of_others_get_the_form_that_the_format_asks_for()
    {
        _meter.CreateObservableCounter("dotnet.gc.pause.time", static () => 1.5, "s", "Pauses.");
        _meter.CreateObservableGauge("heap.size", static () => 5L, "By", "Heap.");
        Assert.Contains("dotnet_gc_pause_time_seconds_total 1.5\n", _book.Write());
        Assert.Contains("heap_size_bytes 5\n", _book.Write());
    }

    [Fact]
    public void Beyond_the_limit_of_series_the_rest_is_one_series_and_is_counted_as_such()
    {
        var counter = _meter.CreateCounter<long>("contact_rules_total", null, "By rule.");
        for (var i = 0; i < MetricFamily.SeriesLimit + 5; i++) counter.Add(1, Tag("rule", $"r{i}"), Tag("verdict", "defer"));
        counter.Add(1, Tag("rule", "r0"), Tag("verdict", "defer"));
        var text = _book.Write();
        Assert.Equal(MetricFamily.SeriesLimit + 1, text.Split('\n').Count(static line => line.StartsWith("contact_rules_total{", StringComparison.Ordinal)));
        Assert.Contains("contact_rules_total{rule=\"other\",verdict=\"other\"} 5\n", text);
        Assert.Contains("contact_rules_total{rule=\"r0\",verdict=\"defer\"} 2\n", text);
        Assert.Contains("contact_metrics_folded_total{metric=\"contact_rules_total\"} 5\n", text);
    }

    [Fact]
    public void A_measurement_with_other_labels_than_the_first_is_left_out_and_counted()
    {
        var counter = _meter.CreateCounter<long>("mixed_total", null, "Mixed.");
        counter.Add(1, Tag("channel", "sms"));
        counter.Add(1, Tag("tenant", "sms"));
        counter.Add(1);
        var text = _book.Write();
        Assert.Contains("mixed_total{channel=\"sms\"} 1\n", text);
        Assert.Contains("contact_metrics_folded_total{metric=\"mixed_total\"} 2\n", text);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("allocating_total");
        var histogram = _meter.CreateHistogram<double>("allocating_seconds", "s");
        // What the runtime makes once, at a first call or while it compiles, is not the recording's.
        for (var i = 0; i < 1_000; i++) Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Record();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Record()
        {
            counter.Add(1, Tag("channel", "sms"), Tag("verdict", "permit"), Tag("rule", "none"));
            histogram.Record(0.2, Tag("channel", "sms"));
        }
    }

    [Fact]
    public async Task Nothing_is_lost_among_many_that_record_at_once()
    {
        var counter = _meter.CreateCounter<long>("racing_total");
        var histogram = _meter.CreateHistogram<double>("racing_seconds", "s");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                counter.Add(1, Tag("worker", worker % 2 == 0 ? "even" : "odd"));
                histogram.Record(0.5);
            }
        })));
        var text = _book.Write();
        Assert.Contains("racing_total{worker=\"even\"} 20000\nracing_total{worker=\"odd\"} 20000\n", text);
        Assert.Contains("racing_seconds_sum 20000\nracing_seconds_count 40000\n", text);
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
