namespace Scheduler.Host.Metrics;

/// <summary>One line of a metric: the values of its labels and what was measured under them.</summary>
/// <remarks>Threading: any number of writers; a reader sees each number whole.</remarks>
internal abstract class MetricSeries(SeriesLabels labels)
{
    public SeriesLabels Labels { get; } = labels;

    /// <summary>The scrape that last showed it, for those that are asked at each scrape.</summary>
    public int Round { get; set; }

    public abstract void Add(double value);

    public abstract void Set(double value);

    protected static void AddTo(ref double sum, double value)
    {
        var seen = Volatile.Read(ref sum);
        while (true)
        {
            var former = Interlocked.CompareExchange(ref sum, seen + value, seen);
            if (former.Equals(seen)) return;
            seen = former;
        }
    }
}

/// <summary>One number: a counter or a gauge.</summary>
internal sealed class NumberSeries(SeriesLabels labels) : MetricSeries(labels)
{
    private long _whole;
    private double _rest;

    public double Value => Interlocked.Read(ref _whole) + Volatile.Read(ref _rest);

    public void Add(long value) => Interlocked.Add(ref _whole, value);

    public override void Add(double value) => AddTo(ref _rest, value);

    public override void Set(double value) => Volatile.Write(ref _rest, value);
}

/// <summary>Counts by bucket, and the sum.</summary>
internal sealed class HistogramSeries(SeriesLabels labels, double[] bounds) : MetricSeries(labels)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public double Sum => Volatile.Read(ref _sum);

    public override void Add(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        AddTo(ref _sum, value);
    }

    public override void Set(double value) => throw new NotSupportedException("A histogram is added to.");

    /// <summary>Bucket by bucket, the last without a bound; their sum is the count, so that the two never disagree.</summary>
    public long[] ReadCounts()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++) counts[i] = Interlocked.Read(ref _counts[i]);
        return counts;
    }
}

/// <summary>Values of at most <see cref="Limit"/> labels, in the order of the metric's label names.</summary>
internal readonly record struct SeriesLabels(string? First, string? Second, string? Third)
{
    public const int Limit = 3;

    public string? this[int index] => index switch { 0 => First, 1 => Second, _ => Third };

    public static SeriesLabels Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(
        tags.Length > 0 ? Text(tags[0].Value) : null, tags.Length > 1 ? Text(tags[1].Value) : null, tags.Length > 2 ? Text(tags[2].Value) : null);

    private static string Text(object? value) => value as string ?? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
