using Npgsql;

namespace Scheduler.Storage.Postgres.Connections;

/// <summary>
/// One host per database, as long as a connection of its own lives. The server drops the lock with the connection, so after a restart it is taken anew
/// before anything is written.
/// </summary>
internal sealed class HostLock(PostgresDatabase database) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private NpgsqlConnection? holder;

    /// <summary>Throws <see cref="StorageUnavailableException"/> where another host has the lock, and what the driver throws where there is no server.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken = default)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (await IsHeldAsync(cancellationToken)) return;
            await DropAsync();
            var opened = await database.OpenWriterAsync(cancellationToken);
            try
            {
                if (await opened.ExecuteAsync($"select pg_try_advisory_lock({AdvisoryKeys.Host})", cancellationToken) is not true)
                    throw new StorageUnavailableException("The database is in use by another host.");
                holder = opened;
            }
            finally
            {
                if (holder != opened) await opened.DisposeAsync();
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        gate.Dispose();
    }

    private async Task<bool> IsHeldAsync(CancellationToken cancellationToken)
    {
        if (holder is null) return false;
        try
        {
            await holder.ExecuteAsync("select 1", cancellationToken);
            return true;
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure) || failure is InvalidOperationException)
        {
            return false;
        }
    }

    private async Task DropAsync()
    {
        if (holder is not { } former) return;
        holder = null;
        // Not pooled: the lock goes with it.
        await former.DisposeAsync();
    }
}
