using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Attempts;

/// <summary>Somebody wants to make a contact that no plan asks for: an agent's own call, a bot that writes first, an answer to the debtor.</summary>
public sealed record AuthorizeCommand
{
    /// <summary>Row version the state will have after this write: the fence, and part of the dispatch id.</summary>
    public required long NextVersion { get; init; }

    /// <summary>Names the request in <see cref="Lease.PullId"/>: while that lease lives, the same request is answered with it.</summary>
    public required string PullId { get; init; }

    public required ContactChannel Channel { get; init; }

    /// <summary>Default: the first that may be used.</summary>
    public PointId Point { get; init; }

    public ContactPurpose Purpose { get; init; } = ContactPurpose.Collection;

    /// <summary>All of one creditor; empty: those of one creditor that may be spoken of.</summary>
    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    public required string GatewayId { get; init; }

    public string InstanceId { get; init; } = "";

    /// <summary>Agent or bot; empty if unknown.</summary>
    public string AgentId { get; init; } = "";

    public PlacementMode Mode { get; init; }

    /// <summary>Contact of the debtor that it answers; empty if none.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>Brought into the range of <see cref="LeaseTerms"/>.</summary>
    public required Duration Duration { get; init; }

    /// <summary>The contact also offers a product or service; null: not known.</summary>
    public bool? Promotes { get; init; }

    /// <summary>Debtor that was asked for, where that is an alias: the point is called as there. Empty otherwise.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Nothing is leased.</summary>
    public bool OnlyAsks { get; init; }
}

/// <summary>Answer to an authorization: a lease, or what every rule said.</summary>
/// <param name="Point">Point that was judged; null where the debtor has none for the channel.</param>
/// <param name="Notices">Notices that the contact must carry.</param>
/// <param name="Explanation">Set when refused or only asked, and there was a point to judge.</param>
/// <param name="Refusal">The request itself is wrong: unknown account or point, or a key used with another body.</param>
public sealed record AuthorizeReply(
    Lease? Lease, ContactPoint? Point, Verdict? Verdict, ImmutableArray<string> Notices, Explanation? Explanation, Refusal? Refusal);
