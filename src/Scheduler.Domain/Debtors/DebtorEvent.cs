using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// One raw fact of a debtor's history. When it was recorded stands on the row that carries it; here stands when it happened.
/// Addresses and template variables are sealed where it is stored. Contact events stand in <see cref="DebtorEvent"/>'s other file.
/// </summary>
/// <param name="At">When it happened in the world.</param>
public abstract partial record DebtorEvent(Instant At)
{
    /// <summary>Stable name on timelines: "contact.delivered".</summary>
    public abstract string Type { get; }

    /// <summary>An entry of the source was applied; what it changed follows as events of its own.</summary>
    public sealed record EntryApplied(Instant At, long SourceVersion, ulong Digest, string SnapshotId) : DebtorEvent(At)
    {
        public override string Type => "entry.applied";
    }

    public sealed record ProfileReplaced(Instant At, DebtorProfile Profile) : DebtorEvent(At)
    {
        public override string Type => "profile.replaced";
    }

    /// <summary>All points as they are now, addresses too: a stored event keeps those in its sealed part.</summary>
    public sealed record PointsReplaced(Instant At, ImmutableArray<ContactPoint> Points) : DebtorEvent(At)
    {
        public override string Type => "points.replaced";
    }

    public sealed record PointChanged(Instant At, PointId Point, PointStatus Status, string Cause) : DebtorEvent(At)
    {
        public override string Type => "point.changed";
    }

    /// <summary>An account was added or changed.</summary>
    public sealed record AccountEntered(Instant At, Account Account) : DebtorEvent(At)
    {
        public override string Type => "account.entered";
    }

    public sealed record AccountClosed(Instant At, AccountId Account, CloseReason Reason) : DebtorEvent(At)
    {
        public override string Type => "account.closed";
    }

    public sealed record AccountReopened(Instant At, AccountId Account, string Cause) : DebtorEvent(At)
    {
        public override string Type => "account.reopened";
    }

    /// <summary>From now on the debtor's contacts are counted together with those of the scope's other parties.</summary>
    public sealed record ScopeJoined(Instant At, SharedScope Scope) : DebtorEvent(At)
    {
        public override string Type => "sharing.joined";
    }

    public sealed record PaymentRecorded(Instant At, string PaymentId, AccountId Account, Amount Amount, Amount? BalanceAfter) : DebtorEvent(At)
    {
        public override string Type => "payment.recorded";
    }

    public sealed record ConsentRecorded(Instant At, ConsentFact Consent, string Cause) : DebtorEvent(At)
    {
        public override string Type => Consent.Kind == ConsentKind.Withdrawn ? "consent.withdrawn" : "consent.recorded";
    }

    public sealed record HoldPlaced(Instant At, Hold Hold, string Cause) : DebtorEvent(At)
    {
        public override string Type => "hold.placed";
    }

    /// <summary>Lifted by somebody, or its end came.</summary>
    public sealed record HoldEnded(Instant At, string HoldId, HoldKind Kind, bool Lifted) : DebtorEvent(At)
    {
        public override string Type => Lifted ? "hold.lifted" : "hold.ended";
    }

    /// <summary>An account changed hands; what it is now follows as <see cref="AccountEntered"/>.</summary>
    public sealed record AccountTransferred(
        Instant At, AccountId Account, string FormerCreditor, string Creditor, CollectorKind Collector, AccountStage Stage, bool KeepsConsents) : DebtorEvent(At)
    {
        public override string Type => "account.transferred";
    }

    /// <summary>The debtor closed, to become another's alias.</summary>
    public sealed record MergeBegan(Instant At, string Into) : DebtorEvent(At)
    {
        public override string Type => "debtor.merging";
    }

    /// <summary>The debtor is an alias from here on, or the other could not take it in and all is as before.</summary>
    public sealed record MergeEnded(Instant At, string Into, bool IsCompleted) : DebtorEvent(At)
    {
        public override string Type => IsCompleted ? "debtor.merged" : "debtor.merge_refused";
    }

    /// <summary>Another debtor was taken in; what came with it follows as events of its own.</summary>
    /// <param name="EventCount">Events in the other's chain, of which the last has this hash.</param>
    public sealed record DebtorAbsorbed(Instant At, string Debtor, long EventCount, ImmutableArray<byte> ChainHead) : DebtorEvent(At)
    {
        public override string Type => "debtor.absorbed";
    }

