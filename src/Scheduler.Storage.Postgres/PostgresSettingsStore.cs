using Npgsql;
using Scheduler.Storage.Postgres.Commits;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>Settings and epochs in PostgreSQL.</summary>
internal sealed class PostgresSettingsStore(PostgresDatabase database, EpochCache epochs) : ISettingsStore, IEpochStore
{
    public Task<long?> WriteSettingAsync(SettingWrite write, CancellationToken cancellationToken = default) =>
        database.TransactAsync(
            async connection => await connection.RunAsync(
                "Settings/Write", cancellationToken,
                Values.Of(write.Key), Values.Of(write.ExpectedVersion), Values.Of(write.Value),
                Values.Of(write.Actor), Values.Of(write.Reason), Values.Of(write.At)) == 1 ? write.ExpectedVersion + 1 : (long?)null,
            cancellationToken);

    public async Task<SettingRow?> ReadSettingAsync(string key, CancellationToken cancellationToken = default) =>
        (await database.QueryAsync("Settings/Read", ToRow, cancellationToken, Values.Of(key))).SingleOrDefault();

    public async Task<IReadOnlyList<SettingRow>> ListSettingsAsync(string prefix, CancellationToken cancellationToken = default) =>
        await database.QueryAsync("Settings/List", ToRow, cancellationToken, Values.Of(prefix));

    public async Task<IReadOnlyList<SettingRow>> ListSettingVersionsAsync(string key, CancellationToken cancellationToken = default) =>
        await database.QueryAsync("Settings/Versions", ToRow, cancellationToken, Values.Of(key));

    public ValueTask<Epochs> ReadEpochsAsync(CancellationToken cancellationToken = default) => new(epochs.Current);

    public async Task<Epochs> AdvanceEpochAsync(EpochKind kind, CancellationToken cancellationToken = default)
    {
        var advanced = await database.TransactAsync(
            async connection =>
            {
                await connection.RunAsync("Commits/Barrier", cancellationToken);
                var rows = await connection.QueryAsync(
                    "Settings/AdvanceEpochs", ToEpochs, cancellationToken,
                    Values.Of(kind == EpochKind.Policy ? 1L : 0L), Values.Of(kind == EpochKind.Recovery ? 1L : 0L));
                return rows[0];
            },
            cancellationToken);
        epochs.Learn(advanced);
        return advanced;
    }

    public static Epochs ToEpochs(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

    private static SettingRow ToRow(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetString(3), row.GetString(4), row.GetInt64(5));
}
