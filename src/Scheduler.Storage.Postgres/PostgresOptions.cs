namespace Scheduler.Storage.Postgres;

/// <summary>Which database, and the bounds that were measured. docs/storage.md holds the measurement behind each default.</summary>
public sealed record PostgresOptions
{
    /// <summary>As Npgsql reads it. The database belongs to the scheduler alone.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Commits in flight at once, each on a connection of its own.</summary>
    public int CommitsInFlight { get; init; } = 2;

    /// <summary>The server ends a statement that takes longer; no transaction here has more than a few.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The server ends a transaction that waits for its client longer than this: a client that is gone must not hold its locks.</summary>
    public TimeSpan IdleTransactionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening waits for a host that has just gone; the server notices the end of a killed process a little later.</summary>
    public TimeSpan HostLockWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Brings an older schema to this build's on opening; else an older schema is refused.</summary>
    public bool MigratesOnOpen { get; init; } = true;
}
