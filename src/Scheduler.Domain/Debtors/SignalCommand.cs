using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <summary>A fact from outside that changes what may be done.</summary>
public sealed record SignalCommand
{
    /// <summary>Idempotency key, unique in the tenant.</summary>
    public required string SignalId { get; init; }

    /// <summary>When it happened, by the source's clock.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>Channel it came through; unknown if none.</summary>
    public ContactChannel Channel { get; init; }

    public string Source { get; init; } = "";

    /// <summary>Address it came from, where that is all that is known of the sender; empty where the debtor is named. Personal data: in no event.</summary>
    public string Address { get; init; } = "";

    /// <summary>Debtor that it was said of, where that is an alias: the names in it are the alias's. Empty otherwise.</summary>
    public string Alias { get; init; } = "";

    public required SignalFact Fact { get; init; }
}

/// <summary>What happened.</summary>
public abstract record SignalFact
{
    private SignalFact()
    {
    }

    /// <summary>Money came in; negative for a reversal. A balance of zero after it closes the account, a reversal of a closing payment opens it again.</summary>
    public sealed record Payment(string PaymentId, AccountId Account, Amount Amount, Amount? BalanceAfter) : SignalFact;

    /// <summary>A promise made or changed (pending), kept, broken or cancelled.</summary>
    public sealed record PromiseSaid(Promise Promise) : SignalFact;

    public sealed record ConsentSaid(ConsentFact Consent) : SignalFact;

    public sealed record HoldPlaced(Hold Hold) : SignalFact;

    public sealed record HoldLifted(string HoldId) : SignalFact;

    public sealed record PointChanged(PointId Point, PointStatus Status) : SignalFact;

    /// <summary>The debtor wrote or called.</summary>
    public sealed record Inbound : SignalFact
    {
        public required InboundIntent Intent { get; init; }

        public string ProviderContactId { get; init; } = "";

        public string SenderId { get; init; } = "";

        public Instant? SessionExpiresAt { get; init; }

        /// <summary>Point it came from; default if unknown.</summary>
        public PointId Point { get; init; }

        public ImmutableArray<AccountId> Discussed { get; init; } = [];

        /// <summary>An exchange took place.</summary>
        public bool IsTwoWay { get; init; }
    }

    public sealed record InformationRequested(string Subject, ContactChannel Channel) : SignalFact;

    /// <summary>The debtor asked to be called: consent to just that, until <paramref name="Latest"/>.</summary>
    /// <param name="GivenDirectly">Asked of this collector rather than of the creditor.</param>
    public sealed record CallbackRequested(Instant Earliest, Instant Latest, PointId Point, bool GivenDirectly) : SignalFact;

    public sealed record ContactedElsewhere(ExternalContact Contact) : SignalFact;
}

/// <summary>What an inbound message wants. Unknown is treated as unclear.</summary>
public enum InboundIntent : byte
{
    Unknown = 0, Unclear = 1, Stop = 2, Cease = 3, Start = 4, WrongPerson = 5, Conversation = 6, PaymentClaimed = 7,
    Dispute = 8, Vulnerable = 9, WantsAgent = 10, Complaint = 11,
}

/// <summary>Answer to a signal.</summary>
/// <param name="Revoked">Leases withdrawn by it.</param>
/// <param name="Unstoppable">Leases that the gateway had confirmed already: too late to stop.</param>
public sealed record SignalReply(
    ApplyState State, ImmutableArray<DispatchId> Revoked, ImmutableArray<DispatchId> Unstoppable, Refusal? Refusal);
