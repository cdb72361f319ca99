using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Scheduler.Host.Metrics;

/// <summary>Listens to the instruments of chosen meters, adds up what they measure and writes it down when asked.</summary>
/// <remarks>Threading: recorded by many, written by one at a time. A metric of two meters under one name is one metric.</remarks>
internal sealed class MetricsBook : IDisposable
{
    private const string FoldedName = "contact_metrics_folded_total";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _scrape = new();

    /// <param name="takes">Which meters are listened to.</param>
    public MetricsBook(Func<Meter, bool> takes)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!takes(instrument.Meter)) return;
            var family = MetricFamily.Of(instrument);
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Every metric of this project's own meters.</summary>
    public static MetricsBook OfScheduler() => new(static meter => meter.Name.StartsWith("Scheduler.", StringComparison.Ordinal));

    public IEnumerable<string> Names => _families.Keys.Append(FoldedName).Order(StringComparer.Ordinal);

    public string Write()
    {
        lock (_scrape)
        {
            foreach (var family in _families.Values) family.BeginRound();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(32_768);
            foreach (var family in _families.Values.OrderBy(static f => f.Name, StringComparer.Ordinal)) PrometheusText.Write(text, family);
            WriteFolded(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void WriteFolded(StringBuilder text)
    {
        PrometheusText.WriteHead(text, FoldedName, "Measurements counted under the label value other, or left out, because a metric had reached its limit of series.", MetricKind.Counter);
        var folded = _families.Values.Where(static f => f.Folded > 0).OrderBy(static f => f.Name, StringComparer.Ordinal).ToList();
        if (folded.Count == 0) text.Append(FoldedName).Append(" 0\n");
        foreach (var family in folded)
        {
            text.Append(FoldedName).Append('{');
            PrometheusText.WriteLabel(text, "metric", family.Name);
            text.Append("} ").Append(family.Folded.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
