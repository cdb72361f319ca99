using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Numerics;
using Scheduler.Storage.GroupCommit;

namespace Scheduler.Grains.Operations;

/// <summary>
/// Listens to what the group committer tells of itself, and sums it for the statistics: groups, rows, time of commits, and groups by size
/// class (1, 2 to 3, 4 to 7, ... rows). Threading: safe for many.
/// </summary>
internal sealed class CommitCounts : IDisposable
{
    private const string Rows = "contact_commit_group_rows";
    private const string Seconds = "contact_commit_duration_seconds";
    private const int Classes = 16;

    private readonly MeterListener _listener = new();
    private readonly long[] _groupsBySize = new long[Classes];
    private long _groups;
    private long _rows;
    private long _microseconds;

    public CommitCounts()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == CommitMetrics.MeterName && instrument.Name is Rows or Seconds) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, rows, _, _) => AddGroup(rows));
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Interlocked.Add(ref _microseconds, (long)(seconds * 1e6)));
        _listener.Start();
    }

    public void AddTo(ImmutableSortedDictionary<string, long>.Builder counters)
    {
        if (Interlocked.Read(ref _groups) == 0) return;
        counters["commit_groups"] = Interlocked.Read(ref _groups);
        counters["commit_rows"] = Interlocked.Read(ref _rows);
        counters["commit_microseconds"] = Interlocked.Read(ref _microseconds);
        for (var size = 0; size < Classes; size++)
        {
            if (Interlocked.Read(ref _groupsBySize[size]) is > 0 and var count) counters[FormattableString.Invariant($"commit_groups_from_{1 << size:0000}")] = count;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void AddGroup(int rows)
    {
        Interlocked.Increment(ref _groups);
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _groupsBySize[Math.Min(BitOperations.Log2((uint)Math.Max(1, rows)), Classes - 1)]);
    }
}
