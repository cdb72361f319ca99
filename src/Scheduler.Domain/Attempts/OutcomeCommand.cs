using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>How a lease ended, as its gateway reports it.</summary>
public sealed record OutcomeCommand
{
    public required LeaseRef Lease { get; init; }

    /// <summary>The gateway that reports.</summary>
    public string GatewayId { get; init; } = "";

    public required Outcome Outcome { get; init; }

    public Instant? ReportedAt { get; init; }
}

/// <summary>Proven not placed, or placed.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Proven: nothing counts.</summary>
    public sealed record NotPlaced(NotPlacedReason Reason, FaultScope Scope, Instant? RetryAt, string ProviderCode) : Outcome;

    /// <summary>Placed, as far as known at the end of the lease.</summary>
    public sealed record Placed : Outcome
    {
        /// <summary>When placing began, by the gateway's clock.</summary>
        public required Instant PlacedAt { get; init; }

        public Instant? EndedAt { get; init; }

        public string ProviderContactId { get; init; } = "";

        public string SenderId { get; init; } = "";

        public Disposition Disposition { get; init; }

        public ContactFacts Facts { get; init; }

        /// <summary>Accounts in fact discussed; empty: those of the dispatch.</summary>
        public ImmutableArray<AccountId> Discussed { get; init; } = [];

        public int PartCount { get; init; }

        public Amount? Cost { get; init; }

        public string AgentId { get; init; } = "";

        /// <summary>Receipts will follow; false settles now.</summary>
        public bool ReceiptsExpected { get; init; }

        /// <summary>What came of it, applied in the same decision.</summary>
        public ImmutableArray<SignalCommand> Signals { get; init; } = [];

        public string WrapUpCode { get; init; } = "";
    }
}

/// <summary>Why it was not placed. Unknown is treated as a gateway's error.</summary>
public enum NotPlacedReason : byte
{
    Unknown = 0, GatewayError = 1, NoCapacity = 2, TooLate = 3, Revoked = 4, TemplateUnavailable = 5, SenderLimit = 6, RecipientLimit = 7,
    SessionClosed = 8, AddressRefused = 9, Suppressed = 10, PolicyRefused = 11, Clock = 12,
}

/// <summary>How far a fault reaches. Unknown is this dispatch alone; the provider is everything that goes through the gateway.</summary>
public enum FaultScope : byte { Unknown = 0, Dispatch = 1, Point = 2, Template = 3, Sender = 4, Provider = 5 }

/// <summary>Results of placing, all channels. Unknown is: placed, and it is not known how it went.</summary>
public enum Disposition : byte
{
    Unspecified = 0, Unknown = 1, Accepted = 2, Busy = 3, NoAnswer = 4, Rejected = 5, NotInService = 6, NetworkFailure = 7, Fax = 8,
    MachineNoMessage = 9, MachineMessageLeft = 10, Abandoned = 11, HungUp = 12, WrongParty = 13, ThirdParty = 14, RightParty = 15, Screened = 16,
}

/// <summary>What became of a reported fact.</summary>
public enum FactState : byte { Never = 0, Recorded = 1, Duplicate = 2, RecordedStale = 3, Unknown = 4, Conflict = 5, Invalid = 6 }

/// <summary>Answer to an outcome.</summary>
/// <param name="BrokenRuleIds">Rules that the contact turned out to break, known only now.</param>
/// <param name="Signals">Answers to the signals that came with it, in order.</param>
public sealed record OutcomeReply(FactState State, ImmutableArray<string> BrokenRuleIds, ImmutableArray<SignalReply> Signals, Refusal? Refusal);

/// <summary>A later fact about a placed contact.</summary>
public sealed record ReceiptCommand
{
    public required DispatchId Dispatch { get; init; }

    public required ReceiptKind Kind { get; init; }

    /// <summary>When it happened; when the gateway got it, where that is not known.</summary>
    public required Instant OccurredAt { get; init; }

    public string ProviderCode { get; init; } = "";

    /// <summary>Part of a long message, from 1; 0: the whole.</summary>
    public int Part { get; init; }

    /// <summary>No more receipts will come.</summary>
    public bool IsFinal { get; init; }

    public ReceiptEvidence Evidence { get; init; }
}

/// <summary>What a receipt says.</summary>
public enum ReceiptKind : byte
{
    Unknown = 0, Sent = 1, Delivered = 2, Read = 3, Opened = 4, Clicked = 5, Failed = 6, Expired = 7, BouncedSoft = 8, BouncedHard = 9,
    Complaint = 10, Unsubscribed = 11, Blocked = 12,
}

/// <summary>How much a receipt is worth. Unknown is the provider's word.</summary>
public enum ReceiptEvidence : byte { Unknown = 0, Provider = 1, Carrier = 2, Device = 3 }

/// <summary>Answer to a receipt.</summary>
public sealed record ReceiptReply(FactState State, Refusal? Refusal);
