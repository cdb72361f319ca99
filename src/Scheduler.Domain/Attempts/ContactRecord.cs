using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>
/// What happened in one contact, as facts; null is "not known". What counts as attempt, contact or conversation is each pack's
/// predicate over these, because laws differ.
/// </summary>
public readonly record struct ContactFacts
{
    /// <summary>Dialled, or taken by the provider.</summary>
    public bool Placed { get; init; }

    /// <summary>It reached the network address it was meant for (false: number not in service, mailbox unknown).</summary>
    public bool? AddressReached { get; init; }

    /// <summary>It reached a device or mailbox.</summary>
    public bool? Delivered { get; init; }

    public bool? Perceived { get; init; }

    public bool? MessageLeft { get; init; }

    public bool? MessagePossible { get; init; }

    /// <summary>A two-way exchange.</summary>
    public bool? TwoWay { get; init; }

    public PartyRole SpokeWith { get; init; }

    public bool? Abandoned { get; init; }
}

/// <summary>Where a counted contact stands.</summary>
public enum ContactStanding : byte
{
    /// <summary>Leased or confirmed, no outcome yet: counts as the worst its channel allows.</summary>
    Reserved = 0,

    /// <summary>Placed, receipts still awaited: unknown facts count as the worst its channel allows.</summary>
    Placed = 1,

    /// <summary>Nothing more is expected: unknown facts count as false, save delivery and conversation, which only a report denies.</summary>
    Settled = 2,

    /// <summary>The counted lease lapsed in silence: counts as the worst until an outcome, a receipt or an operator says better.</summary>
    Unresolved = 3,
}

/// <summary>One contact that rules may count: ours, the debtor's own (inbound), or one made by another system.</summary>
public sealed record ContactRecord
{
    /// <summary>Dispatch id, signal id or external contact id; unique among the debtor's contacts.</summary>
    public required string Id { get; init; }

    public required ContactChannel Channel { get; init; }

    /// <summary>Point used; default if unknown.</summary>
    public PointId Point { get; init; }

    public PointPlace Place { get; init; }

    /// <summary>Accounts on the dispatch; an unanswered attempt counts for each of them.</summary>
    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    /// <summary>Accounts that were in fact discussed; a conversation counts for each of them. Empty: all of <see cref="Accounts"/>.</summary>
    public ImmutableArray<AccountId> Discussed { get; init; } = [];

    public string CreditorId { get; init; } = "";

    /// <summary>Gateway that held its lease: whom to ask how it went. Empty for contacts of others.</summary>
    public string GatewayId { get; init; } = "";

    public ContactPurpose Purpose { get; init; } = ContactPurpose.Collection;

    public bool IsInbound { get; init; }

    /// <summary>When placing began (leased, until the outcome says better).</summary>
    public required Instant PlacedAt { get; init; }

    /// <summary>When it reached the debtor, if known.</summary>
    public Instant? DeliveredAt { get; init; }

    /// <summary>Earliest and latest local date over the candidate zones of that time: counted on every date in between.</summary>
    public required LocalDate FirstDate { get; init; }

    /// <inheritdoc cref="FirstDate"/>
    public required LocalDate LastDate { get; init; }

    public ContactFacts Facts { get; init; }

    /// <summary>Of an inbound contact: until when the provider lets it be answered freely; null: no session was opened.</summary>
    public Instant? SessionExpiresAt { get; init; }

    public ContactStanding Standing { get; init; }

    /// <summary>Placed contacts settle at this instant if no receipt says otherwise; null where nothing is awaited.</summary>
    public Instant? SettlesAt { get; init; }

    /// <summary>False where a pack's exception said that this contact is not counted.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>Template or step's words, for notices and the timeline; empty if none.</summary>
    public string StepId { get; init; } = "";

    /// <summary>Bit n is set when a receipt of kind n was recorded: receipts are applied once.</summary>
    public uint ReceiptKinds { get; init; }
}
