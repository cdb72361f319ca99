using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>The due index in PostgreSQL: one ordered walk per slice and lane, merged by the server, so a refill reads what it takes and little more.</summary>
internal sealed class PostgresDueIndex(PostgresDatabase database) : IDueIndex
{
    /// <summary>As the statement has it: a shard of the usual number of shards.</summary>
    private const int SlicesPerStatement = 64;

    public async Task<IReadOnlyList<DueRow>> ReadDueAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken = default)
    {
        var rows = new List<DueRow>();
        foreach (var part in RefillParts.Of(lanes)) rows.AddRange(await ReadPartAsync(slices, part, until, cancellationToken));
        return rows;
    }

    public async Task<SweepPage> SweepDueAsync(
        SliceRange slices, long before, int limit, SweepPosition? after = null, CancellationToken cancellationToken = default)
    {
        var start = after ?? new SweepPosition(slices.Start, int.MinValue, long.MinValue, 0);
        var rows = await database.QueryAsync(
            "Due/Sweep",
            static row => new DueRow(DebtorKey.Parse(row.GetString(3)), row.GetInt16(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(4)),
            cancellationToken,
            Values.Of(slices.Start), Values.Of(slices.End), Values.Of(before), Values.Of(limit),
            Values.Of(start.Slice), Values.Of(start.Lane), Values.Of(start.DueAt), Values.Of(start.Id));
        if (rows.Count < limit) return new SweepPage(rows, null);
        var last = rows[^1];
        return new SweepPage(rows, new SweepPosition(last.Slice, last.Lane, last.DueAt, 0, last.Key.Text));
    }

    public async Task<IReadOnlyList<LaneBacklog>> CountDueAsync(long before, CancellationToken cancellationToken = default) =>
        await database.QueryAsync(
            "Due/Count", static row => new LaneBacklog(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken, Values.Of(before));

    private async Task<IEnumerable<DueRow>> ReadPartAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken)
    {
        var found = new List<(int Place, DueRow Row)>();
        for (var start = slices.Start; start < slices.End; start += SlicesPerStatement)
        {
            var some = new SliceRange(start, Math.Min(start + SlicesPerStatement, slices.End));
            found.AddRange(await ReadWalksAsync(some, lanes, until, cancellationToken));
        }

        // Sorted already within a statement, which no statement promises.
        return found.GroupBy(static each => each.Place).OrderBy(static lane => lane.Key)
            .SelectMany(lane => lane.Select(static each => each.Row).OrderBy(static row => row.DueAt).Take(lanes[lane.Key].Limit));
    }

    /// <summary>The first of each lane in no more slices than the statement has walks for, with the lane's place among those asked for.</summary>
    private Task<List<(int Place, DueRow Row)>> ReadWalksAsync(SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken)
    {
        int[] numbers = [.. lanes.Select(static lane => lane.Lane)];
        long[] marks = [.. lanes.Select(static lane => lane.DueFrom)];
        int[] limits = [.. lanes.Select(static lane => lane.Limit)];
        return database.QueryAsync(
            "Due/Refill",
            row => ((int)row.GetInt64(0) - 1, new DueRow(
                DebtorKey.Parse(row.GetString(2)), row.GetInt16(1), numbers[row.GetInt64(0) - 1], row.GetInt64(4), row.GetInt64(3))),
            cancellationToken,
            Values.Of(numbers), Values.Of(marks), Values.Of(slices.Start), Values.Of(slices.End - 1), Values.Of(until), Values.Of(limits));
    }
}
