namespace Scheduler.Domain.Debtors;

/// <summary>A debtor on its way into another, or in it for good. From the first on nothing is leased here.</summary>
/// <param name="Into">Debtor that remains.</param>
/// <param name="IsDone">It is an alias: everything about it is the other's.</param>
public sealed record Merge(string Into, bool IsDone);

/// <summary>A debtor that this one has taken in.</summary>
/// <param name="SourceVersion">Highest version of its own entries that was applied.</param>
public readonly record struct MergedDebtor(string Debtor, long SourceVersion);

/// <summary>Answer to a step of a merge.</summary>
/// <param name="Into">Debtor that remains; empty where it was refused.</param>
public sealed record MergeReply(ApplyState State, string Into, Refusal? Refusal);
