using Scheduler.Storage;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Benchmarks;

/// <summary>The limit that the committer is measured against: the same statements on the same schema in a bare loop, 1,000 rows a transaction.</summary>
internal static class GroupCommitRawLoop
{
    private const int GroupRows = 1_000;

    public static async Task<GroupCommitResult> RunAsync(SqliteOptions options, int debtors, int rows)
    {
        using var thread = new DedicatedThread("raw");
        using var writer = new SqliteWriter(options, thread);
        await using var checkpoints = new Checkpoints(options, writer);
        var versions = new long[debtors];
        var seqs = new long[debtors];
        var seq = WriteAll(writer, checkpoints, versions, seqs, Enumerable.Range(0, debtors).ToArray(), seq: 0);
        var order = Order(debtors, rows);
        var measure = GroupCommitMeasure.Start();
        WriteAll(writer, checkpoints, versions, seqs, order, seq);
        return measure.End(rows);
    }

    /// <summary>Every debtor once in a random order, then again.</summary>
    public static int[] Order(int debtors, int rows)
    {
        var random = new Random(17);
        var order = new List<int>(rows);
        while (order.Count < rows)
        {
            var round = Enumerable.Range(0, debtors).ToArray();
            random.Shuffle(round);
            order.AddRange(round.Take(rows - order.Count));
        }

        return [.. order];
    }

    private static long WriteAll(SqliteWriter writer, Checkpoints checkpoints, long[] versions, long[] seqs, int[] order, long seq)
    {
        long lastId = 1L << 48;
        foreach (var group in order.Chunk(GroupRows))
        {
            // The key order of a group is the committer's too.
            Array.Sort(group, static (x, y) => string.CompareOrdinal(GroupCommitBenchmark.Debtor(x), GroupCommitBenchmark.Debtor(y)));
            writer.Session["Writer/Begin"].Run();
            foreach (var debtor in group)
            {
                var dueAt = 1_700_000_000_000 + ((seq + 1) * 7919 % 86_400_000);
                var write = GroupCommitBenchmark.Row(debtor, versions[debtor]++, seqs[debtor], ref lastId, dueAt);
                Write(writer.Session, write, ++seq);
                seqs[debtor] = seq;
            }

            writer.Session["Writer/Commit"].Run();
            checkpoints.Committed(isErasure: false);
        }

        return seq;
    }

    private static void Write(SqliteSession session, DebtorWrite write, long seq)
    {
        var changed = write.ExpectedVersion == 0
            ? session["Debtors/Create"]
                .Bind(1, write.Key.Text).Bind(2, write.Key.Slice).Bind(3, write.WriteId).Bind(4, write.Tally.Phase)
                .Bind(5, (long?)write.Lane).Bind(6, write.DueAt).Bind(7, seq).Bind(8, write.State.Span).Run()
            : session["Debtors/Update"]
                .Bind(1, write.WriteId).Bind(2, write.Tally.Phase).Bind(3, (long?)write.Lane).Bind(4, write.DueAt)
                .Bind(5, seq).Bind(6, write.State.Span).Bind(7, write.Key.Text).Bind(8, write.ExpectedVersion).Run();
        if (changed != 1) throw new InvalidOperationException($"{write.Key} was not written.");
        session["Events/Append"]
            .Bind(1, seq).Bind(2, write.PrevEventSeq).Bind(3, write.Key.Text).Bind(4, write.ExpectedVersion + 1)
            .Bind(5, write.Event!.RecordedAt).Bind(6, write.Event.Chain.Span).Bind(7, write.Event.Payload.Span).Run();
    }
}
