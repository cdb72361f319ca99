using Orleans.Embedded;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite.Embedded;

/// <summary>Reminders that outlive the process: a row each, in the debtors' database.</summary>
internal sealed class SqliteReminders(SqliteWriter writer, ScanThread scans) : IReminderStore
{
    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken) =>
        scans.ReadAsync<IReadOnlyList<ReminderRow>>(session => session["Reminders/List"].ReadAll(ToRow), cancellationToken);

    public Task<ReminderRow?> FindAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken) =>
        scans.ReadAsync(
            session => session["Reminders/Find"].Bind(1, grainType).Bind(2, grainKey).Bind(3, name).ReadAll(ToRow).SingleOrDefault(),
            cancellationToken);

    public Task UpsertAsync(ReminderRow row, CancellationToken cancellationToken) =>
        writer.TransactAsync(
            session => session["Reminders/Write"]
                .Bind(1, row.GrainType).Bind(2, row.GrainKey).Bind(3, row.Name)
                .Bind(4, row.StartAt.ToUnixTimeMilliseconds()).Bind(5, (long)row.Period.TotalMilliseconds)
                .Run(),
            cancellationToken);

    public Task RemoveAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken) =>
        writer.TransactAsync(
            session => session["Reminders/Remove"].Bind(1, grainType).Bind(2, grainKey).Bind(3, name).Run(), cancellationToken);

    private static ReminderRow ToRow(Statement row) => new(
        row.Text(0),
        row.Text(1),
        row.Text(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(3)),
        TimeSpan.FromMilliseconds(row.Int64(4)));
}
