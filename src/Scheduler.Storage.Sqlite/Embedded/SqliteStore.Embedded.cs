using Orleans.Embedded;
using Scheduler.Storage.Sqlite.Embedded;

namespace Scheduler.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>The embedded runtime's reminders, in this database.</summary>
    public IReminderStore Reminders => new SqliteReminders(writer, scans);
}
