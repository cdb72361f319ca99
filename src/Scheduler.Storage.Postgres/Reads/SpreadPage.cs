namespace Scheduler.Storage.Postgres.Reads;

/// <summary>
/// A page in one order over many slices, read as the first few of each slice. Keys are spread evenly, so a few are nearly always enough; where a slice may hold
/// more before the page's end, the page is read again with more of each.
/// </summary>
internal static class SpreadPage
{
    private const int Spare = 8;
    private const int Growth = 4;

    public static int FirstTake(int limit, int slices) => Math.Min(limit, (2 * limit / Math.Max(1, slices)) + Spare);

    public static int NextTake(int take, int limit) => (int)Math.Min(limit, (long)take * Growth);

    /// <summary>
    /// How many of <paramref name="rows"/>, in their order, are certain: no slice that gave all that it was asked for ends before them. Null where these are fewer
    /// than <paramref name="limit"/> and there may be more.
    /// </summary>
    public static int? CountCertain<T>(IReadOnlyList<T> rows, int limit, int take, Func<T, int> sliceOf)
    {
        if (take >= limit) return Math.Min(rows.Count, limit);
        var taken = new Dictionary<int, int>();
        for (var place = 0; place < rows.Count; place++)
        {
            var row = rows[place];
            var count = taken[sliceOf(row)] = taken.GetValueOrDefault(sliceOf(row)) + 1;
            if (count < take) continue;

            // The first slice to run out: rows up to this one are certain.
            return place + 1 >= limit ? limit : null;
        }

        return Math.Min(rows.Count, limit);
    }
}
