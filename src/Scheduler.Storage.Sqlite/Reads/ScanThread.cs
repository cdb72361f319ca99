using Microsoft.Data.Sqlite;
using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Reads;

/// <summary>The connection for reads of many rows, with its thread: a scan never stands before an activation's read or a commit.</summary>
internal sealed class ScanThread(SqliteOptions options) : IDisposable
{
    private readonly DedicatedThread thread = new("sqlite-scan");
    private readonly SqliteSession session = SqliteSession.OpenReader(options);

    /// <summary>One snapshot for all of <paramref name="work"/>.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => thread.RunAsync(
        () =>
        {
            try
            {
                return session.InReadTransaction(work, static (open, read) => read(open));
            }
            catch (SqliteException fault)
            {
                throw SqliteFaults.OfRead(fault);
            }
        },
        cancellationToken);

    public void Dispose()
    {
        thread.Dispose();
        session.Dispose();
    }
}
