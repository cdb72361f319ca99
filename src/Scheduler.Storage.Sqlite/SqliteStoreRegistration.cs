using Microsoft.Extensions.DependencyInjection;
using Scheduler.Storage.GroupCommit;

namespace Scheduler.Storage.Sqlite;

/// <summary>Puts the database and each of its parts among the services. The container closes it, after everything that uses it.</summary>
public static class SqliteStoreRegistration
{
    /// <summary>Opens at first use, with the <see cref="TimeProvider"/> of the container.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, SqliteOptions options, GroupLimits? limits = null) =>
        services
            .AddSingleton(provider => SqliteStore.Open(options, provider.GetRequiredService<TimeProvider>(), limits))
            .AddSingleton<ISchedulerStore>(provider => provider.GetRequiredService<SqliteStore>())
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Debtors)
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Due)
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Lanes)
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Events)
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Pulls)
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Settings)
            .AddSingleton(provider => provider.GetRequiredService<SqliteStore>().Epochs);
}
