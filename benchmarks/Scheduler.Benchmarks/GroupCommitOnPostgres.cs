using Npgsql;
using Scheduler.PostgresKit;
using Scheduler.Storage;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Postgres.Commits;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Benchmarks;

/// <summary>
/// <c>groupcommit --postgres</c>: rows a second through the committer against a bare loop over the same statements on as many connections, on one server of its own,
/// 1,000 rows a transaction, in one run. Processor time is that of this process; the server's is its own.
/// </summary>
internal static class GroupCommitOnPostgres
{
    private const int GroupRows = 1_000;

    /// <summary>As docs/operations.md recommends them.</summary>
    internal static readonly string[] ServerSettings =
        ["fsync = on", "full_page_writes = on", "shared_buffers = 1GB", "max_wal_size = 8GB", "checkpoint_timeout = 15min", "autovacuum_naptime = 15s"];

    public static async Task<int> RunAsync(int debtors, int rows, int callers, int inFlight)
    {
        await using var server = await ThrowawayServer.StartAsync(ServerSettings);
        Console.WriteLine($"{debtors:N0} debtors, {rows:N0} rows, {callers:N0} callers, {inFlight} in flight");
        var bare = await RunBareAsync(new PostgresOptions { ConnectionString = await server.CreateDatabaseAsync() }, debtors, rows, inFlight);
        Console.WriteLine($"raw loop:  {bare}");
        var options = new PostgresOptions { ConnectionString = await server.CreateDatabaseAsync(), CommitsInFlight = inFlight };
        await using var store = await PostgresStore.OpenAsync(options, new GroupCommitBenchmark.BenchmarkClock());
        var committed = await GroupCommitBenchmark.MeasureAsync(store, debtors, rows, callers);
        Console.WriteLine($"committer: {committed}");
        Console.WriteLine($"ratio:     {committed.RowsPerSecond / bare.RowsPerSecond:P0} of the raw loop's rows/s");
        return 0;
    }

    private static async Task<GroupCommitResult> RunBareAsync(PostgresOptions options, int debtors, int rows, int connections)
    {
        await PostgresStore.MigrateAsync(options);
        await using var database = new PostgresDatabase(options);
        var versions = new long[debtors];
        var seqs = new long[debtors];
        await WriteAllAsync(database, versions, seqs, Enumerable.Range(0, debtors).ToArray(), connections, firstSeq: 1);
        var order = GroupCommitRawLoop.Order(debtors, rows);
        var measure = GroupCommitMeasure.Start();
        await WriteAllAsync(database, versions, seqs, order, connections, firstSeq: debtors + 1);
        return measure.End(rows);
    }

    /// <summary>Each connection owns the debtors of its remainder.</summary>
    private static Task WriteAllAsync(PostgresDatabase database, long[] versions, long[] seqs, int[] order, int connections, long firstSeq)
    {
        var share = 0;
        return Task.WhenAll(Enumerable.Range(0, connections).Select(connection =>
        {
            var own = order.Where(debtor => debtor % connections == connection).ToArray();
            var start = firstSeq + share;
            share += own.Length;
            return Task.Run(() => WriteShareAsync(database, versions, seqs, own, start));
        }));
    }

    private static async Task WriteShareAsync(PostgresDatabase database, long[] versions, long[] seqs, int[] order, long seq)
    {
        await using var connection = await database.OpenWriterAsync();
        var (creates, updates, events) = (new DebtorRows(isUpdate: false), new DebtorRows(isUpdate: true), new EventRows());
        var lastId = seq << 20;
        foreach (var group in order.Chunk(GroupRows))
        {
            Array.Sort(group, static (x, y) => string.CompareOrdinal(GroupCommitBenchmark.Debtor(x), GroupCommitBenchmark.Debtor(y)));
            foreach (var statement in (SetStatement[])[creates.Statement, updates.Statement, events.Statement]) statement.Clear();
            foreach (var debtor in group)
            {
                var dueAt = 1_700_000_000_000 + (seq * 7919 % 86_400_000);
                var write = GroupCommitBenchmark.Row(debtor, versions[debtor]++, seqs[debtor], ref lastId, dueAt);
                (write.ExpectedVersion == 0 ? creates : updates).Add(write, seq);
                events.Add(write, write.Event!, seq);
                seqs[debtor] = seq++;
            }

            await CommitAsync(connection, creates.Statement, updates.Statement, events.Statement);
        }
    }

    private static async Task CommitAsync(NpgsqlConnection connection, params SetStatement[] statements)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        foreach (var statement in statements) statement.AddTo(batch);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
    }
}
