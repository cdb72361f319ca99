using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>The due index in SQLite: one ordered walk per bucket of slices and lane, merged lazily, so a refill reads what it takes and little more.</summary>
internal sealed class SqliteDueIndex(ScanThread scans) : IDueIndex
{
    /// <summary>As migration 0004 and the statements have it: a shard of the usual number of shards is one bucket.</summary>
    private const int SlicesPerBucket = 64;

    public async Task<IReadOnlyList<DueRow>> ReadDueAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken = default)
    {
        var rows = new List<DueRow>();
        // A part at a time, so that the thread's other readers come between.
        foreach (var part in RefillParts.Of(lanes))
        {
            await scans.ReadAsync(
                session =>
                {
                    foreach (var lane in part) Refill(session, slices, lane, until, rows);
                    return rows.Count;
                },
                cancellationToken);
        }

        return rows;
    }

    public Task<SweepPage> SweepDueAsync(
        SliceRange slices, long before, int limit, SweepPosition? after = null, CancellationToken cancellationToken = default) =>
        scans.ReadAsync(session => Sweep(session, slices, before, limit, after), cancellationToken);

    public Task<IReadOnlyList<LaneBacklog>> CountDueAsync(long before, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<LaneBacklog>>(
            session => session["Due/Count"].Bind(1, before).ReadAll(row => new LaneBacklog(row.Int32(0), row.Int64(1), row.Int64(2))),
            cancellationToken);

    private static void Refill(SqliteSession session, SliceRange slices, LaneDemand demand, long until, List<DueRow> rows)
    {
        var walks = new PriorityQueue<Statement, long>();
        foreach (var bucket in BucketsOf(slices))
        {
            Enqueue(walks, session.Numbered("Due/Refill", bucket)
                .Bind(1, bucket).Bind(2, demand.Lane).Bind(3, demand.DueFrom).Bind(4, until).Bind(5, demand.Limit).Bind(6, slices.Start).Bind(7, slices.End - 1));
        }

        var end = rows.Count + demand.Limit;
        while (rows.Count < end && walks.TryDequeue(out var walk, out _))
        {
            rows.Add(new DueRow(DebtorKey.Parse(walk.Text(0)), walk.Int32(3), demand.Lane, walk.Int64(2), walk.Int64(1)));
            Enqueue(walks, walk);
        }

        foreach (var (open, _) in walks.UnorderedItems) open.Reset();
    }

    private static void Enqueue(PriorityQueue<Statement, long> walks, Statement walk)
    {
        if (walk.Step()) walks.Enqueue(walk, walk.Int64(2));
        else walk.Reset();
    }

    private static IEnumerable<int> BucketsOf(SliceRange slices) =>
        slices.End <= slices.Start ? [] : Enumerable.Range(slices.Start / SlicesPerBucket, ((slices.End - 1) / SlicesPerBucket) - (slices.Start / SlicesPerBucket) + 1);

    private static SweepPage Sweep(SqliteSession session, SliceRange slices, long before, int limit, SweepPosition? after)
    {
        var lanes = session["Lanes/List"].ReadAll(row => row.Int32(0));
        var rows = new List<DueRow>();
        SweepPosition? last = null;
        foreach (var bucket in BucketsOf(slices))
        {
            if (bucket < after?.Slice / SlicesPerBucket) continue;
            foreach (var lane in lanes)
            {
                var isResumed = after?.Slice / SlicesPerBucket == bucket;
                if (isResumed && lane < after!.Value.Lane) continue;
                var start = isResumed && lane == after!.Value.Lane ? after.Value : new SweepPosition(bucket * SlicesPerBucket, lane, long.MinValue, 0);
                last = SweepLane(session, slices, start, before, limit, rows) ?? last;
                if (rows.Count == limit) return new SweepPage(rows, last);
            }
        }

        return new SweepPage(rows, null);
    }

    private static SweepPosition? SweepLane(SqliteSession session, SliceRange slices, SweepPosition start, long before, int limit, List<DueRow> rows)
    {
        SweepPosition? last = null;
        var statement = session["Due/Sweep"]
            .Bind(1, start.Slice / SlicesPerBucket).Bind(2, start.Lane).Bind(3, before).Bind(4, start.DueAt).Bind(5, start.Row).Bind(6, limit - rows.Count)
            .Bind(7, slices.Start).Bind(8, slices.End - 1);
        while (statement.Step())
        {
            rows.Add(new DueRow(DebtorKey.Parse(statement.Text(0)), statement.Int32(4), start.Lane, statement.Int64(2), statement.Int64(1)));
            last = start with { DueAt = statement.Int64(2), Row = statement.Int64(3) };
        }

        statement.Reset();
        return last;
    }
}
