using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Scheduler.Cli.Gateways;

/// <summary>
/// How long after its withdrawal a lease was told of, by the service's own clock at both ends: what the wire takes comes on top. Also the histogram
/// <c>contact_revocation_heard_seconds</c>, for listeners in this process and as Prometheus' text.
/// </summary>
/// <remarks>Threading: any. Limit: the last <see cref="Most"/> are kept.</remarks>
internal sealed class RevocationLag : IDisposable
{
    public const string MeterName = "Scheduler.Gateway";

    private const string HistogramName = "contact_revocation_heard_seconds";
    private const string Help = "From a lease's withdrawal to the message that told the gateway of it.";
    private const int Most = 10_000;

    private static readonly double[] Bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _histogram;
    private readonly Lock _gate = new();
    private readonly Queue<TimeSpan> _lags = new();
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private double _sum;
    private long _count;

    public RevocationLag() => _histogram = _meter.CreateHistogram(
        HistogramName, "s", Help, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });

    public long Count => Interlocked.Read(ref _count);

    public void Add(TimeSpan lag)
    {
        lag = lag < TimeSpan.Zero ? TimeSpan.Zero : lag;
        _histogram.Record(lag.TotalSeconds);
        Interlocked.Increment(ref _count);
        lock (_gate)
        {
            if (_lags.Count == Most) _lags.Dequeue();
            _lags.Enqueue(lag);
            _sum += lag.TotalSeconds;
            // A bound belongs to the bucket below it.
            var place = Array.BinarySearch(Bounds, lag.TotalSeconds);
            _counts[place < 0 ? ~place : place]++;
        }
    }

    /// <summary>The histogram over all that was heard since the start, in Prometheus' text format (0.0.4).</summary>
    public string ToPrometheus()
    {
        var text = new StringBuilder($"# HELP {HistogramName} {Help}\n# TYPE {HistogramName} histogram\n");
        lock (_gate)
        {
            var within = 0L;
            for (var place = 0; place < _counts.Length; place++)
            {
                within += _counts[place];
                var bound = place < Bounds.Length ? Bounds[place].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Append(CultureInfo.InvariantCulture, $"{HistogramName}_bucket{{le=\"{bound}\"}} {within}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{HistogramName}_sum {_sum}\n{HistogramName}_count {within}\n");
        }

        return text.ToString();
    }

    /// <summary>The lag that so large a part of them stays within; zero where there is none.</summary>
    public TimeSpan Within(double part)
    {
        TimeSpan[] sorted;
        lock (_gate) sorted = [.. _lags.Order()];
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }

    public void Dispose() => _meter.Dispose();
}
