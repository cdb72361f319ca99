using System.Collections.Concurrent;
using Npgsql;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>Lanes in PostgreSQL. A lane that was seen once is answered from memory: its number never changes.</summary>
internal sealed class PostgresLaneCatalogue(PostgresDatabase database) : ILaneCatalogue
{
    // Bounded by the catalogue itself: tenants x channels x bands.
    private readonly ConcurrentDictionary<LaneKey, int> known = new();

    public ValueTask<int> GetOrAddLaneAsync(LaneKey key, CancellationToken cancellationToken = default) =>
        known.TryGetValue(key, out var lane) ? new(lane) : FindOrAddAsync(key, cancellationToken);

    public async Task<IReadOnlyList<LaneRow>> ListLanesAsync(CancellationToken cancellationToken = default) =>
        await database.QueryAsync(
            "Lanes/List",
            static row => new LaneRow(row.GetInt32(0), new LaneKey(row.GetString(1), row.GetString(2), row.GetInt32(3))),
            cancellationToken);

    private async ValueTask<int> FindOrAddAsync(LaneKey key, CancellationToken cancellationToken)
    {
        // Looked for first: an insert that finds its row there has used up a number all the same.
        var found = await database.QueryAsync("Lanes/Find", Number, cancellationToken, Key(key));
        if (found.Count == 0)
        {
            await database.TransactAsync(connection => connection.RunAsync("Lanes/Add", cancellationToken, Key(key)), cancellationToken);
            found = await database.QueryAsync("Lanes/Find", Number, cancellationToken, Key(key));
        }

        return known[key] = found[0];
    }

    private static int Number(NpgsqlDataReader row) => row.GetInt32(0);

    private static NpgsqlParameter[] Key(LaneKey key) => [Values.Of(key.Tenant), Values.Of(key.Channel), Values.Of(key.Band)];
}
