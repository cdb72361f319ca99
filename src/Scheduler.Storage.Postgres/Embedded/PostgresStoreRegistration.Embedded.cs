using Microsoft.Extensions.DependencyInjection;

namespace Scheduler.Storage.Postgres;

public static partial class PostgresStoreRegistration
{
    static partial void AddRuntimeParts(IServiceCollection services, PostgresStore store) => services.AddSingleton(store.Reminders);
}
