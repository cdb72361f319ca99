using Npgsql;
using NpgsqlTypes;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>One statement over many rows: a column of values per parameter, kept and refilled group by group.</summary>
internal sealed class SetStatement(string name)
{
    private readonly List<PackedColumn> columns = [];

    public NpgsqlBatchCommand Command { get; } = new(PostgresDatabase.Text(name));

    /// <summary>Of rows.</summary>
    public int Count => columns[^1].Count;

    /// <summary>The next parameter of the statement.</summary>
    public PackedColumn Column(NpgsqlDbType type)
    {
        var values = new PackedColumn(type);
        Command.Parameters.Add(new NpgsqlParameter<PackedColumn> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        columns.Add(values);
        return values;
    }

    public void Clear()
    {
        foreach (var column in columns) column.Clear();
    }

    /// <summary>Puts the statement into the batch where it has rows; answers whether it did.</summary>
    public bool AddTo(NpgsqlBatch batch)
    {
        if (Count == 0) return false;
        batch.BatchCommands.Add(Command);
        return true;
    }
}
