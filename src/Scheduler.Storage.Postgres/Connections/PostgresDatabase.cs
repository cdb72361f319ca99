using System.Collections.Concurrent;
using Npgsql;
using Scheduler.Storage.Postgres.Commits;
using Scheduler.Storage.Sql;

namespace Scheduler.Storage.Postgres.Connections;

/// <summary>The server's database: opens connections with the settings that the rules rest on, and runs the statements of the .sql files.</summary>
/// <remarks>Threading: safe for many callers; each answer takes a pooled connection for one statement or one short transaction.</remarks>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    public static readonly SqlFiles Files = new(typeof(PostgresDatabase).Assembly);

    private const int PreparedStatements = 100;
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource writers;

    public PostgresDatabase(PostgresOptions options)
    {
        try
        {
            var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            given.MaxAutoPrepare = PreparedStatements;
            given.AutoPrepareMinUsages = 1;
            given.NoResetOnClose = true;
            given.IncludeFailedBatchedCommand = true;
            given.ApplicationName ??= "scheduler";
            // The client gives up a little after the server does, so that it normally hears the server's word.
            given.CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 2;
            given.Options = string.Join(
                ' ',
                given.Options,
                "-c synchronous_commit=on -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c random_page_cost=1.1 -c jit=off",
                $"-c default_transaction_isolation=read\\ committed -c statement_timeout={options.StatementTimeout.TotalMilliseconds:F0}",
                $"-c idle_in_transaction_session_timeout={options.IdleTransactionTimeout.TotalMilliseconds:F0} -c work_mem=16MB");
            source = new NpgsqlDataSourceBuilder(given.ConnectionString).Build();

            // Groups prepare their statements themselves: a batch that fails half way confuses the driver about what it had prepared by itself.
            given.MaxAutoPrepare = 0;
            given.Pooling = false;
            var builder = new NpgsqlDataSourceBuilder(given.ConnectionString);
            PackedColumnTypes.AddTo(builder);
            writers = builder.Build();
        }
        catch (ArgumentException malformed)
        {
            throw new StorageUnavailableException("The connection string cannot be read: " + malformed.Message, malformed);
        }
    }

    public static string Text(string statement) => Texts.GetOrAdd(statement, Files.Statement);

    /// <summary>For a holder who keeps it; throws what the driver throws.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken = default) => await source.OpenConnectionAsync(cancellationToken);

    /// <summary>For groups: not pooled, so that closing it ends what it was doing on the server.</summary>
    public async Task<NpgsqlConnection> OpenWriterAsync(CancellationToken cancellationToken = default) => await writers.OpenConnectionAsync(cancellationToken);

    /// <summary>All rows of one statement. Tried once more where the pooled connection was dead: the server may have started anew since.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return await connection.QueryAsync(statement, read, cancellationToken, isAgain ? [.. parameters.Select(static p => p.Clone())] : parameters);
            }
            catch (Exception failure) when (PostgresFaults.IsBroken(failure) && !isAgain && !cancellationToken.IsCancellationRequested)
            {
                source.Clear();
            }
            catch (Exception failure) when (PostgresFaults.IsFailure(failure))
            {
                throw PostgresFaults.Unavailable(failure);
            }
        }
    }

    /// <summary>One durable transaction.</summary>
    public async Task<T> TransactAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var isCommitSent = false;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var answer = await work(connection);
            isCommitSent = true;
            await transaction.CommitAsync(CancellationToken.None);
            return answer;
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure))
        {
            if (PostgresFaults.IsBroken(failure)) source.Clear();
            if (PostgresFaults.OfGroup(failure, isCommitSent).Fault == GroupCommit.GroupFault.OutcomeUnknown)
                throw new StorageOutcomeUnknownException(failure.Message, failure);
            throw PostgresFaults.Unavailable(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await writers.DisposeAsync();
    }
}
