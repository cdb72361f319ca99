namespace Scheduler.Storage.GroupCommit;

/// <summary>Bounds of the committer. docs/storage.md holds the measurement behind each.</summary>
public sealed record GroupLimits
{
    public int Rows { get; init; } = 1_000;

    public int Bytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Requests in the queue; past it the caller waits at the door.</summary>
    public int Waiting { get; init; } = 20_000;

    /// <summary>Rows that must wait before a group goes beside another one's commit; fewer wait for its end, and make a larger group.</summary>
    public int RowsBeside { get; init; } = 1;

    /// <summary>How long those few wait at most: the commit may be one whose answer is lost.</summary>
    public TimeSpan WaitBeside { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a group is sent, all faults together, before its callers are told.</summary>
    public int Sends { get; init; } = 5;

    /// <summary>Doubled after each send that failed.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);
}
