using NodaTime;

namespace Scheduler.Domain.Policy;

/// <summary>The answer of the rules. The default forbids.</summary>
public enum VerdictKind : byte { Forbid = 0, Permit = 1, Defer = 2 }

/// <summary>Permit until, defer until, or forbid; with the rule that decided. The default value forbids.</summary>
public readonly record struct Verdict
{
    private readonly string? _ruleId;

    private Verdict(VerdictKind kind, Instant at, Instant? deliverBefore, string ruleId, bool counted)
    {
        Kind = kind;
        At = at;
        DeliverBefore = deliverBefore;
        _ruleId = ruleId;
        IsCounted = counted;
    }

    public VerdictKind Kind { get; }

    /// <summary>Permit: first instant at which placing is no longer permitted. Defer: first instant at which every rule permits, counters as known now.</summary>
    public Instant At { get; }

    /// <summary>Permit: the debtor must not receive it at or after this instant; null where no rule minds.</summary>
    public Instant? DeliverBefore { get; }

    /// <summary>Permit: false where an exception says that the contact is not counted.</summary>
    public bool IsCounted { get; }

    /// <summary>The rule that decided; empty on permit.</summary>
    public string RuleId => _ruleId ?? "default";

    public bool IsPermit => Kind == VerdictKind.Permit;

    public static Verdict PermitUntil(Instant until, Instant? deliverBefore = null, bool counted = true) => new(VerdictKind.Permit, until, deliverBefore, "", counted);

    public static Verdict DeferUntil(Instant next, string ruleId) => new(VerdictKind.Defer, next, null, ruleId, true);

    public static Verdict Forbid(string ruleId) => new(VerdictKind.Forbid, Instant.MaxValue, null, ruleId, true);
}
