using Npgsql;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Commits one group at a time on a connection of its own; takes a new one where the former broke.</summary>
/// <remarks>Invariants: nothing is written before this host has its lock. Threading: one group at a time.</remarks>
internal sealed class PostgresGroupBackend(PostgresDatabase database, HostLock hostLock, EpochCache epochs) : IGroupBackend
{
    private NpgsqlConnection? connection;
    private GroupTransaction? transaction;

    public bool ChecksRowsTogether => true;

    public async ValueTask CommitAsync(ReadOnlyMemory<CommitRequest> group)
    {
        var open = connection ?? await ConnectAsync();
        var isCommitSent = false;
        try
        {
            var running = transaction ??= new GroupTransaction(epochs);
            await running.EnterAsync(open, group);
            await running.WriteAsync(open, group);
            isCommitSent = true;
            await running.FinishAsync(open, group);
        }
        catch (Exception failure)
        {
            var isLive = !PostgresFaults.IsBroken(failure) && await RolledBackAsync(open);
            // What the driver knows of a statement that failed half way is not to be trusted either.
            transaction = null;
            if (!isLive) await DropAsync();
            if (!PostgresFaults.IsFailure(failure)) throw;
            throw PostgresFaults.OfGroup(failure, isCommitSent);
        }
    }

    public async ValueTask ReconnectAsync()
    {
        await DropAsync();
        await ConnectAsync();
    }

    public ValueTask DisposeAsync() => DropAsync();

    private async ValueTask<NpgsqlConnection> ConnectAsync()
    {
        try
        {
            await hostLock.EnsureAsync();
            return connection = await database.OpenWriterAsync();
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure) || failure is StorageUnavailableException)
        {
            throw new GroupFaultException(GroupFault.Unavailable, failure.Message, failure);
        }
    }

    /// <summary>Also gives back what a function that was cut short may have left locked.</summary>
    private static async ValueTask<bool> RolledBackAsync(NpgsqlConnection open)
    {
        try
        {
            await open.ExecuteAsync("rollback; select pg_advisory_unlock_all()::text", CancellationToken.None);
            return true;
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure) || failure is InvalidOperationException)
        {
            return false;
        }
    }

    private async ValueTask DropAsync()
    {
        if (connection is not { } former) return;
        connection = null;
        transaction = null;
        await former.DisposeAsync();
    }
}
