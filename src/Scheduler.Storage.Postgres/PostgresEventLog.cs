using Npgsql;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>
/// The log in PostgreSQL. Numbers are taken before their transactions commit, in any order, so the statements read only up to the lowest number that a
/// transaction under way has taken.
/// </summary>
internal sealed class PostgresEventLog(PostgresDatabase database) : IEventLog
{
    public async Task<IReadOnlyList<EventRow>> ReadEventsBackAsync(
        DebtorKey key, long? lastSeq, int count, CancellationToken cancellationToken = default) =>
        await database.QueryAsync(
            "Events/Back", ToRow, cancellationToken, Values.Of((short)key.Slice), Values.Of(key.Text), Values.Of(lastSeq), Values.Of(count));

    public async Task<IReadOnlyList<EventRow>> ReadEventsAsync(long afterSeq, int limit, CancellationToken cancellationToken = default) =>
        await database.QueryAsync("Events/After", ToRow, cancellationToken, Values.Of(afterSeq), Values.Of(limit));

    public async Task<long> ReadHeadAsync(CancellationToken cancellationToken = default) =>
        (await database.QueryAsync("Events/Head", static row => row.GetInt64(0), cancellationToken))[0];

    public async Task<long> CountAsync(CancellationToken cancellationToken = default) =>
        (await database.QueryAsync("Tallies/Events", static row => row.GetInt64(0), cancellationToken))[0];

    public async Task<int> DropEventsAsync(EventDrop drop, CancellationToken cancellationToken = default)
    {
        if (drop.Checkpoint.Length is 0 or > StorageLimits.EventBytes) throw new ArgumentOutOfRangeException(nameof(drop), "A checkpoint has 1 to 65,536 bytes.");
        return await database.TransactAsync(
            async connection => (await connection.QueryAsync(
                "Events/Drop", static row => row.GetInt32(0), cancellationToken,
                Values.Of(drop.Key.Text), Values.Of(drop.UpToSeq), Values.Of(drop.Chain), Values.Of(drop.Checkpoint)))[0],
            cancellationToken);
    }

    private static EventRow ToRow(NpgsqlDataReader row) => new(
        Seq: row.GetInt64(0),
        PrevSeq: row.GetInt64(1),
        Key: DebtorKey.Parse(row.GetString(2)),
        Version: row.GetInt64(3),
        RecordedAt: row.GetInt64(4),
        Chain: row.GetFieldValue<byte[]>(5),
        Payload: row.GetFieldValue<byte[]>(6));
}
