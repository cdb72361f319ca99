using Npgsql;

namespace Scheduler.Storage.Postgres.Connections;

/// <summary>Runs a statement of the .sql files on a connection.</summary>
internal static class ConnectionStatements
{
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, statement, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Answers the rows changed.</summary>
    public static async Task<int> RunAsync(
        this NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>SQL that is not one of the statements: migrations and upkeep.</summary>
    public static async Task<object?> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string statement, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(PostgresDatabase.Text(statement), connection);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}
