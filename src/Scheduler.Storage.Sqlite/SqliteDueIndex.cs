using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>The due index in SQLite: one ordered walk per slice and lane, merged lazily, so a refill reads what it takes and little more.</summary>
internal sealed class SqliteDueIndex(ScanThread scans) : IDueIndex
{
    public Task<IReadOnlyList<DueRow>> ReadDueAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<DueRow>>(
            session =>
            {
                var rows = new List<DueRow>();
                foreach (var lane in lanes) Refill(session, slices, lane, until, rows);
                return rows;
            },
            cancellationToken);

    public Task<SweepPage> SweepDueAsync(
        SliceRange slices, long before, int limit, SweepPosition? after = null, CancellationToken cancellationToken = default) =>
        scans.ReadAsync(session => Sweep(session, slices, before, limit, after), cancellationToken);

    public Task<IReadOnlyList<LaneBacklog>> CountDueAsync(long before, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<LaneBacklog>>(
            session => session["Due/Count"].Bind(1, before).ReadAll(row => new LaneBacklog(row.Int32(0), row.Int64(1), row.Int64(2))),
            cancellationToken);

    private static void Refill(SqliteSession session, SliceRange slices, LaneDemand demand, long until, List<DueRow> rows)
    {
        var walks = new PriorityQueue<(Statement Walk, int Slice), long>(slices.End - slices.Start);
        for (var slice = slices.Start; slice < slices.End; slice++)
        {
            var walk = session.Numbered("Due/Refill", slice)
                .Bind(1, slice).Bind(2, demand.Lane).Bind(3, demand.DueFrom).Bind(4, until).Bind(5, demand.Limit);
            Enqueue(walks, walk, slice);
        }

        var end = rows.Count + demand.Limit;
        while (rows.Count < end && walks.TryDequeue(out var first, out _))
        {
            var walk = first.Walk;
            rows.Add(new DueRow(DebtorKey.Parse(walk.Text(0)), first.Slice, demand.Lane, walk.Int64(2), walk.Int64(1)));
            Enqueue(walks, walk, first.Slice);
        }

        foreach (var (open, _) in walks.UnorderedItems) open.Walk.Reset();
    }

    private static void Enqueue(PriorityQueue<(Statement Walk, int Slice), long> walks, Statement walk, int slice)
    {
        if (walk.Step()) walks.Enqueue((walk, slice), walk.Int64(2));
        else walk.Reset();
    }

    private static SweepPage Sweep(SqliteSession session, SliceRange slices, long before, int limit, SweepPosition? after)
    {
        var lanes = session["Lanes/List"].ReadAll(row => row.Int32(0));
        var rows = new List<DueRow>();
        SweepPosition? last = null;
        for (var slice = Math.Max(slices.Start, after?.Slice ?? 0); slice < slices.End; slice++)
        {
            foreach (var lane in lanes)
            {
                var isResumed = after?.Slice == slice;
                if (isResumed && lane < after!.Value.Lane) continue;
                var start = isResumed && lane == after!.Value.Lane ? after.Value : new SweepPosition(slice, lane, long.MinValue, 0);
                last = SweepLane(session, start, before, limit, rows) ?? last;
                if (rows.Count == limit) return new SweepPage(rows, last);
            }
        }

        return new SweepPage(rows, null);
    }

    private static SweepPosition? SweepLane(SqliteSession session, SweepPosition start, long before, int limit, List<DueRow> rows)
    {
        SweepPosition? last = null;
        var statement = session["Due/Sweep"]
            .Bind(1, start.Slice).Bind(2, start.Lane).Bind(3, before).Bind(4, start.DueAt).Bind(5, start.Row).Bind(6, limit - rows.Count);
        while (statement.Step())
        {
            rows.Add(new DueRow(DebtorKey.Parse(statement.Text(0)), start.Slice, start.Lane, statement.Int64(2), statement.Int64(1)));
            last = start with { DueAt = statement.Int64(2), Row = statement.Int64(3) };
        }

        statement.Reset();
        return last;
    }
}
