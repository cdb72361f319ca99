using Microsoft.Data.Sqlite;
using Scheduler.Storage.Reads;
using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Reads;

/// <summary>Reads the gathered rows in one short read transaction.</summary>
internal sealed class SqliteReadBackend(SqliteSession session) : IReadBackend
{
    public ValueTask ReadAsync(ReadOnlyMemory<ReadRequest> requests)
    {
        try
        {
            session.InReadTransaction(requests, static (open, asked) =>
            {
                var statement = open["Debtors/Read"];
                foreach (var request in asked.Span) request.Row = Read(statement, request.Key);
                return true;
            });
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.OfRead(fault);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DebtorRow? Read(Statement statement, DebtorKey key)
    {
        DebtorRow? row = null;
        if (statement.Bind(1, key.Text).Step())
        {
            row = new DebtorRow(
                key,
                Version: statement.Int64(0),
                WriteId: statement.Guid(1),
                Phase: statement.Int32(2),
                Lane: (int?)statement.NullableInt64(3),
                DueAt: statement.NullableInt64(4),
                LastEventSeq: statement.Int64(5),
                State: statement.Bytes(6).ToArray());
        }

        statement.Reset();
        return row;
    }
}
