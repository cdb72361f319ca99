using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>Shared counters in PostgreSQL.</summary>
internal sealed class PostgresSharedCounterStore(GroupCommitter committer, PostgresDatabase database) : ISharedCounterStore
{
    public ValueTask<WriteAnswer> WriteAsync(SharedWrite write, CancellationToken cancellationToken = default) =>
        committer.WriteAsync(write, cancellationToken);

    public async Task<SharedRow?> ReadAsync(SharedKey key, CancellationToken cancellationToken = default)
    {
        var rows = await database.QueryAsync(
            "Shared/Read", static row => new SharedRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellationToken,
            Values.Of(key.Tenant), Values.Of(key.Scope));
        return rows.SingleOrDefault();
    }
}
