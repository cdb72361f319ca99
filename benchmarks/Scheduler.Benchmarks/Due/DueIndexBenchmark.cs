using System.Diagnostics;
using Scheduler.PostgresKit;
using Scheduler.Storage;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Sqlite;

namespace Scheduler.Benchmarks.Due;

/// <summary>
/// <c>due</c>: refills and moves of a due index of ten million entries, through the store that the shards and debtors use. A loop over the store and not
/// BenchmarkDotNet: every call is wanted apart, in milliseconds, from a table that takes minutes to fill and that every move changes.
/// </summary>
internal static class DueIndexBenchmark
{
    private const int UsualEntries = 10_000_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var entries = BenchmarkScale.Number(args, "--entries", UsualEntries);
        var stateBytes = BenchmarkScale.Number(args, "--state", 200);
        var moves = Math.Min(BenchmarkScale.Number(args, "--moves", 50_000), entries / 4);
        var callers = BenchmarkScale.Number(args, "--callers", 1_000);
        Console.WriteLine($"{entries:N0} entries, all due, in {DueEntries.LaneCount} lanes and {DebtorKey.SliceCount:N0} slices, {stateBytes:N0} bytes of state");
        if (Array.IndexOf(args, "--postgres") >= 0) await OnPostgresAsync(entries, stateBytes, moves, callers);
        else await OnSqliteAsync(entries, stateBytes, moves, callers);
        return 0;
    }

    private static async Task OnSqliteAsync(int count, int stateBytes, int moves, int callers)
    {
        var folder = Directory.CreateTempSubdirectory("due-index-");
        try
        {
            var options = new SqliteOptions { Path = Path.Combine(folder.FullName, "store.db") };
            DueEntries entries;
            await using (var empty = SqliteStore.Open(options, new GroupCommitBenchmark.BenchmarkClock()))
            {
                entries = await DueEntries.OpenAsync(empty.Lanes, count, stateBytes);
            }

            var started = Stopwatch.GetTimestamp();
            SqliteFill.Run(options, entries);
            TellFilled(started, new FileInfo(options.Path).Length);
            await using var store = SqliteStore.Open(options, new GroupCommitBenchmark.BenchmarkClock());
            await MeasureAsync(store, entries, moves, callers);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task OnPostgresAsync(int count, int stateBytes, int moves, int callers)
    {
        await using var server = await ThrowawayServer.StartAsync(GroupCommitOnPostgres.ServerSettings);
        var connectionString = await server.CreateDatabaseAsync();
        await using var store = await PostgresStore.OpenAsync(new PostgresOptions { ConnectionString = connectionString }, new GroupCommitBenchmark.BenchmarkClock());
        var entries = await DueEntries.OpenAsync(store.Lanes, count, stateBytes);
        var started = Stopwatch.GetTimestamp();
        await PostgresFill.RunAsync(connectionString, entries);
        var bytes = await server.ExecuteAsync(connectionString, "select pg_total_relation_size('debtors')");
        TellFilled(started, long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture));
        await MeasureAsync(store, entries, moves, callers);
    }

    private static void TellFilled(long started, long bytes) =>
        Console.WriteLine($"filled in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s, {bytes >> 20:N0} MiB\n");

    private static async Task MeasureAsync(ISchedulerStore store, DueEntries entries, int moves, int callers)
    {
        var refills = new DueRefills(store.Due, entries);
        await refills.RunAsync();
        Console.WriteLine();
        Console.WriteLine("| write | rows | rows/s | ms a row, one at a time | us of processor a row | bytes allocated a row |");
        Console.WriteLine("|---|---|---|---|---|---|");
        await new DueMoves(store.Debtors, entries, callers).RunAsync(moves);
        Console.WriteLine();
        Console.WriteLine("After the moves:\n");
        await refills.RunAsync();
    }
}
