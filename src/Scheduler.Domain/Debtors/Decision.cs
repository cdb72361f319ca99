using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Debtors;

/// <summary>What decisions depend on besides the debtor: rules, strategies and terms, each an immutable snapshot taken once per turn.</summary>
public sealed record DecisionContext(PolicySnapshot Policy, StrategySet Strategies, LeaseTerms Terms)
{
    /// <summary>Contacts with the other parties of what the debtor shares, as known at the beginning of the turn.</summary>
    public ImmutableArray<SharedContact> Shared { get; init; } = [];

    /// <summary>First instant at which other rules decide, as scheduled: nothing is to be placed at or after it on the strength of these.</summary>
    public Instant RulesEndAt { get; init; } = Instant.MaxValue;

    /// <summary>What is stopped, by operators or by faults.</summary>
    public PauseSet Pauses { get; init; } = PauseSet.None;

    /// <summary>Spans of which nobody knows what was placed, oldest first: each counts once as the worst, for every debtor that was known then.</summary>
    public ImmutableArray<RecoveryGap> Gaps { get; init; } = [];

    /// <summary>How often writes may have been lost; fences of after it stand above all of before it, also above those that were lost.</summary>
    public long RecoveryEpoch { get; init; }

    /// <summary>Number of the last gap; 0: there is none.</summary>
    public long LastGap => Gaps.IsEmpty ? 0 : Gaps[^1].Number;

    /// <summary>The fence of a lease that this row version grants.</summary>
    public long FenceOf(long version) => (RecoveryEpoch << FenceBits) + version;

    /// <summary>Versions of one row that fit below a recovery's: a million million.</summary>
    private const int FenceBits = 40;
}

/// <summary>What the decider returns for a command: written whole, then acted on.</summary>
/// <param name="State">The new state; null when there is nothing to write, and then there are no events either.</param>
/// <param name="Events">What happened, oldest first; written in the same transaction as the state.</param>
/// <param name="Effects">What to do after the write. Soft: losing them loses nothing but time.</param>
/// <param name="Reply">The answer to the caller.</param>
public sealed record Decision<TReply>(
    DebtorState? State, ImmutableArray<DebtorEvent> Events, ImmutableArray<Effect> Effects, TReply Reply);

/// <summary>What follows a decision once it is durable.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>A live lease was withdrawn: its gateway is to be told.</summary>
    public sealed record Revoked(Lease Lease) : Effect;

    /// <summary>A dispatch may be leased now; offered to its channel's ready queue.</summary>
    /// <param name="Channel">Channel of the dispatch.</param>
    /// <param name="Priority">0 (most urgent) to 9.</param>
    /// <param name="DueAt">When its step fell due: lateness is measured from it.</param>
    /// <param name="Until">First instant at which it may no longer be placed.</param>
    public sealed record Offer(ContactChannel Channel, int Priority, Instant DueAt, Instant Until) : Effect
    {
        /// <summary>Where it would be placed.</summary>
        public PointId Point { get; init; }
    }
}

/// <summary>An expected "no" to a caller.</summary>
/// <param name="Reason">UPPER_SNAKE, stable: "IDEMPOTENCY_KEY_REUSED".</param>
/// <param name="Field">Field at fault, as the protocol names it; empty if none.</param>
/// <param name="Detail">One sentence; no personal data.</param>
public sealed record Refusal(string Reason, string Field, string Detail);

/// <summary>Reasons of refusals, as callers see them.</summary>
public static class RefusalReasons
{
    public const string Erased = "DEBTOR_ERASED";
    public const string KeyReused = "IDEMPOTENCY_KEY_REUSED";
    public const string LimitReached = "LIMIT_REACHED";
    public const string Invalid = "INVALID_VALUE";
    public const string UnknownAccount = "UNKNOWN_ACCOUNT";
    public const string UnknownPoint = "UNKNOWN_POINT";
    public const string UnknownHold = "UNKNOWN_HOLD";
    public const string UnknownPromise = "UNKNOWN_PROMISE";
    public const string StaleToken = "STALE_TOKEN";
    public const string LeaseLapsed = "LEASE_LAPSED";
    public const string LeaseRevoked = "LEASE_REVOKED";
    public const string LeaseLimit = "LEASE_LIMIT";
    public const string LeaseConfirmed = "LEASE_CONFIRMED";
    public const string AlreadyLeased = "ALREADY_LEASED";
    public const string NothingDue = "NOTHING_DUE";
    public const string NotPermitted = "NOT_PERMITTED";
    public const string Paused = "PAUSED";
    public const string AlreadyMerged = "ALREADY_MERGED";
    public const string DebtorExists = "DEBTOR_EXISTS";
    public const string UnknownDispatch = "DISPATCH_NOT_FOUND";
    public const string NotUnresolved = "NOT_UNRESOLVED";
    public const string SaidPlaced = "SAID_PLACED";
    public const string NotQuarantined = "NOT_QUARANTINED";
    public const string TooFarAhead = "OCCURS_IN_FUTURE";
}
