using System.Collections.Immutable;

namespace Scheduler.Domain.Debtors;

/// <summary>A debtor on its way into another, or in it for good. From the first on nothing is leased here.</summary>
/// <param name="Into">Debtor that remains.</param>
/// <param name="IsDone">It is an alias: everything about it is the other's.</param>
public sealed record Merge(string Into, bool IsDone);

/// <summary>A debtor that this one has taken in.</summary>
/// <param name="SourceVersion">Highest version of its own entries that was applied.</param>
public readonly record struct MergedDebtor(string Debtor, long SourceVersion)
{
    /// <summary>What its names mean here, where they mean something else by themselves; of holds and promises all that came with it.</summary>
    public ImmutableArray<AliasName> Names { get; init; } = [];
}

/// <summary>What an alias calls something, and what it is called here.</summary>
public readonly record struct AliasName(AliasKind Kind, string Id, string Name);

/// <summary>What is named. The numbers are stored.</summary>
public enum AliasKind : byte { Unknown = 0, Point = 1, Consent = 2, Hold = 3, Promise = 4 }

/// <summary>Answer to a step of a merge.</summary>
/// <param name="Into">Debtor that remains; empty where it was refused.</param>
public sealed record MergeReply(ApplyState State, string Into, Refusal? Refusal);
