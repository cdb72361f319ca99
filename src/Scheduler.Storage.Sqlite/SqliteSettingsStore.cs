using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>Settings and epochs in SQLite.</summary>
internal sealed class SqliteSettingsStore(SqliteWriter writer, ScanThread scans) : ISettingsStore, IEpochStore
{
    public Task<long?> WriteSettingAsync(SettingWrite write, CancellationToken cancellationToken = default) =>
        writer.TransactAsync(
            session => session["Settings/Write"]
                .Bind(1, write.Key).Bind(2, write.ExpectedVersion).Bind(3, write.Value.Span)
                .Bind(4, write.Actor).Bind(5, write.Reason).Bind(6, write.At)
                .Run() == 1 ? write.ExpectedVersion + 1 : (long?)null,
            cancellationToken);

    public Task<SettingRow?> ReadSettingAsync(string key, CancellationToken cancellationToken = default) =>
        scans.ReadAsync(session => session["Settings/Read"].Bind(1, key).ReadAll(ToRow).SingleOrDefault(), cancellationToken);

    public Task<IReadOnlyList<SettingRow>> ListSettingsAsync(string prefix, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<SettingRow>>(
            session => session["Settings/List"].Bind(1, prefix).ReadAll(ToRow), cancellationToken);

    public Task<IReadOnlyList<SettingRow>> ListSettingVersionsAsync(string key, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<SettingRow>>(
            session => session["Settings/Versions"].Bind(1, key).ReadAll(ToRow), cancellationToken);

    public ValueTask<Epochs> ReadEpochsAsync(CancellationToken cancellationToken = default) => new(writer.Epochs);

    public Task<Epochs> AdvanceEpochAsync(EpochKind kind, CancellationToken cancellationToken = default) =>
        writer.AdvanceEpochAsync(kind, cancellationToken);

    private static SettingRow ToRow(Statement row) =>
        new(row.Text(0), row.Int64(1), row.Bytes(2).ToArray(), row.Text(3), row.Text(4), row.Int64(5));
}
