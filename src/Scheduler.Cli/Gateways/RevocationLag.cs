using System.Diagnostics.Metrics;

namespace Scheduler.Cli.Gateways;

/// <summary>
/// How long after its withdrawal a lease was told of, by the service's own clock at both ends: what the wire takes comes on top. Also the histogram
/// <c>contact_revocation_heard_seconds</c>.
/// </summary>
/// <remarks>Threading: any. Limit: the last <see cref="Most"/> are kept.</remarks>
internal sealed class RevocationLag : IDisposable
{
    public const string MeterName = "Scheduler.Gateway";

    private const int Most = 10_000;

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _histogram;
    private readonly Lock _gate = new();
    private readonly Queue<TimeSpan> _lags = new();
    private long _count;

    public RevocationLag() => _histogram = _meter.CreateHistogram<double>("contact_revocation_heard_seconds", "s");

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
        }
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
