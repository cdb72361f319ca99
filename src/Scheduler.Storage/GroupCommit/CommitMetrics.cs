using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Scheduler.Storage.GroupCommit;

/// <summary>What the committer shows of itself.</summary>
public sealed class CommitMetrics : IDisposable
{
    public const string MeterName = "Scheduler.Storage";

    private readonly Meter meter = new(MeterName);
    private readonly Histogram<double> queueWait;
    private readonly Histogram<int> groupRows;
    private readonly Histogram<double> commit;
    private readonly Counter<long> rows;
    private readonly Counter<long> faults;

    public CommitMetrics()
    {
        queueWait = meter.CreateHistogram<double>(
            "contact_commit_queue_wait_seconds", "s", "From a write's arrival to its group being sent.");
        groupRows = meter.CreateHistogram<int>("contact_commit_group_rows", "{row}", "Rows in a group.");
        commit = meter.CreateHistogram<double>("contact_commit_seconds", "s", "From a group being sent to its answers.");
        rows = meter.CreateCounter<long>("contact_commit_rows", "{row}", "Rows sent.");
        faults = meter.CreateCounter<long>("contact_commit_faults", "{group}", "Sends that failed, by fault.");
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
