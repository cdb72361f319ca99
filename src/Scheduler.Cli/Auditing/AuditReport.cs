using System.Collections.Immutable;
using Scheduler.Domain.Audit;

namespace Scheduler.Cli.Auditing;

/// <summary>Something that does not hold: where, and in words.</summary>
/// <param name="Kind">Lower-case word: "chain_broken", "root_mismatch", "no_consent".</param>
/// <param name="Cursor">Record of the log; 0 where it is none's.</param>
internal sealed record AuditFinding(string Kind, long Cursor, string DebtorId, string DispatchId, string Detail);

/// <summary>What an audit found.</summary>
/// <param name="RootCount">Signed roots; <paramref name="RecomputedRoots"/> of them were made again from the log.</param>
/// <param name="HeadCount">States that were held against the log.</param>
/// <param name="UnknownPacks">Packs that decisions name and that are not at hand here.</param>
/// <param name="FindingCount">All of them; <paramref name="Findings"/> keeps the first ones.</param>
internal sealed record AuditReport(
    AuditQuestion Question, ComplianceReport Log, int RootCount, int RecomputedRoots, int HeadCount,
    ImmutableArray<string> UnknownPacks, ImmutableArray<AuditFinding> Findings, long FindingCount)
{
    /// <summary>What the auditor's copy of the roots file proves; null: none was given.</summary>
    public CopyReport? Copy { get; init; }

    public bool IsClean => FindingCount == 0;

    /// <summary>Signatures were checked with the auditor's copies of the keys.</summary>
    public bool HasOwnKey => !Question.PublicKeys.IsEmpty;
}
