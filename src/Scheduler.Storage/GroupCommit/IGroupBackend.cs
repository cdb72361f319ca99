namespace Scheduler.Storage.GroupCommit;

/// <summary>What a back end does with one group. The rules of grouping, splitting and sending again are the committer's.</summary>
public interface IGroupBackend : IAsyncDisposable
{
    /// <summary>
    /// The back end looks at what all rows of a group need before it writes any of them, so a row that wants a link for itself must not be in a group, or
    /// in flight, together with a row that adds it.
    /// </summary>
    bool ChecksRowsTogether => false;

    /// <summary>
    /// One durable transaction. The group is sorted and holds each key once. Every request gets its answer; a row that was not written is compared by
    /// its write id first, so sending a group again is safe. Throws <see cref="GroupFaultException"/> and nothing else.
    /// </summary>
    ValueTask CommitAsync(ReadOnlyMemory<CommitRequest> group);

    /// <summary>Drops the connection and takes a new one.</summary>
    ValueTask ReconnectAsync();
}

/// <summary>What kind of fault met a group.</summary>
public enum GroupFault
{
    /// <summary>Anything else; treated as <see cref="OutcomeUnknown"/>.</summary>
    None = 0,

    /// <summary>A row's values; nothing was applied.</summary>
    Data = 1,

    /// <summary>Deadlock or serialization; nothing was applied and the same group may succeed.</summary>
    Transient = 2,

    /// <summary>Disk full, read-only, no connection; nothing was applied.</summary>
    Unavailable = 3,

    /// <summary>The commit was sent and its answer is lost.</summary>
    OutcomeUnknown = 4,
}

/// <summary>A back end's report that a group did not commit, or may have.</summary>
public sealed class GroupFaultException(GroupFault fault, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public GroupFault Fault { get; } = fault;
}
