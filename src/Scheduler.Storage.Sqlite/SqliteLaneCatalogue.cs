using System.Collections.Concurrent;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>Lanes in SQLite. A lane that was seen once is answered from memory: its number never changes.</summary>
internal sealed class SqliteLaneCatalogue(SqliteWriter writer, ScanThread scans) : ILaneCatalogue
{
    // Bounded by the catalogue itself: tenants x channels x bands.
    private readonly ConcurrentDictionary<LaneKey, int> known = new();

    public ValueTask<int> GetOrAddLaneAsync(LaneKey key, CancellationToken cancellationToken = default) =>
        known.TryGetValue(key, out var lane) ? new(lane) : AddAsync(key, cancellationToken);

    public Task<IReadOnlyList<LaneRow>> ListLanesAsync(CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<LaneRow>>(
            session => session["Lanes/List"].ReadAll(row => new LaneRow(row.Int32(0), new LaneKey(row.Text(1), row.Text(2), row.Int32(3)))),
            cancellationToken);

    private async ValueTask<int> AddAsync(LaneKey key, CancellationToken cancellationToken)
    {
        var lane = await writer.TransactAsync(
            session =>
            {
                Bind(session["Lanes/Add"], key).Run();
                var statement = Bind(session["Lanes/Find"], key);
                statement.Step();
                var number = statement.Int32(0);
                statement.Reset();
                return number;
            },
            cancellationToken);
        known[key] = lane;
        return lane;
    }

    private static Statement Bind(Statement statement, LaneKey key) => statement.Bind(1, key.Tenant).Bind(2, key.Channel).Bind(3, key.Band);
}
