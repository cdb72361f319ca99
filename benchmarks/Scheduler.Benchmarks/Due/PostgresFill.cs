using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Scheduler.Benchmarks.Due;

/// <summary>Ten million rows in a few minutes: copied into the empty table, its key and index made afterwards.</summary>
internal static class PostgresFill
{
    private const string Copy = "copy debtors (id, slice, version, write_id, phase, lane, due_at, last_seq, state) from stdin (format binary)";

    public static async Task RunAsync(string connectionString, DueEntries entries)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Command Timeout=0");
        await using var connection = await source.OpenConnectionAsync();
        var index = await TextAsync(connection, "select indexdef from pg_indexes where indexname = 'debtors_due'");
        var key = await TextAsync(connection, "select pg_get_constraintdef(oid) from pg_constraint where conname = 'debtors_pkey'");
        await ExecuteAsync(connection, "begin; truncate debtors; alter table debtors drop constraint debtors_pkey; drop index debtors_due");
        await using (var importer = await connection.BeginBinaryImportAsync(Copy))
        {
            for (var number = 0; number < entries.Count; number++) await WriteAsync(importer, entries, number);
            await importer.CompleteAsync();
        }

        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"set maintenance_work_mem = '1GB'; alter table debtors add constraint debtors_pkey {key}; {index}; commit"));
        await ExecuteAsync(connection, "vacuum (analyze) debtors");
        await ExecuteAsync(connection, "checkpoint");
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter importer, DueEntries entries, int number)
    {
        var key = entries.KeyOf(number);
        await importer.StartRowAsync();
        await importer.WriteAsync(key.Text, NpgsqlDbType.Text);
        await importer.WriteAsync((short)key.Slice, NpgsqlDbType.Smallint);
        await importer.WriteAsync(1L, NpgsqlDbType.Bigint);
        await importer.WriteAsync(DueEntries.WriteIdOf(number), NpgsqlDbType.Uuid);
        await importer.WriteAsync((short)DueEntries.Tally.Phase, NpgsqlDbType.Smallint);
        await importer.WriteAsync(entries.LaneOf(number), NpgsqlDbType.Integer);
        await importer.WriteAsync(entries.DueAtOf(number), NpgsqlDbType.Bigint);
        await importer.WriteAsync(0L, NpgsqlDbType.Bigint);
        await importer.WriteAsync(entries.State, NpgsqlDbType.Bytea);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> TextAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"Nothing answers: {sql}"));
    }
}
