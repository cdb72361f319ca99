namespace Scheduler.Storage.Sqlite;

/// <summary>Where the database is, and the sizes that were measured. docs/storage.md holds the measurement behind each default.</summary>
public sealed record SqliteOptions
{
    /// <summary>File of the database; its folder is created. <c>-wal</c>, <c>-shm</c> and <c>.lock</c> stand beside it.</summary>
    public required string Path { get; init; }

    public int PageBytes { get; init; } = 4096;

    /// <summary>Page cache of the writer; each of the two readers takes a quarter.</summary>
    public int CacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Pages written to the WAL before a checkpoint is asked for.</summary>
    public int CheckpointPages { get; init; } = 4_000;

    /// <summary>A WAL longer than this is finished by the writer itself, between two groups, so that it starts again from its front.</summary>
    public int WalPagesLimit { get; init; } = 32_000;

    /// <summary>
    /// Links of addresses that gather before some go to the large table. The more there are, the more of them share a page there; each takes some 200 bytes of
    /// memory, and opening reads them all.
    /// </summary>
    public int FreshLinks { get; init; } = 256 * 1024;
}