    /// <summary>A step of a split of one debtor into two.</summary>
    /// <param name="Other">The new debtor, or the one that it comes from.</param>
    /// <param name="EventCount">Received: events in the other's chain, of which the last has this hash.</param>
    public sealed record DebtorSplit(
        Instant At, SplitStep Step, string Other, ImmutableArray<AccountId> Accounts, ImmutableArray<PointId> Points, long EventCount, ImmutableArray<byte> ChainHead) : DebtorEvent(At)
    {
        public override string Type => Step switch
        {
            SplitStep.Began => "debtor.splitting",
            SplitStep.Received => "debtor.split_from",
            SplitStep.LetGo => "debtor.split",
            SplitStep.Opened => "debtor.split_opened",
            _ => "debtor.split_refused",
        };
    }

    /// <summary>A promise was made, changed, kept, broken or cancelled.</summary>
    public sealed record PromiseChanged(Instant At, Promise Promise) : DebtorEvent(At)
    {
        public override string Type => Promise.State switch
        {
            PromiseState.Kept => "promise.kept",
            PromiseState.Broken => "promise.broken",
            PromiseState.Cancelled => "promise.cancelled",
            _ => "promise.made",
        };
    }

    /// <summary>A signal that changes nothing but the timeline: a request for information, or a fact already known.</summary>
    public sealed record Noted(Instant At, string SignalId, string Kind, string Detail, ContactChannel Channel) : DebtorEvent(At)
    {
        public override string Type => "signal.noted";
    }

    public sealed record CallbackAsked(Instant At, string SignalId, Instant Earliest, Instant Latest, PointId Point) : DebtorEvent(At)
    {
        public override string Type => "callback.asked";
    }

    /// <summary>A step will not be done: another's day has come, its condition is not met, its channel is closed, or its time ran out.</summary>
    public sealed record StepPassed(Instant At, AccountId Account, string StrategyVersion, string StepId, int Day, StepPassing Passing, string RuleId) : DebtorEvent(At)
    {
        public override string Type => Passing == StepPassing.Lapsed ? "step.lapsed" : "step.skipped";
    }

    /// <summary>Its turns failed several times in a row: it was taken out of work.</summary>
    public sealed record DebtorSetAside(Instant At, string Reason, int Faults, string Fault) : DebtorEvent(At)
    {
        public override string Type => "debtor.quarantined";
    }

    /// <summary>An operator looked at a debtor in quarantine, and let it go or left it there.</summary>
    public sealed record QuarantineResolved(Instant At, bool IsReleased, string ActorId, string Reason) : DebtorEvent(At)
    {
        public override string Type => IsReleased ? "debtor.released" : "debtor.kept_in_quarantine";
    }

    /// <summary>The personal data were erased; the last event of a debtor.</summary>
    public sealed record DebtorErased(Instant At, string RequestId, string ActorId, string Reason) : DebtorEvent(At)
    {
        public override string Type => "debtor.erased";
    }

    /// <summary>Everything held was handed over in clear.</summary>
    public sealed record DebtorExported(Instant At, string ActorId, string Reason) : DebtorEvent(At)
    {
        public override string Type => "debtor.exported";
    }

    /// <summary>Looked at, and contact was not permitted: deferred to an instant, or forbidden until a new fact.</summary>
    /// <param name="Until">Null: forbidden.</param>
    /// <param name="Proof">Null in records of before it was kept.</param>
    public sealed record ContactRefused(
        Instant At, AccountId Account, string StepId, ContactChannel Channel, string RuleId, Instant? Until, RefusalProof? Proof) : DebtorEvent(At)
    {
        public override string Type => Until is null ? "contact.forbidden" : "contact.deferred";
    }
}

/// <summary>Why a step was passed over.</summary>
public enum StepPassing : byte
{
    Unknown = 0,

    /// <summary>The day of a later step had come.</summary>
    Overtaken = 1,

    /// <summary>Its condition was not met: the debtor had answered.</summary>
    Answered = 2,

    /// <summary>Its channel stayed closed and the step does not wait.</summary>
    Closed = 3,

    /// <summary>Its time ran out.</summary>
    Lapsed = 4,

    /// <summary>It was given back unplaced too often in a row.</summary>
    NotPlaced = 5,

    /// <summary>The account runs on another strategy now.</summary>
    Replanned = 6,
}
