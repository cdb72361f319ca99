using System.Collections.Immutable;

namespace Scheduler.RulePacks;

/// <summary>What is wrong in a pack file, and where. Lines and columns count from 1.</summary>
public sealed record PackProblem(string File, long Line, long Column, string Message)
{
    public override string ToString() => $"{File}({Line},{Column}): {Message}";
}

/// <summary>Packs that could not be read; carries every problem found, not just the first.</summary>
public sealed class PackFormatException(ImmutableArray<PackProblem> problems)
    : FormatException(string.Join(Environment.NewLine, problems))
{
    public ImmutableArray<PackProblem> Problems { get; } = problems;
}

/// <summary>One file of a pack folder: "CO/pack.yaml" and its text.</summary>
public sealed record PackText(string File, string Text);
