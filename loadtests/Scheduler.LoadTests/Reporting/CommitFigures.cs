using System.Globalization;

namespace Scheduler.LoadTests.Reporting;

/// <summary>
/// Group commits between two readings of the service's counters: mean rows and time, and how many rows the median group and the
/// ninety-ninth of a hundred had at least.
/// </summary>
internal static class CommitFigures
{
    private const string Sizes = "commit_groups_from_";

    public static IEnumerable<(string Name, double Value)> Between(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after)
    {
        var groups = Change("commit_groups");
        // Fewer than before: the service was started anew in between.
        if (groups <= 0) yield break;
        yield return ("commit_groups", groups);
        yield return ("commit_rows", Change("commit_rows"));
        yield return ("commit_group_rows_mean", Math.Round(Change("commit_rows") / (double)groups, 1));
        yield return ("commit_ms_mean", Math.Round(Change("commit_microseconds") / 1000.0 / groups, 2));
        yield return ("commit_group_rows_p50_from", SizeAt(0.5));
        yield return ("commit_group_rows_p99_from", SizeAt(0.99));

        long Change(string name) => after.GetValueOrDefault(name) - before.GetValueOrDefault(name);

        double SizeAt(double share)
        {
            var wanted = share * groups;
            var size = 0.0;
            foreach (var name in after.Keys.Where(static key => key.StartsWith(Sizes, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                if (Change(name) <= 0) continue;
                size = double.Parse(name.AsSpan(Sizes.Length), CultureInfo.InvariantCulture);
                wanted -= Change(name);
                if (wanted <= 0) break;
            }

            return size;
        }
    }
}
