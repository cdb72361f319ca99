using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>Shared counters in SQLite.</summary>
internal sealed class SqliteSharedCounterStore(GroupCommitter committer, ScanThread scans) : ISharedCounterStore
{
    public ValueTask<WriteAnswer> WriteAsync(SharedWrite write, CancellationToken cancellationToken = default) =>
        committer.WriteAsync(write, cancellationToken);

    public Task<SharedRow?> ReadAsync(SharedKey key, CancellationToken cancellationToken = default) =>
        scans.ReadAsync(
            session => session["Shared/Read"].Bind(1, key.Tenant).Bind(2, key.Scope)
                .ReadAll(row => new SharedRow(row.Int64(0), row.Bytes(1).ToArray()))
                .SingleOrDefault(),
            cancellationToken);
}
