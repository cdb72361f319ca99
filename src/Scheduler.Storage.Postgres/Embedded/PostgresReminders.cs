using Npgsql;
using Orleans.Embedded;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres.Embedded;

/// <summary>Reminders that outlive the process: a row each, in the debtors' database.</summary>
internal sealed class PostgresReminders(PostgresDatabase database) : IReminderStore
{
    public async Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("Reminders/List", ToRow, cancellationToken);

    public async Task<ReminderRow?> FindAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken) =>
        (await database.QueryAsync("Reminders/Find", ToRow, cancellationToken, Key(grainType, grainKey, name))).SingleOrDefault();

    public Task UpsertAsync(ReminderRow row, CancellationToken cancellationToken) =>
        database.TransactAsync(
            connection => connection.RunAsync(
                "Reminders/Write", cancellationToken,
                [.. Key(row.GrainType, row.GrainKey, row.Name), Values.Of(row.StartAt.ToUnixTimeMilliseconds()), Values.Of((long)row.Period.TotalMilliseconds)]),
            cancellationToken);

    public Task RemoveAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken) =>
        database.TransactAsync(connection => connection.RunAsync("Reminders/Remove", cancellationToken, Key(grainType, grainKey, name)), cancellationToken);

    private static NpgsqlParameter[] Key(string grainType, string grainKey, string name) => [Values.Of(grainType), Values.Of(grainKey), Values.Of(name)];

    private static ReminderRow ToRow(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        TimeSpan.FromMilliseconds(row.GetInt64(4)));
}
