using System.Globalization;
using System.Text;

namespace Scheduler.Host.Metrics;

/// <summary>The text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Names of ours are written as they are; others get the unit and the ending that the format asks for.</summary>
    public static string NameOf(string instrument, string? unit, MetricKind kind)
    {
        var name = new StringBuilder(instrument.Length);
        foreach (var c in instrument) name.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_');
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) name.Insert(0, '_');
        var text = name.ToString();
        var isTotal = text.EndsWith("_total", StringComparison.Ordinal);
        if (isTotal) text = text[..^"_total".Length];
        var ending = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!text.EndsWith(ending, StringComparison.Ordinal)) text += ending;
        return kind == MetricKind.Counter ? text + "_total" : text;
    }

    public static void Write(StringBuilder text, MetricFamily family)
    {
        var series = family.Series.OrderBy(static s => s.Labels.First, StringComparer.Ordinal)
            .ThenBy(static s => s.Labels.Second, StringComparer.Ordinal).ThenBy(static s => s.Labels.Third, StringComparer.Ordinal).ToList();
        if (series.Count == 0) return;
        WriteHead(text, family.Name, family.Help, family.Kind);
        foreach (var one in series)
        {
            if (one is HistogramSeries histogram) WriteHistogram(text, family, histogram);
            else WriteLine(text, family, "", one.Labels, null, ((NumberSeries)one).Value);
        }
    }

    public static void WriteHead(StringBuilder text, string name, string help, MetricKind kind)
    {
        text.Append("# HELP ").Append(name).Append(' ');
        foreach (var c in help) Escape(text, c, isQuoted: false);
        text.Append("\n# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
    }

    public static void WriteLabel(StringBuilder text, string name, string value)
    {
        foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        text.Append("=\"");
        foreach (var c in value) Escape(text, c, isQuoted: true);
        text.Append('"');
    }

    private static void WriteHistogram(StringBuilder text, MetricFamily family, HistogramSeries series)
    {
        var counts = series.ReadCounts();
        var below = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            WriteLine(text, family, "_bucket", series.Labels, i < family.Bounds.Length ? Number(family.Bounds[i]) : "+Inf", below);
        }

        WriteLine(text, family, "_sum", series.Labels, null, series.Sum);
        WriteLine(text, family, "_count", series.Labels, null, below);
    }

    private static void WriteLine(StringBuilder text, MetricFamily family, string ending, SeriesLabels labels, string? bound, double value)
    {
        text.Append(family.Name).Append(ending);
        var names = family.LabelNames;
        if (names.Length > 0 || bound is not null)
        {
            text.Append('{');
            for (var i = 0; i < names.Length; i++)
            {
                if (i > 0) text.Append(',');
                WriteLabel(text, names[i], labels[i] ?? "");
            }

            if (bound is not null)
            {
                if (names.Length > 0) text.Append(',');
                WriteLabel(text, "le", bound);
            }

            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void Escape(StringBuilder text, char c, bool isQuoted)
    {
        if (c == '\\') text.Append("\\\\");
        else if (c == '\n') text.Append("\\n");
        else if (c == '"' && isQuoted) text.Append("\\\"");
        else text.Append(c);
    }
}
