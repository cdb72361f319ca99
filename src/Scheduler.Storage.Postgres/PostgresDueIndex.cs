using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Postgres.Reads;

namespace Scheduler.Storage.Postgres;

/// <summary>The due index in PostgreSQL: one ordered walk per slice and lane, cut off after the first few, merged here.</summary>
internal sealed class PostgresDueIndex(PostgresDatabase database) : IDueIndex
{
    public async Task<IReadOnlyList<DueRow>> ReadDueAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken = default)
    {
        var rows = new List<DueRow>();
        IReadOnlyList<LaneDemand> open = lanes;
        for (var take = FirstTake(slices, lanes); open.Count > 0; take = SpreadPage.NextTake(take, int.MaxValue))
        {
            var found = await ReadFirstAsync(slices, open, until, take, cancellationToken);
            open = [.. open.Where((demand, place) => !AddCertain(rows, found, demand, place, take))];
        }

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

    private static int FirstTake(SliceRange slices, IReadOnlyList<LaneDemand> lanes) =>
        lanes.Count == 0 ? 0 : SpreadPage.FirstTake(lanes.Max(static lane => lane.Limit), slices.End - slices.Start);

    /// <summary>The first <paramref name="take"/> of each slice and lane, by the lane's place among those asked for.</summary>
    private async Task<ILookup<long, DueRow>> ReadFirstAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, int take, CancellationToken cancellationToken)
    {
        int[] numbers = [.. lanes.Select(static lane => lane.Lane)];
        long[] marks = [.. lanes.Select(static lane => lane.DueFrom)];
        var found = await database.QueryAsync(
            "Due/Refill",
            row => (Place: row.GetInt64(0) - 1, Row: new DueRow(
                DebtorKey.Parse(row.GetString(2)), row.GetInt32(1), numbers[row.GetInt64(0) - 1], row.GetInt64(4), row.GetInt64(3))),
            cancellationToken,
            Values.Of(numbers), Values.Of(marks), Values.Of(slices.Start), Values.Of(slices.End - 1), Values.Of(until), Values.Of(take));
        return found.ToLookup(static each => each.Place, static each => each.Row);
    }

    private static bool AddCertain(List<DueRow> rows, ILookup<long, DueRow> found, LaneDemand demand, int place, int take)
    {
        List<DueRow> ordered = [.. found[place].OrderBy(static row => row.DueAt)];
        if (SpreadPage.CountCertain(ordered, demand.Limit, take, static row => row.Slice, static (one, other) => one.DueAt == other.DueAt) is not { } certain)
            return false;
        rows.AddRange(ordered.Take(certain));
        return true;
    }
}
