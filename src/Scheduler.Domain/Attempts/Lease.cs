using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>A gateway's time-limited right to place one dispatch. Fenced by <see cref="Fence"/>: a stale token changes no lease.</summary>
public sealed record Lease
{
    public required DispatchId Dispatch { get; init; }

    /// <summary>Row version at which it was granted.</summary>
    public required long Fence { get; init; }

    public required string GatewayId { get; init; }

    public string InstanceId { get; init; } = "";

    public string PullId { get; init; } = "";

    public required ContactChannel Channel { get; init; }

    public required PointId Point { get; init; }

    public PlacementMode Mode { get; init; }

    public ContactPurpose Purpose { get; init; } = ContactPurpose.Collection;

    public PartyRole Role { get; init; } = PartyRole.Principal;

    /// <summary>Accounts that may be spoken of, all of one creditor.</summary>
    public required ImmutableArray<AccountId> Accounts { get; init; }

    /// <summary>Account whose plan asked for it.</summary>
    public required AccountId PlannedFor { get; init; }

    public required string StepId { get; init; }

    public string StrategyVersion { get; init; } = "";

    public string Template { get; init; } = "";

    /// <summary>Sender that it was given to; empty: the gateway chooses.</summary>
    public string SenderId { get; init; } = "";

    public required Instant LeasedAt { get; init; }

    public required Instant ExpiresAt { get; init; }

    /// <summary>Placing must have begun before this instant, never past <see cref="ExpiresAt"/>; an extension may move it.</summary>
    public required Instant NotAfter { get; init; }

    /// <summary>The debtor must not receive it at or after this instant; null: no rule minds.</summary>
    public Instant? DeliverBefore { get; init; }

    public bool ConfirmRequired { get; init; }

    public Instant? ConfirmedAt { get; init; }

    /// <summary>Why it was withdrawn; empty while it stands.</summary>
    public string RevokedFor { get; init; } = "";

    public Instant? RevokedAt { get; init; }

    /// <summary>How often this step was leased, from 1.</summary>
    public int DeliveryCount { get; init; } = 1;

    public int Priority { get; init; }

    public bool IsCounted { get; init; } = true;

    /// <summary>Contact of the debtor that it answers; empty for a planned one.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>Agent or bot that asked for it; empty for a planned one.</summary>
    public string AgentId { get; init; } = "";

    /// <summary>The contact also offers a product or service; null: not known.</summary>
    public bool? Promotes { get; init; }

    public bool IsRevoked => RevokedFor.Length > 0;

    /// <summary>The attempt counts: handed out without confirmation, or confirmed.</summary>
    public bool IsReserved => !ConfirmRequired || ConfirmedAt is not null;
}
