using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <content>Leases and contacts.</content>
public abstract partial record DebtorEvent
{
    /// <summary>A dispatch was handed out, with the proof that it was lawful then.</summary>
    public sealed record Leased(Instant At, Lease Lease, LeaseProof Proof) : DebtorEvent(At)
    {
        public override string Type => "lease.granted";
    }

    /// <summary>Go: the attempt counts from here where it did not before.</summary>
    public sealed record LeaseConfirmed(Instant At, DispatchId Dispatch, Instant NotAfter, Instant? DeliverBefore, LeaseProof Proof) : DebtorEvent(At)
    {
        public override string Type => "lease.confirmed";
    }

    /// <summary>No go: the lease ended at its confirmation, and nothing was counted.</summary>
    /// <param name="Proof">Null in records of before it was kept.</param>
    public sealed record LeaseDenied(Instant At, DispatchId Dispatch, string RuleId, Instant? Until, RefusalProof? Proof) : DebtorEvent(At)
    {
        public override string Type => "lease.denied";
    }

    public sealed record LeaseExtended(Instant At, DispatchId Dispatch, Instant ExpiresAt) : DebtorEvent(At)
    {
        public override string Type => "lease.extended";
    }

    /// <summary>Given back; nothing counts.</summary>
    public sealed record LeaseReleased(Instant At, DispatchId Dispatch, NotPlacedReason Reason) : DebtorEvent(At)
    {
        public override string Type => "lease.released";
    }

    /// <summary>Expired in silence. Counted: it is not known what happened. Not counted: proven not placed.</summary>
    public sealed record LeaseLapsed(Instant At, DispatchId Dispatch, bool Counted) : DebtorEvent(At)
    {
        public override string Type => Counted ? "lease.lapsed_unknown" : "lease.lapsed_unplaced";
    }

    /// <summary>Withdrawn.</summary>
    /// <param name="Unstoppable">The gateway had said that it is placing.</param>
    public sealed record LeaseRevoked(Instant At, DispatchId Dispatch, string Reason, bool Unstoppable) : DebtorEvent(At)
    {
        public override string Type => "lease.revoked";
    }

    /// <summary>A dispatch was placed.</summary>
    /// <param name="Contact">The contact as it is recorded now.</param>
    /// <param name="Stale">The lease was no longer the reporter's.</param>
    /// <param name="BrokenRuleIds">Rules it turned out to break, known only now.</param>
    public sealed record ContactPlaced(
        Instant At, ContactRecord Contact, Disposition Disposition, string ProviderContactId, string WrapUpCode, bool Stale, ImmutableArray<string> BrokenRuleIds)
        : DebtorEvent(At)
    {
        public override string Type => "contact.placed";
    }

    /// <summary>A dispatch was not placed; nothing counts.</summary>
    public sealed record ContactNotPlaced(Instant At, DispatchId Dispatch, NotPlacedReason Reason, FaultScope Scope, Instant? RetryAt, string ProviderCode, bool Stale)
        : DebtorEvent(At)
    {
        public override string Type => "contact.not_placed";
    }

    /// <summary>A report that contradicts what is known; the stricter stands.</summary>
    public sealed record FactContradicted(Instant At, DispatchId Dispatch, string Known, string Reported) : DebtorEvent(At)
    {
        public override string Type => "contact.contradicted";
    }

    public sealed record ReceiptRecorded(Instant At, string ContactId, ReceiptKind Kind, int Part, bool IsFinal, string ProviderCode, LocalDate FirstDate, LocalDate LastDate)
        : DebtorEvent(At)
    {
        public override string Type => Kind switch
        {
            ReceiptKind.Delivered => "contact.delivered",
            ReceiptKind.Read => "contact.read",
            ReceiptKind.Failed => "contact.failed",
            ReceiptKind.Expired => "contact.expired",
            _ => "contact.receipt",
        };
    }

    /// <summary>An operator said how a contact went of which nobody knew; what that means for it stands in the event before this one.</summary>
    public sealed record ContactResolved(Instant At, DispatchId Dispatch, ContactResolution Resolution, string ActorId, string Reason) : DebtorEvent(At)
    {
        public override string Type => "contact.resolved";
    }

    /// <summary>The time for receipts is over: what is not known did not happen.</summary>
    public sealed record ContactSettled(Instant At, string ContactId) : DebtorEvent(At)
    {
        public override string Type => "contact.settled";
    }

    /// <summary>The debtor wrote or called.</summary>
    public sealed record InboundReceived(Instant At, string SignalId, InboundIntent Intent, ContactRecord Contact) : DebtorEvent(At)
    {
        public override string Type => "contact.inbound";
    }

    /// <summary>A contact made by another system.</summary>
    /// <param name="Counted">False: older than any rule looks.</param>
    public sealed record ContactSeeded(Instant At, ContactRecord Contact, string Source, bool Counted) : DebtorEvent(At)
    {
        public override string Type => "contact.elsewhere";
    }
}

/// <summary>What a grant stood on, so that it can be judged again from the log alone.</summary>
public sealed record LeaseProof
{
    public required long PolicyEpoch { get; init; }

    public required string ZoneDataVersion { get; init; }

    /// <summary>Packs that applied, with version.</summary>
    public ImmutableArray<string> PackVersions { get; init; } = [];

    public PointPlace Place { get; init; }

    /// <summary>Every zone the debtor may have been in, with the local time of the decision.</summary>
    public ImmutableArray<ZoneTime> Zones { get; init; } = [];

    /// <summary>Digest over the contacts that could be counted.</summary>
    public ulong ContactsDigest { get; init; }

    public int ContactCount { get; init; }

    /// <summary>Collector of each account of the lease, in its order.</summary>
    public ImmutableArray<CollectorKind> Collectors { get; init; } = [];

    public string CreditorId { get; init; } = "";

    public Instant NotAfter { get; init; }

    /// <summary>Rules that bound the contact, with their counters; at most <see cref="VerdictProof.MostRules"/>.</summary>
    public ImmutableArray<RuleProof> Rules { get; init; } = [];

    /// <summary>How many rules bound.</summary>
    public int RuleCount { get; init; }

    /// <summary>Digest over everything that the rules looked at; 0 where it was not kept.</summary>
    public ulong InputsDigest { get; init; }
}

/// <summary>What a refusal stood on.</summary>
public sealed record RefusalProof
{
    public required long PolicyEpoch { get; init; }

    public required string ZoneDataVersion { get; init; }

    /// <inheritdoc cref="LeaseProof.PackVersions"/>
    public ImmutableArray<string> PackVersions { get; init; } = [];

    /// <inheritdoc cref="LeaseProof.Zones"/>
    public ImmutableArray<ZoneTime> Zones { get; init; } = [];

    /// <summary>Every rule that refused, not only the one that decided; at most <see cref="VerdictProof.MostRules"/>.</summary>
    public ImmutableArray<RuleProof> Rules { get; init; } = [];

    /// <summary>How many rules bound the contact, those that permitted among them.</summary>
    public int RuleCount { get; init; }

    /// <inheritdoc cref="LeaseProof.InputsDigest"/>
    public ulong InputsDigest { get; init; }
}

/// <summary>An instant as a clock on the wall of a zone showed it.</summary>
public readonly record struct ZoneTime(string ZoneId, LocalDateTime Local);
