using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Policy;

/// <summary>What every rule answered about one contact; <see cref="Verdict"/> is the same as <c>Evaluate</c>'s.</summary>
public sealed record Explanation(
    Verdict Verdict,
    ImmutableArray<RuleAnswer> Rules,
    ImmutableArray<ZoneAnswer> Zones,
    ImmutableArray<string> PackVersions,
    ImmutableArray<string> MissingFacts,
    string ZoneDataVersion);

/// <summary>What one rule answered.</summary>
public sealed record RuleAnswer
{
    public required string RuleId { get; init; }

    public required string PackVersion { get; init; }

    public required VerdictKind Kind { get; init; }

    /// <summary>First instant at which this rule alone permits; null when it permits or never will.</summary>
    public Instant? Next { get; init; }

    /// <summary>The rule says nothing of such a contact; <see cref="Reason"/> says why.</summary>
    public bool DoesNotApply { get; init; }

    public CapUse? Counter { get; init; }

    /// <summary>Why, in one sentence fit for a report; no personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>Exception that lifted this rule; empty if none did.</summary>
    public string LiftedBy { get; init; } = "";

    public string Source { get; init; } = "";
}

/// <summary>Used and allowed, for rules that count.</summary>
/// <param name="Subject">What is counted: "calls placed, per person and debt".</param>
/// <param name="ScopeKey">Account id, debt key, "household" or "person".</param>
/// <param name="Counted">Counted and settled.</param>
/// <param name="Provisional">Counted as the worst their channel allows, not settled yet.</param>
/// <param name="Limit">Allowed in the period; 0 for rules that close after one.</param>
/// <param name="PeriodStart">First local date looked at.</param>
/// <param name="PeriodEnd">Last local date looked at, included.</param>
public sealed record CapUse(string Subject, string ScopeKey, int Counted, int Provisional, int Limit, LocalDate PeriodStart, LocalDate PeriodEnd)
{
    /// <summary>Of those counted, contacts with other parties of the account, debt or household. Who they are is not said.</summary>
    public int ByOthers { get; init; }
}

/// <summary>The window of one candidate zone on the date judged.</summary>
/// <param name="Evidence">Where the candidate comes from: "explicit zone, debtor", "phone prefix 212".</param>
/// <param name="OpenFrom">Start of the day's open window; null on a closed day.</param>
/// <param name="OpenUntil">Excluded end of it.</param>
/// <param name="Holiday">Holiday that closes the date; empty if none.</param>
public sealed record ZoneAnswer(string ZoneId, string Evidence, LocalDateTime Local, LocalTime? OpenFrom, LocalTime? OpenUntil, string Holiday);
