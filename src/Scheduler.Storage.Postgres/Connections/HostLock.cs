using Npgsql;

namespace Scheduler.Storage.Postgres.Connections;

/// <summary>
/// One host per database, as long as a connection of its own lives. The server drops the lock with the connection, so after a restart it is taken anew
/// before anything is written.
/// </summary>
/// <param name="wait">For a lock whose holder has just gone: the server notices the end of a killed process a little later.</param>
internal sealed class HostLock(PostgresDatabase database, TimeSpan wait) : IAsyncDisposable
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
                await opened.ExecuteAsync($"set lock_timeout = {Math.Max(1, wait.TotalMilliseconds):F0}", cancellationToken);
                await opened.ExecuteAsync($"select pg_advisory_lock({AdvisoryKeys.Host})::text", cancellationToken);
                holder = opened;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                throw new StorageUnavailableException("The database is in use by another host.", refused);
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
        try
        {
            // Closing alone would be noticed by the server after our next start.
            await former.ExecuteAsync($"select pg_advisory_unlock({AdvisoryKeys.Host})", CancellationToken.None);
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure) || failure is InvalidOperationException)
        {
            // The connection is dead, and its lock with it.
        }

        await former.DisposeAsync();
    }
}
