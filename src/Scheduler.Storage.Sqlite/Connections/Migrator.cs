namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>Brings a database to this build's schema: forward only, each migration in a transaction of its own.</summary>
internal static class Migrator
{
    public static void Migrate(SqliteSession session)
    {
        foreach (var (number, script) in SqliteSession.Files.MigrationsAfter(session.Scalar("pragma user_version")))
            session.Execute($"begin exclusive; {script} pragma user_version = {number}; commit;");
    }
}
