namespace Scheduler.Storage.Postgres.Connections;

/// <summary>
/// Keys of the advisory locks. The .sql files name them by number: 1 guards the taking of event numbers, 2 stands between groups and what must not happen
/// beside one; negative keys announce blocks of event numbers.
/// </summary>
internal static class AdvisoryKeys
{
    /// <summary>The one host of this database.</summary>
    public const long Host = 3;

    public const long Migration = 4;
}
