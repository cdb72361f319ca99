using System.Globalization;

namespace Scheduler.Benchmarks;

/// <summary>How much of everything a run does: so many times the usual, or next to nothing, where only its reaching the end matters.</summary>
internal readonly record struct BenchmarkScale(int Times, bool IsQuick)
{
    private const int QuickPart = 200;

    /// <summary>Reads <c>verdict 3</c> and <c>verdict --quick</c>.</summary>
    public static BenchmarkScale Of(string[] args) =>
        new(args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out var times) ? times : 1, Array.IndexOf(args, "--quick") >= 0);

    public int Amount(int usual) => IsQuick ? Math.Max(1, usual / QuickPart) : usual * Times;

    /// <summary>The number that follows <paramref name="name"/>.</summary>
    public static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
