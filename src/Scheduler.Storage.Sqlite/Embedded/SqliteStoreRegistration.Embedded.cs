using Microsoft.Extensions.DependencyInjection;

namespace Scheduler.Storage.Sqlite;

public static partial class SqliteStoreRegistration
{
    static partial void AddRuntimeParts(IServiceCollection services, SqliteStore store) => services.AddSingleton(store.Reminders);
}
