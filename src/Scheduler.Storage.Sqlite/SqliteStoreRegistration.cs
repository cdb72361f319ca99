using Microsoft.Extensions.DependencyInjection;

namespace Scheduler.Storage.Sqlite;

/// <summary>Puts an open database among the services, for the grains and for the runtime itself.</summary>
public static partial class SqliteStoreRegistration
{
    /// <summary>The container does not close an instance: whoever opened the database closes it after everything that writes.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, SqliteStore store)
    {
        services.AddSingleton<ISchedulerStore>(store);
        services.AddSingleton(store.Pulls);
        AddRuntimeParts(services, store);
        return services;
    }

    /// <summary>What the runtime that this build is for keeps in the database.</summary>
    static partial void AddRuntimeParts(IServiceCollection services, SqliteStore store);
}
