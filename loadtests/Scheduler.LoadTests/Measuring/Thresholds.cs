using System.Collections.Immutable;
using System.Globalization;

namespace Scheduler.LoadTests.Measuring;

/// <summary>A figure that a run must reach or keep below: "lateness.p99&lt;250", "rate&gt;3000".</summary>
internal sealed record Threshold(string Figure, bool IsCeiling, double Limit)
{
    /// <summary>Reads one; null when it is no threshold.</summary>
    public static Threshold? Parse(string text)
    {
        var at = text.IndexOfAny(['<', '>']);
        if (at < 1 || !double.TryParse(text[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)) return null;
        return new Threshold(text[..at].Trim(), text[at] == '<', limit);
    }

    /// <summary>A figure that was not measured is not reached: a misspelt threshold must not pass.</summary>
    public ThresholdResult Judge(IReadOnlyDictionary<string, double> figures)
    {
        var isThere = figures.TryGetValue(Figure, out var value);
        return new ThresholdResult(ToString(), isThere ? value : null, isThere && (IsCeiling ? value < Limit : value > Limit));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Figure}{(IsCeiling ? '<' : '>')}{Limit}");
}

/// <summary>What a threshold came to.</summary>
internal sealed record ThresholdResult(string Threshold, double? Value, bool IsMet);

/// <summary>Every threshold of a run against its figures.</summary>
internal static class Thresholds
{
    public static ImmutableArray<ThresholdResult> Judge(IEnumerable<Threshold> thresholds, IReadOnlyDictionary<string, double> figures) =>
        [.. thresholds.Select(threshold => threshold.Judge(figures))];
}
