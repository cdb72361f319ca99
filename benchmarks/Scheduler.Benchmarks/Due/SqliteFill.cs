using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Benchmarks.Due;

/// <summary>Ten million rows in a minute or two: no log, no index until the end, one transaction, and nobody else has the database.</summary>
internal static class SqliteFill
{
    private const string Insert = """
        insert into debtors (id, slice, version, write_id, phase, lane, due_at, last_seq, state)
        values (?1, ?2, 1, ?3, ?4, ?5, ?6, 0, ?7)
        """;

    public static void Run(SqliteOptions options, DueEntries entries)
    {
        using var session = SqliteSession.OpenWriter(options with { CacheBytes = 1 << 30 });
        session.Execute("pragma journal_mode = off; pragma synchronous = off;");
        var index = DefinitionOfIndex(session);
        session.Execute("drop index debtors_due; begin;");
        using (var insert = new Statement(session.Handle, Insert))
        {
            for (var number = 0; number < entries.Count; number++)
            {
                var key = entries.KeyOf(number);
                insert.Bind(1, key.Text).Bind(2, key.Slice).Bind(3, DueEntries.WriteIdOf(number)).Bind(4, DueEntries.Tally.Phase)
                    .Bind(5, (long?)entries.LaneOf(number)).Bind(6, entries.DueAtOf(number)).Bind(7, entries.State.Span).Run();
            }
        }

        session.Execute("commit; pragma temp_store = file;");
        session.Execute(index);
        session.Execute("pragma journal_mode = wal;");
    }

    /// <summary>As the migrations made it.</summary>
    private static string DefinitionOfIndex(SqliteSession session)
    {
        using var statement = new Statement(session.Handle, "select sql from sqlite_master where name = 'debtors_due'");
        return statement.Step() ? statement.Text(0) : throw new InvalidOperationException("There is no due index.");
    }
}
