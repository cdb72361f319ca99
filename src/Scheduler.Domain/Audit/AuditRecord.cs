using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>One decision as the event log holds it: the stored bytes, what they say, and the head of the debtor's chain after it.</summary>
/// <param name="Cursor">Position in the log; records are taken in its order.</param>
/// <param name="RecordedAt">When the decision was written.</param>
/// <param name="Payload">The bytes that the chain is over.</param>
/// <param name="Events">The same, decoded.</param>
/// <param name="ChainHash">SHA-256 over the former head and the payload.</param>
public sealed record AuditRecord(
    long Cursor, DebtorKey Debtor, Instant RecordedAt, ReadOnlyMemory<byte> Payload, ImmutableArray<DebtorEvent> Events, ReadOnlyMemory<byte> ChainHash)
{
    /// <summary>Position of the first event in the debtor's chain, from 1; 0 where it is not known.</summary>
    public long FirstSequence { get; init; }

    /// <summary>Stands for what this record and the debtor's older ones said; null for a record that is whole, or is dropped under a later one.</summary>
    public LogCheckpoint? Checkpoint { get; init; }

    /// <summary>What the record said was dropped, and another record of the debtor bears the checkpoint.</summary>
    public bool IsDropped => Payload.IsEmpty && Events.IsEmpty && Checkpoint is null;
}

/// <summary>What may be wrong in a log.</summary>
public enum ViolationKind : byte
{
    Unknown = 0,

    /// <summary>The hash, position or cursor does not follow from the former one: a record was changed, lost or moved.</summary>
    ChainBroken = 1,

    /// <summary>Leased or confirmed while the window was closed in a zone the debtor may have been in.</summary>
    OutsideWindow = 2,

    /// <summary>Placing would still be permitted after the window's end.</summary>
    NotAfterBeyondWindow = 3,

    /// <summary>More contacts than a rule allows, on what was recorded before.</summary>
    CapExceeded = 4,

    /// <summary>No consent where one is needed, or after it was withdrawn.</summary>
    NoConsent = 5,

    /// <summary>Leased against a hold.</summary>
    OnHold = 6,

    /// <summary>Leased for an account that is closed or was never entered.</summary>
    AccountNotOpen = 7,

    /// <summary>Leased for an account with a promise that is not due yet.</summary>
    PromisePending = 8,

    /// <summary>A second lease while one lived.</summary>
    SecondLease = 9,

    /// <summary>A dispatch id given twice, or a fence that did not rise.</summary>
    FenceWentBack = 10,

    /// <summary>One fact recorded twice.</summary>
    FactTwice = 11,

    /// <summary>To a point that is closed or not the debtor's, or to a person who is never contacted.</summary>
    WrongParty = 12,

    /// <summary>The zones or local times that the lease was judged by do not agree with the instant.</summary>
    ZoneMisjudged = 13,

    /// <summary>Confirmed without a lease that could be.</summary>
    GoWithoutLease = 14,

    /// <summary>A lease that was confirmed ended as if nothing had been placed, without an outcome that says so.</summary>
    GoTakenBack = 15,

    /// <summary>The debtor may receive it after the window has closed.</summary>
    DeliveredBeyondWindow = 16,

    /// <summary>What a rule of the pack forbids, with nothing that frees from it.</summary>
    Forbidden = 17,

    /// <summary>Granted by a pack that nobody knows, or without one that speaks for the country.</summary>
    PackUnknown = 18,

    /// <summary>What records said is gone, and no checkpoint that is signed and covers them stands for it.</summary>
    DroppedWithoutCheckpoint = 19,

    /// <summary>A checkpoint that is not signed by the key, or does not cover the records before it.</summary>
    CheckpointWrong = 20,
}

/// <summary>One breach, and where it stands.</summary>
public sealed record Violation(ViolationKind Kind, long Cursor, string DebtorId, string DispatchId, Instant At, string Detail);

/// <summary>What the checker found.</summary>
/// <param name="ViolationCount">All of them; <see cref="Violations"/> keeps the first hundred.</param>
/// <param name="LateFactCount">Contacts that turned out to break a rule by facts that became known after the lease: reported, not violations.</param>
public sealed record ComplianceReport(
    long RecordCount, long EventCount, int DebtorCount, long LeaseCount, long ViolationCount, long LateFactCount, ImmutableArray<Violation> Violations)
{
    /// <summary>Records whose contents were dropped, those in whose place a checkpoint stands among them.</summary>
    public long DroppedCount { get; init; }

    public long CheckpointCount { get; init; }
}
