using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Protocol.Reports;

/// <summary>One event with its place in the log.</summary>
/// <param name="Sequence">Position in the debtor's chain, from 1.</param>
/// <param name="ChainHash">Head of the chain after the decision, lower-case hex.</param>
public sealed record RecordedEvent(long Sequence, long Cursor, Instant RecordedAt, DebtorEvent Event, string ChainHash);

/// <summary>Records whose contents were dropped; what the checkpoint keeps of them is among the events.</summary>
/// <param name="EventCount">Events of the debtor's chain that they held, from the first on.</param>
/// <param name="RecordedUntil">When the newest of them was recorded.</param>
/// <param name="CheckpointCursor">The record that holds the signed checkpoint.</param>
public sealed record DroppedRecords(string DebtorId, long EventCount, Instant RecordedUntil, Instant TakenAt, long CheckpointCursor)
{
    /// <summary>Addresses that the debtor listed, kept for an erasure; empty where they were not opened.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>As a report says it.</summary>
    internal string Sentence => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Events 1 to {EventCount} of {DebtorId}, recorded until {EvidencePage.Of(RecordedUntil)}, were dropped on {EvidencePage.Of(TakenAt)} under the signed checkpoint at cursor {CheckpointCursor}; what it keeps of them stands below.{(Addresses.IsEmpty ? "" : $" Addresses listed in them: {string.Join(", ", Addresses)}.")}");
}

/// <summary>What was checked, and whether it held.</summary>
public sealed record ReportCheck(string What, bool Holds, string Detail);

/// <summary>Everything held about one debtor, for a regulator (addresses masked) or for the person (in clear).</summary>
public sealed record EvidenceReport
{
    public required V1.Debtor Debtor { get; init; }

    /// <summary>Oldest first.</summary>
    public required ImmutableArray<RecordedEvent> Events { get; init; }

    /// <summary>Empty: the record is whole.</summary>
    public ImmutableArray<DroppedRecords> Dropped { get; init; } = [];

    public required Instant GeneratedAt { get; init; }

    /// <summary>Addresses, variables and references to evidence stand in clear: for the person alone.</summary>
    public bool InClear { get; init; }

    public ImmutableArray<ReportCheck> Checks { get; init; } = [];

    public ImmutableArray<RuleCitation> Rules { get; init; } = [];

    /// <summary>Who asked for it and why; empty if not told.</summary>
    public string AskedBy { get; init; } = "";
}
