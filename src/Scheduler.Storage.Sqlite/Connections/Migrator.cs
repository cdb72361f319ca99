namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>Brings a database to this build's schema: forward only, each migration in a transaction of its own.</summary>
internal static class Migrator
{
    public static void Migrate(SqliteSession session)
    {
        var migrations = Sql.Migrations();
        var newest = migrations[^1].Number;
        var current = session.Scalar("pragma user_version");
        if (current > newest)
        {
            throw new StorageUnavailableException(
                $"The database has schema {current}, this build knows {newest}: it was written by a newer build.");
        }

        foreach (var (number, script) in migrations)
        {
            if (number > current) session.Execute($"begin exclusive; {script} pragma user_version = {number}; commit;");
        }
    }
}
