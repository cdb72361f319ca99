using Microsoft.Extensions.DependencyInjection;

namespace Scheduler.Storage.Postgres;

/// <summary>Puts an open database among the services, for the grains and for the runtime itself.</summary>
public static partial class PostgresStoreRegistration
{
    /// <summary>The container does not close an instance: whoever opened the database closes it after everything that writes.</summary>
    public static IServiceCollection AddPostgresStore(this IServiceCollection services, PostgresStore store)
    {
        services.AddSingleton<ISchedulerStore>(store);
        services.AddSingleton(store.Pulls);
        AddRuntimeParts(services, store);
        return services;
    }

    /// <summary>What the runtime that this build is for keeps in the database.</summary>
    static partial void AddRuntimeParts(IServiceCollection services, PostgresStore store);
}
