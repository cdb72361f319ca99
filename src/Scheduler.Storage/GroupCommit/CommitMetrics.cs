using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Scheduler.Storage.GroupCommit;

/// <summary>What the committer shows of itself.</summary>
public sealed class CommitMetrics : IDisposable
{
    public const string MeterName = "Scheduler.Storage";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<int> GroupSizes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] };

    private readonly Meter meter = new(MeterName);
    private readonly Histogram<double> queueWait;
    private readonly Histogram<int> groupRows;
    private readonly Histogram<double> commit;
    private readonly Counter<long> rows;
    private readonly Counter<long> faults;

    public CommitMetrics()
    {
        queueWait = meter.CreateHistogram<double>(
            "contact_commit_queue_wait_seconds", "s", "From a write's arrival to its group being sent.", null, Latencies);
        groupRows = meter.CreateHistogram("contact_commit_group_rows", "{row}", "Rows in a group.", null, GroupSizes);
        commit = meter.CreateHistogram<double>("contact_commit_duration_seconds", "s", "From a group being sent to its answers.", null, Latencies);
        rows = meter.CreateCounter<long>("contact_commit_rows_total", "{row}", "Rows sent.");
        faults = meter.CreateCounter<long>("contact_commit_faults_total", "{group}", "Sends that failed, by fault.");
    }

    public void Dispose() => meter.Dispose();

    internal void ObserveQueueLength(Func<int> length) =>
        meter.CreateObservableGauge("contact_commit_queue_rows", length, "{row}", "Writes waiting for a group.");

    internal void GroupSent(ReadOnlySpan<CommitRequest> group, long now)
    {
        groupRows.Record(group.Length);
        rows.Add(group.Length);
        if (!queueWait.Enabled) return;
        foreach (var request in group) queueWait.Record(Stopwatch.GetElapsedTime(request.QueuedAt, now).TotalSeconds);
    }

    internal void GroupAnswered(long sentAt) => commit.Record(Stopwatch.GetElapsedTime(sentAt).TotalSeconds);

    internal void Failed(GroupFault fault) => faults.Add(1, new KeyValuePair<string, object?>("fault", Label(fault)));

    private static string Label(GroupFault fault) => fault switch
    {
        GroupFault.Data => "data",
        GroupFault.Transient => "transient",
        GroupFault.Unavailable => "unavailable",
        _ => "unknown",
    };
}
