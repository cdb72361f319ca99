using Npgsql;
using NpgsqlTypes;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>One statement over many rows: a column of values per parameter, kept and refilled group by group.</summary>
internal sealed class SetStatement(string name)
{
    private readonly List<Action> clears = [];
    private Func<int> count = static () => 0;

    public NpgsqlBatchCommand Command { get; } = new(PostgresDatabase.Text(name));

    public int Count => count();

    /// <summary>The next parameter of the statement.</summary>
    public List<T> Column<T>(NpgsqlDbType type)
    {
        var values = new List<T>();
        Command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        clears.Add(values.Clear);
        count = () => values.Count;
        return values;
    }

    public void Clear()
    {
        foreach (var clear in clears) clear();
    }

    /// <summary>Puts the statement into the batch where it has rows; answers whether it did.</summary>
    public bool AddTo(NpgsqlBatch batch)
    {
        if (Count == 0) return false;
        batch.BatchCommands.Add(Command);
        return true;
    }
}
