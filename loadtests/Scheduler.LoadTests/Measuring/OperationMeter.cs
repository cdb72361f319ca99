using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Scheduler.LoadTests.Measuring;

/// <summary>
/// One operation as its caller saw it: how long from the moment it was meant to start, how many items, what failed and what had to be
/// repeated, each by its reason. Threading: safe for many.
/// </summary>
internal sealed class OperationMeter(string name)
{
    private readonly ConcurrentDictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _repeats = new(StringComparer.Ordinal);
    private long _items;

    public string Name { get; } = name;

    public LatencyHistogram Latency { get; } = new();

    public long Items => Interlocked.Read(ref _items);

    public long Failures => _failures.Values.Sum();

    public long Repeats => _repeats.Values.Sum();

    public void Add(TimeSpan took, int items)
    {
        Latency.Add(took);
        Interlocked.Add(ref _items, items);
    }

    public void Fail(string reason, long count = 1)
    {
        if (count > 0) _failures.AddOrUpdate(reason, count, (_, sum) => sum + count);
    }

    public void Repeat(string reason) => _repeats.AddOrUpdate(reason, 1, static (_, sum) => sum + 1);

    public void Reset()
    {
        Latency.Reset();
        Interlocked.Exchange(ref _items, 0);
        _failures.Clear();
        _repeats.Clear();
    }

    public OperationFigures Figures() => new(
        Name, Latency.Count, Items, Failures, Repeats, Rounded(Latency.At(0.50)), Rounded(Latency.At(0.95)), Rounded(Latency.At(0.99)), Rounded(Latency.At(0.999)),
        Rounded(Latency.MaxMilliseconds))
    {
        FailuresByReason = _failures.ToImmutableSortedDictionary(StringComparer.Ordinal),
        RepeatsByReason = _repeats.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, milliseconds < 10 ? 2 : 1);
}

/// <summary>Figures of one operation, in milliseconds a call.</summary>
internal sealed record OperationFigures(
    string Operation, long Calls, long Items, long Failures, long Repeats, double P50, double P95, double P99, double P999, double Max)
{
    public ImmutableSortedDictionary<string, long> FailuresByReason { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    public ImmutableSortedDictionary<string, long> RepeatsByReason { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
}
