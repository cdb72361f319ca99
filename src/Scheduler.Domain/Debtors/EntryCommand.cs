using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <summary>What an upstream system knows of one debtor. Absent sections (null, or an empty list of accounts or consents) stay; present ones replace.</summary>
public sealed record EntryCommand
{
    public required DebtorKey Key { get; init; }

    /// <summary>Rises per debtor.</summary>
    public required long SourceVersion { get; init; }

    public DebtorProfile? Profile { get; init; }

    /// <summary>All points, replacing the former list; null: unchanged.</summary>
    public ImmutableArray<ContactPoint>? Points { get; init; }

    /// <summary>Accounts to add or change, by id; those not named stay.</summary>
    public ImmutableArray<Account> Accounts { get; init; } = [];

    /// <summary>Facts to append; ids already known are ignored.</summary>
    public ImmutableArray<ConsentFact> Consents { get; init; } = [];

    public string SnapshotId { get; init; } = "";

    /// <summary>What is known of the addresses of <see cref="Points"/>, whoever listed them before; no part of the entry's identity.</summary>
    public ImmutableArray<ListedAddressFact> AddressFacts { get; init; } = [];
}

/// <summary>A fact about the address of one of the debtor's points.</summary>
public readonly record struct ListedAddressFact(PointId Point, AddressFact Fact);

/// <summary>What became of an entry.</summary>
public enum EntryState : byte { Unknown = 0, Accepted = 1, Unchanged = 2, Stale = 3, Rejected = 4 }

/// <summary>Answer to an entry.</summary>
/// <param name="WakeAt">First instant at which the debtor is looked at; null when finished, held or blocked.</param>
public sealed record EntryReply(EntryState State, Instant? WakeAt, Refusal? Refusal);

/// <summary>An account that leaves.</summary>
public sealed record CloseCommand
{
    public required AccountId Account { get; init; }

    public required CloseReason Reason { get; init; }

    public required Instant ClosedAt { get; init; }

    /// <summary>Idempotency key.</summary>
    public required string RequestId { get; init; }
}

/// <summary>Answer to a closure. Closing again, by another request, is a duplicate too.</summary>
public sealed record CloseReply(
    ApplyState State, ImmutableArray<DispatchId> Revoked, ImmutableArray<DispatchId> Unstoppable, Refusal? Refusal);

/// <summary>A contact that another system made, before or beside this one.</summary>
public sealed record ExternalContact
{
    /// <summary>Unique in the tenant; a repeat changes nothing.</summary>
    public required string Id { get; init; }

    /// <summary>Empty: all of the creditor's.</summary>
    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    /// <summary>Accounts in fact discussed; empty: all of <see cref="Accounts"/>.</summary>
    public ImmutableArray<AccountId> Discussed { get; init; } = [];

    public string CreditorId { get; init; } = "";

    public required ContactChannel Channel { get; init; }

    public PointId Point { get; init; }

    public required Instant PlacedAt { get; init; }

    public bool IsInbound { get; init; }

    public ContactPurpose Purpose { get; init; } = ContactPurpose.Collection;

    /// <summary>Unknown facts count as the worst the channel allows.</summary>
    public ContactFacts Facts { get; init; }

    public string Source { get; init; } = "";
}

/// <summary>History to seed, so that caps are right.</summary>
/// <param name="Alias">Debtor that it was made with, where that is an alias: the point is called as there.</param>
public sealed record SeedCommand(ExternalContact Contact, string Alias = "");

/// <summary>Answer to a seeded contact.</summary>
/// <param name="IsCounted">False for a contact older than the longest period: on the timeline only.</param>
public sealed record HistoryReply(ApplyState State, bool IsCounted, Refusal? Refusal);

/// <summary>What became of a request that is applied once.</summary>
public enum ApplyState : byte { Rejected = 0, Recorded = 1, Duplicate = 2 }
