using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Policy;

/// <summary>What one rule that bound a contact found, small enough to be recorded with every decision.</summary>
public sealed record RuleProof(string RuleId)
{
    /// <summary>It deferred or forbade.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Refusal: it permits at this instant; null: never, by time alone. Else: first instant at which it may refuse; null: no end is in sight.</summary>
    public Instant? Until { get; init; }

    /// <summary>Exception that lifted it; empty if none did.</summary>
    public string LiftedBy { get; init; } = "";

    /// <summary>The fullest counter that the rule keeps for this contact; null for rules that do not count.</summary>
    public CounterProof? Counter { get; init; }
}

/// <summary>A counter as it stood before the contact was added.</summary>
/// <param name="Used">Counted, the provisional ones and those of other parties among them.</param>
/// <param name="Provisional">Of these, how many count as the worst their channel allows and are not settled.</param>
/// <param name="Limit">Contacts allowed in the period.</param>
/// <param name="Period">"7 local days".</param>
public sealed record CounterProof(int Used, int Provisional, int Limit, string Period);

/// <summary>What a verdict stood on: every rule that bound, and a digest over what they looked at.</summary>
/// <param name="Rules">At most <see cref="MostRules"/>: refusals, counters and rules with an end come before those that merely permit.</param>
/// <param name="RuleCount">How many rules bound.</param>
/// <param name="InputsDigest">See <see cref="Policy.InputsDigest"/>.</param>
public sealed record VerdictProof(ImmutableArray<RuleProof> Rules, int RuleCount, ulong InputsDigest)
{
    public const int MostRules = 48;

    /// <summary>Nothing was asked of the rules: there was no point or account to ask about.</summary>
    public static readonly VerdictProof Unasked = new([], 0, 0);
}
