using Npgsql;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Reads;

namespace Scheduler.Storage.Postgres.Reads;

/// <summary>Reads the gathered rows in one round trip.</summary>
internal sealed class PostgresReadBackend(PostgresDatabase database) : IReadBackend
{
    public async ValueTask ReadAsync(ReadOnlyMemory<ReadRequest> requests)
    {
        var slices = new short[requests.Length];
        var ids = new string[requests.Length];
        for (var i = 0; i < requests.Length; i++)
        {
            var key = requests.Span[i].Key;
            (slices[i], ids[i]) = ((short)key.Slice, key.Text);
        }

        await database.QueryAsync("Debtors/Read", row => Take(row, requests.Span), CancellationToken.None, Values.Of(slices), Values.Of(ids));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool Take(NpgsqlDataReader row, ReadOnlySpan<ReadRequest> requests)
    {
        var request = requests[(int)row.GetInt64(0) - 1];
        request.Row = new DebtorRow(
            request.Key,
            Version: row.GetInt64(1),
            WriteId: row.GetGuid(2),
            Phase: row.GetInt16(3),
            Lane: row.IsDBNull(4) ? null : row.GetInt32(4),
            DueAt: row.IsDBNull(5) ? null : row.GetInt64(5),
            LastEventSeq: row.GetInt64(6),
            State: row.GetFieldValue<byte[]>(7));
        return true;
    }
}
