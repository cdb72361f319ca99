using Scheduler.PostgresKit;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Which back end a host runs on.</summary>
public enum Database
{
    None = 0,
    Sqlite = 1,
    Postgres = 2,
}

/// <summary>What a host is told about its database.</summary>
internal static class DatabaseSettings
{
    public static async Task<IReadOnlyDictionary<string, string>> SettingsAsync(this Database database, AssemblyServer servers)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (database != Database.Postgres) return settings;
        settings["Storage__Provider"] = "Postgres";
        settings["Storage__Postgres__ConnectionString"] = await (await servers.GetAsync()).CreateDatabaseAsync();
        return settings;
    }
}
