using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Scheduler.LoadTests.Reporting;

/// <summary>One line of a chart.</summary>
internal sealed record ChartLine(string Name, ImmutableArray<(double X, double Y)> Points);

/// <summary>A line chart that stands in the page itself: no script, nothing fetched.</summary>
internal static class SvgChart
{
    private const int Width = 860;
    private const int Height = 240;
    private const int Left = 64;
    private const int Right = 12;
    private const int Top = 28;
    private const int Bottom = 26;
    private const int Steps = 4;

    private static readonly string[] Colours = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df"];

    public static string Write(string title, string unit, params ImmutableArray<ChartLine> lines)
    {
        var points = lines.SelectMany(static line => line.Points).ToList();
        var most = Nice(points.Count == 0 ? 1 : points.Max(static point => point.Y));
        var first = points.Count == 0 ? 0 : points.Min(static point => point.X);
        var last = points.Count == 0 ? 1 : Math.Max(points.Max(static point => point.X), first + 1);
        var svg = new StringBuilder();
        Add(svg, $"<figure><figcaption>{title} ({unit})</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">");
        for (var step = 0; step <= Steps; step++)
        {
            var value = most * step / Steps;
            var y = Y(value);
            Add(svg, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{value:#,0.##}</text>");
            var x = first + ((last - first) * step / Steps);
            Add(svg, $"<text x=\"{X(x):0.#}\" y=\"{Height - 6}\" text-anchor=\"middle\">{x:0} s</text>");
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var colour = Colours[i % Colours.Length];
            var path = string.Join(' ', lines[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
            Add(svg, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"{path}\"/>");
            Add(svg, $"<rect x=\"{Left + (i * 150)}\" y=\"8\" width=\"10\" height=\"10\" fill=\"{colour}\"/><text x=\"{Left + (i * 150) + 15}\" y=\"17\">{System.Net.WebUtility.HtmlEncode(lines[i].Name)}</text>");
        }

        return svg.AppendLine("</svg></figure>").ToString();

        double X(double x) => Left + ((x - first) / (last - first) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - (y / most * (Height - Top - Bottom));
    }

    // One, two or five times a power of ten, so that the lines of the grid have round numbers.
    internal static double Nice(double most)
    {
        if (most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return (most / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
