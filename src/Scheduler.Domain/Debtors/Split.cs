using System.Collections.Immutable;

namespace Scheduler.Domain.Debtors;

/// <summary>A debtor that turned out to be two persons, on the way to being two. At either nothing is leased until its part is done.</summary>
/// <param name="Other">The new debtor, or the one that it comes from.</param>
/// <param name="IsNew">This is the new one.</param>
/// <param name="RequestKey">Of the request, by which it is known again.</param>
public sealed record Split(string Other, bool IsNew, ImmutableArray<AccountId> Accounts, ImmutableArray<PointId> Points, ulong RequestKey, uint RequestBody);

/// <summary>The other of a split, for what is reported later of dispatches from before it: that counts for both.</summary>
/// <param name="Debtor">The one that was made; or, of a source, an id that those dispatches bear.</param>
/// <param name="Of">Debtor that was split; empty of a source.</param>
/// <param name="Version">Up to this version of the row that was split a dispatch is from before.</param>
/// <param name="IsSource">This debtor was made, and its contacts from before bear the other's id.</param>
public readonly record struct PartedDebtor(string Debtor, string Of, long Version, bool IsSource);

/// <summary>What goes to whom.</summary>
public sealed record SplitCommand
{
    /// <summary>Empty: whatever split is under way.</summary>
    public string NewDebtor { get; init; } = "";

    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    public ImmutableArray<PointId> Points { get; init; } = [];

    /// <summary>Idempotency key.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The new id is somebody's already, or an alias.</summary>
    public bool IsTaken { get; init; }
}

/// <summary>Answer to a step of a split.</summary>
/// <param name="NewDebtor">Set while the split is under way.</param>
public sealed record SplitReply(ApplyState State, string NewDebtor, Refusal? Refusal);

/// <summary>Steps of a split, as the logs of both tell of them.</summary>
public enum SplitStep : byte
{
    Unknown = 0,

    /// <summary>The debtor closed, to be split.</summary>
    Began = 1,

    /// <summary>The new debtor is there; what came with it follows as events of its own.</summary>
    Received = 2,

    /// <summary>The first let go of what went, and is open again.</summary>
    LetGo = 3,

    /// <summary>The new debtor is open.</summary>
    Opened = 4,

    /// <summary>The new debtor could not be made; the first is as before.</summary>
    Refused = 5,
}
