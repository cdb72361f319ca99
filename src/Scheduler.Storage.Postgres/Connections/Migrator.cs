using System.Globalization;
using Npgsql;

namespace Scheduler.Storage.Postgres.Connections;

/// <summary>Brings a database to this build's schema: forward only, each migration in a transaction of its own, one migrator at a time.</summary>
internal static class Migrator
{
    private const string Ledger = "create table if not exists schema_version (number integer primary key, applied_at timestamptz not null default now())";

    /// <summary>Answers the numbers that were applied.</summary>
    /// <param name="mayApply">False: a schema that lacks a migration is refused.</param>
    public static async Task<IReadOnlyList<int>> MigrateAsync(PostgresDatabase database, bool mayApply, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            // A migration takes the time it takes.
            await connection.ExecuteAsync("set statement_timeout = 0", cancellationToken);
            await connection.ExecuteAsync($"select pg_advisory_lock({AdvisoryKeys.Migration})::text", cancellationToken);
            try
            {
                return await ApplyAsync(connection, mayApply, cancellationToken);
            }
            finally
            {
                await connection.ExecuteAsync($"select pg_advisory_unlock({AdvisoryKeys.Migration})", CancellationToken.None);
                await connection.ExecuteAsync("reset statement_timeout", CancellationToken.None);
            }
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure))
        {
            throw PostgresFaults.Unavailable(failure);
        }
    }

    private static async Task<IReadOnlyList<int>> ApplyAsync(NpgsqlConnection connection, bool mayApply, CancellationToken cancellationToken)
    {
        // Not made where nothing may be applied: a role that owns nothing could not.
        if (mayApply) await connection.ExecuteAsync(Ledger, cancellationToken);
        var hasLedger = await connection.ExecuteAsync("select to_regclass('schema_version')::text", cancellationToken) is string;
        var current = hasLedger
            ? Convert.ToInt64(await connection.ExecuteAsync("select coalesce(max(number), 0) from schema_version", cancellationToken), CultureInfo.InvariantCulture)
            : 0;
        var missing = PostgresDatabase.Files.MigrationsAfter(current);
        if (missing.Count > 0 && !mayApply)
            throw new StorageUnavailableException($"The database has schema {current} and lacks migration {missing[0].Number}: run 'scheduler migrate' first.");
        foreach (var (number, script) in missing)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(script, cancellationToken);
            await connection.ExecuteAsync($"insert into schema_version (number) values ({number})", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return [.. missing.Select(static migration => migration.Number)];
    }
}
