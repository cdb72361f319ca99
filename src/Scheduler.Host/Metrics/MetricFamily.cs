using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Scheduler.Host.Metrics;

/// <summary>How a metric is written, and how measurements change it.</summary>
internal enum MetricKind { Counter, Gauge, Histogram }

/// <summary>One metric with all its series. Recording finds its series without allocating.</summary>
/// <remarks>
/// Limits: <see cref="SeriesLimit"/> series; what comes beyond is added up under the label value <c>other</c> and counted. The labels of a metric are those
/// of its first measurement; one with others is counted as such and left out.
/// </remarks>
internal sealed class MetricFamily
{
    public const int SeriesLimit = 1_000;

    private const string Other = "other";

    /// <summary>For histograms that bring no bounds of their own: seconds.</summary>
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly ConcurrentDictionary<SeriesLabels, MetricSeries> _series = new();
    private readonly bool _isAsked;

    /// <summary>Measurements replace what was there, and are not added.</summary>
    private readonly bool _isSet;

    private string[]? _labelNames;
    private long _folded;
    private int _round;

    private MetricFamily(Instrument instrument, MetricKind kind, bool isAsked, double[] bounds, bool isSet = false)
    {
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, kind);
        Help = instrument.Description is { Length: > 0 } text ? text : instrument.Name;
        Kind = kind;
        Bounds = bounds;
        _isAsked = isAsked;
        _isSet = isSet || isAsked;
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public double[] Bounds { get; }

    public string[] LabelNames => Volatile.Read(ref _labelNames) ?? [];

    /// <summary>Measurements that found no place of their own.</summary>
    public long Folded => Interlocked.Read(ref _folded);

    public IEnumerable<MetricSeries> Series => _series.Values.Where(series => !_isAsked || series.Round == _round);

    public static MetricFamily Of(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<int> or Counter<double> => new(instrument, MetricKind.Counter, isAsked: false, []),
        ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double> => new(instrument, MetricKind.Counter, isAsked: true, []),
        Histogram<double> histogram => new(instrument, MetricKind.Histogram, isAsked: false, histogram.Advice?.HistogramBucketBoundaries?.ToArray() ?? Seconds),
        Histogram<int> histogram => new(instrument, MetricKind.Histogram, isAsked: false, Bounded(histogram.Advice, static bound => bound)),
        Histogram<long> histogram => new(instrument, MetricKind.Histogram, isAsked: false, Bounded(histogram.Advice, static bound => bound)),
        UpDownCounter<long> or UpDownCounter<int> or UpDownCounter<double> => new(instrument, MetricKind.Gauge, isAsked: false, []),
        _ => new(instrument, MetricKind.Gauge, instrument.IsObservable, [], isSet: true),
    };

    /// <summary>Begins a scrape: what is asked for now is all there is.</summary>
    public void BeginRound() => _round = unchecked(_round + 1);

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Find(tags) is not { } series) return;
        if (_isSet) Show(series, value);
        else if (series is NumberSeries number) number.Add(value);
        else series.Add((double)value);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Find(tags) is not { } series) return;
        if (_isSet) Show(series, value);
        else series.Add(value);
    }

    private void Show(MetricSeries series, double value)
    {
        series.Set(value);
        series.Round = _round;
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!Fits(tags))
        {
            Interlocked.Increment(ref _folded);
            return null;
        }

        var labels = SeriesLabels.Of(tags);
        if (_series.TryGetValue(labels, out var series)) return series;
        if (_series.Count < SeriesLimit) return _series.GetOrAdd(labels, Create);
        Interlocked.Increment(ref _folded);
        return _series.GetOrAdd(new SeriesLabels(Named(0), Named(1), Named(2)), Create);
    }

    private string? Named(int index) => index < LabelNames.Length ? Other : null;

    private bool Fits(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = Volatile.Read(ref _labelNames);
        if (names is null)
        {
            if (tags.Length > SeriesLabels.Limit) return false;
            names = new string[tags.Length];
            for (var i = 0; i < tags.Length; i++) names[i] = tags[i].Key;
            names = Interlocked.CompareExchange(ref _labelNames, names, null) ?? names;
        }

        if (names.Length != tags.Length) return false;
        for (var i = 0; i < tags.Length; i++)
        {
            if (names[i] != tags[i].Key) return false;
        }

        return true;
    }

    private MetricSeries Create(SeriesLabels labels) => Kind == MetricKind.Histogram ? new HistogramSeries(labels, Bounds) : new NumberSeries(labels);

    private static double[] Bounded<T>(InstrumentAdvice<T>? advice, Func<T, double> read)
        where T : struct => advice?.HistogramBucketBoundaries?.Select(read).ToArray() ?? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000];
}
