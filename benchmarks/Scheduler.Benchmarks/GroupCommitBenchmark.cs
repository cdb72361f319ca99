using System.Globalization;
using Scheduler.Storage;
using Scheduler.Storage.Sqlite;

namespace Scheduler.Benchmarks;

/// <summary>
/// <c>groupcommit</c>: rows a second through the committer, every debtor written again and again in random order with 1.0 KB of state, a 250-byte event and
/// a moving due instant, against a bare loop over the same statements on a database of the same size, in one run.
/// </summary>
internal static class GroupCommitBenchmark
{
    private const int StateBytes = 1_024;
    private const int EventBytes = 250;

    public static async Task<int> RunAsync(string[] args)
    {
        var debtors = BenchmarkScale.Number(args, "--debtors", 100_000);
        var rows = BenchmarkScale.Number(args, "--rows", 200_000);
        var callers = BenchmarkScale.Number(args, "--callers", 2_000);
        if (Array.IndexOf(args, "--lifecycles") >= 0)
        {
            var connection = Array.IndexOf(args, "--connection") is var at and >= 0 ? args[at + 1] : "";
            return await GroupCommitLifecycles.RunAsync(debtors, callers, BenchmarkScale.Number(args, "--in-flight", 2), connection);
        }

        if (Array.IndexOf(args, "--postgres") >= 0) return await GroupCommitOnPostgres.RunAsync(debtors, rows, callers, BenchmarkScale.Number(args, "--in-flight", 2));
        var options = new SqliteOptions { Path = "", PageBytes = BenchmarkScale.Number(args, "--page", new SqliteOptions { Path = "" }.PageBytes) };
        options = options with
        {
            CacheBytes = BenchmarkScale.Number(args, "--cache-mib", options.CacheBytes >> 20) << 20,
            CheckpointPages = BenchmarkScale.Number(args, "--checkpoint", options.CheckpointPages),
            WalPagesLimit = BenchmarkScale.Number(args, "--wal", options.WalPagesLimit),
        };
        var folder = Directory.CreateTempSubdirectory("groupcommit-");
        try
        {
            Console.WriteLine($"{debtors:N0} debtors, {rows:N0} rows, {callers:N0} callers, {options}");
            var raw = await GroupCommitRawLoop.RunAsync(options with { Path = Path.Combine(folder.FullName, "raw.db") }, debtors, rows);
            Console.WriteLine($"raw loop:  {raw}");
            var store = await RunStoreAsync(options with { Path = Path.Combine(folder.FullName, "store.db") }, debtors, rows, callers);
            Console.WriteLine($"committer: {store}");
            Console.WriteLine($"ratio:     {store.RowsPerSecond / raw.RowsPerSecond:P0} of the raw loop's rows/s");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static string Debtor(int number) => string.Create(CultureInfo.InvariantCulture, $"debtor-{number * 7919L % 1_000_003:D8}");

    internal static DebtorWrite Row(int debtor, long version, long prevSeq, ref long lastId, long dueAt) => new()
    {
        Key = new DebtorKey("acme", Debtor(debtor)),
        ExpectedVersion = version,
        WriteId = WriteId(++lastId),
        Lane = (int)(dueAt % 8) + 1,
        DueAt = dueAt,
        State = State,
        Event = Decision,
        PrevEventSeq = prevSeq,
        TallyBefore = version == 0 ? null : new DebtorTally((int)(version % 3), 1, 1, 0, 0, 0),
        Tally = new DebtorTally((int)((version + 1) % 3), 1, 1, 0, 0, 0),
    };

    private static Guid WriteId(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, number);
        return new Guid(bytes);
    }

    private static byte[] State { get; } = Noise(StateBytes);

    private static DebtorEvent Decision { get; } = new(Noise(EventBytes), Noise(32), 1_700_000_000_000);

    private static async Task<GroupCommitResult> RunStoreAsync(SqliteOptions options, int debtors, int rows, int callers)
    {
        await using var store = SqliteStore.Open(options, new BenchmarkClock());
        return await MeasureAsync(store, debtors, rows, callers);
    }

    /// <summary>Creates every debtor, then measures as many rows of updates.</summary>
    internal static async Task<GroupCommitResult> MeasureAsync(ISchedulerStore store, int debtors, int rows, int callers)
    {
        var versions = new long[debtors];
        var seqs = new long[debtors];
        await DriveAsync(store, versions, seqs, Enumerable.Range(0, debtors).ToArray(), callers);
        var order = GroupCommitRawLoop.Order(debtors, rows);
        var measure = GroupCommitMeasure.Start();
        await DriveAsync(store, versions, seqs, order, callers);
        return measure.End(rows);
    }

    /// <summary>Each caller owns the debtors of its remainder, so that no two write one debtor at once; it writes one at a time.</summary>
    private static async Task DriveAsync(ISchedulerStore store, long[] versions, long[] seqs, int[] order, int callers)
    {
        var shares = order.GroupBy(debtor => debtor % callers).Select(share => share.ToArray()).ToArray();
        await Task.WhenAll(shares.Select((share, caller) => Task.Run(() => CallAsync(store, versions, seqs, share, (long)(caller + 1) << 24))));
    }

    private static async Task CallAsync(ISchedulerStore store, long[] versions, long[] seqs, int[] share, long lastId)
    {
        foreach (var debtor in share)
        {
            var write = Row(debtor, versions[debtor], seqs[debtor], ref lastId, dueAt: 1_700_000_000_000 + (lastId * 7919 % 86_400_000));
            var answer = await store.Debtors.WriteAsync(write);
            if (!answer.IsCommitted) throw new InvalidOperationException($"{write.Key}: {answer}");
            (versions[debtor], seqs[debtor]) = (answer.Version, answer.EventSeq);
        }
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }

    /// <summary>Real time: deadlines are not part of this measurement.</summary>
    internal sealed class BenchmarkClock : TimeProvider;
}
