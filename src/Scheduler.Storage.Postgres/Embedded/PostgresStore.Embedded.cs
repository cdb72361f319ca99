using Orleans.Embedded;
using Scheduler.Storage.Postgres.Embedded;

namespace Scheduler.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>The embedded runtime's reminders, in this database.</summary>
    public IReminderStore Reminders => new PostgresReminders(database);
}
