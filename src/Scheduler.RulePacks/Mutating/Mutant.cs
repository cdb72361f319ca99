using System.Collections.Immutable;

namespace Scheduler.RulePacks.Mutating;

/// <summary>One change to a pack that at least one of its cases should notice.</summary>
/// <param name="RuleId">Rule, exception or calendar that was changed.</param>
/// <param name="Change">"limit 7 became 8", "without the rule".</param>
public sealed record Mutant(string File, long Line, long Column, string RuleId, string Change)
{
    /// <summary>Makes the change; gives what takes it back.</summary>
    internal Func<Action> Apply { get; init; } = static () => static () => { };

    /// <summary>Something is left out, so other places may name what is not there: those are no problems.</summary>
    internal bool IsRemoval { get; init; }

    /// <summary>The change in words, without its place.</summary>
    public string Said => $"{RuleId}: {Change}";

    public override string ToString() => $"{File}({Line},{Column}): {Said}";
}

/// <summary>What became of the mutants of one pack folder.</summary>
/// <param name="Code">Of the folder.</param>
/// <param name="Killed">Mutants that a case noticed.</param>
/// <param name="Survivors">Mutants that none did.</param>
public sealed record MutationReport(string Code, int Killed, ImmutableArray<Mutant> Survivors)
{
    /// <summary>Mutants of which sources.md says why no case can notice them.</summary>
    public int Excused { get; init; }

    /// <summary>What sources.md excuses, though a case notices it or there is no such change.</summary>
    public ImmutableArray<string> Stale { get; init; } = [];

    public int Total => Killed + Survivors.Length + Excused;

    public bool IsGood => Survivors.IsEmpty && Stale.IsEmpty;
}
