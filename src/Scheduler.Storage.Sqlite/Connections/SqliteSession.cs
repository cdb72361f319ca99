using Microsoft.Data.Sqlite;
using Scheduler.Storage.Sql;
using SQLitePCL;

namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>One connection with its prepared statements, each prepared at its first use.</summary>
/// <remarks>Threading: one thread at a time; every session here has a thread of its own.</remarks>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG: a plan never depends on the values bound.</summary>
    private const int QueryPlannerStability = 1007;

    public static readonly SqlFiles Files = new(typeof(SqliteSession).Assembly);

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, Statement> statements = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int Number), Statement> numbered = [];

    private SqliteSession(SqliteConnection connection) => this.connection = connection;

    public sqlite3 Handle => connection.Handle!;

    public Statement this[string name]
    {
        get
        {
            if (!statements.TryGetValue(name, out var statement)) statements.Add(name, statement = Prepare(name));
            return statement;
        }
    }

    /// <summary>What is deleted or replaced is overwritten with zeros: the data key of an erased debtor must not outlive its row in a freed page.</summary>
    public static SqliteSession OpenWriter(SqliteOptions options) =>
        Open(options, SqliteOpenMode.ReadWriteCreate, options.CacheBytes, $"""
            pragma page_size = {options.PageBytes};
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma wal_autocheckpoint = 0;
            pragma journal_size_limit = {(long)options.WalPagesLimit * options.PageBytes};
            pragma secure_delete = on;
            """);

    public static SqliteSession OpenReader(SqliteOptions options) =>
        Open(options, SqliteOpenMode.ReadWrite, options.CacheBytes / 4, "pragma query_only = on; pragma wal_autocheckpoint = 0;");

    /// <summary>Truncating waits for readers and keeps the writer waiting meanwhile, so it does not wait long.</summary>
    public static SqliteSession OpenCheckpointer(SqliteOptions options)
    {
        var session = Open(options, SqliteOpenMode.ReadWrite, cacheBytes: 2 * 1024 * 1024, "pragma wal_autocheckpoint = 0; pragma synchronous = full;");
        session.Execute("pragma busy_timeout = 250;");
        return session;
    }

    /// <summary>The same statement several times over, for a caller that steps many at once.</summary>
    public Statement Numbered(string name, int number)
    {
        if (!numbered.TryGetValue((name, number), out var statement)) numbered.Add((name, number), statement = Prepare(name));
        return statement;
    }

    /// <summary>One snapshot for all reads of <paramref name="work"/>.</summary>
    public T InReadTransaction<TInput, T>(TInput input, Func<SqliteSession, TInput, T> work)
    {
        this["Reader/Begin"].Run();
        try
        {
            return work(this, input);
        }
        catch
        {
            // A walk that a failure left open would hold the snapshot, and with it the WAL.
            foreach (var statement in statements.Values.Concat(numbered.Values)) statement.Reset();
            throw;
        }
        finally
        {
            if (raw.sqlite3_get_autocommit(Handle) == 0) this["Reader/End"].Run();
        }
    }

    public void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public long Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values.Concat(numbered.Values)) statement.Dispose();
        connection.Dispose();
    }

    private Statement Prepare(string name) => new(Handle, Files.Statement(name));

    private static SqliteSession Open(SqliteOptions options, SqliteOpenMode mode, int cacheBytes, string pragmas)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = options.Path, Mode = mode, Pooling = false };
        var opened = new SqliteConnection(text.ConnectionString);
        try
        {
            opened.Open();
            // Else every new value bound to a statement over the partial due index parses and plans it anew.
            _ = raw.sqlite3_db_config(opened.Handle!, QueryPlannerStability, 1, out _);
            var session = new SqliteSession(opened);
            session.Execute($"{pragmas} pragma temp_store = memory; pragma busy_timeout = 10000; pragma cache_size = -{cacheBytes / 1024};");
            return session;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
