using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Attempts;

/// <summary>A gateway wants the dispatch that was offered.</summary>
public sealed record LeaseCommand
{
    /// <summary>Row version the state will have after this write: the fence, and part of the dispatch id.</summary>
    public required long NextVersion { get; init; }

    /// <summary>Row version the offer was made from; another than the present one and what is due is decided anew.</summary>
    public required long OfferVersion { get; init; }

    /// <summary>Channel of the offer.</summary>
    public required ContactChannel Channel { get; init; }

    public required string GatewayId { get; init; }

    public string InstanceId { get; init; } = "";

    public string PullId { get; init; } = "";

    /// <summary>Sender that is to place it; empty: the gateway chooses.</summary>
    public string SenderId { get; init; } = "";

    /// <summary>The only point that room was made for; default: any.</summary>
    public PointId Point { get; init; }

    /// <summary>Brought into the range of <see cref="LeaseTerms"/>.</summary>
    public required Duration Duration { get; init; }

    /// <summary>The attempt counts when confirmed rather than when leased.</summary>
    public bool ConfirmRequired { get; init; }
}

/// <summary>Answer to a lease command: a lease and its step, or why not.</summary>
/// <param name="Verdict">The verdict that granted or refused; null when none was asked.</param>
public sealed record LeaseReply(Lease? Lease, Step? Step, Verdict? Verdict, Refusal? Refusal);

/// <summary>A lease as its holder names it.</summary>
public readonly record struct LeaseRef(DispatchId Dispatch, long Fence);

/// <summary>About to place.</summary>
public sealed record ConfirmCommand(LeaseRef Lease);

/// <summary>Go, or not: then the lease is over and nothing was counted.</summary>
/// <param name="NotAfter">Go: place before this; may be earlier than at the lease.</param>
public sealed record ConfirmReply(bool Go, Verdict? Verdict, Instant NotAfter, Instant? DeliverBefore, Refusal? Refusal);

/// <summary>More time, from now.</summary>
public sealed record ExtendCommand(LeaseRef Lease, Duration Duration);

/// <summary>Answer to an extension.</summary>
public sealed record ExtendReply(Instant? ExpiresAt, Refusal? Refusal);

/// <summary>Give back unplaced.</summary>
public sealed record ReleaseCommand(LeaseRef Lease, NotPlacedReason Reason);

/// <summary>Answer to a release; releasing again what is released is ok.</summary>
public sealed record ReleaseReply(ApplyState State, Refusal? Refusal);
