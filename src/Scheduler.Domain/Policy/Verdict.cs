using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Policy;

/// <summary>The answer of the rules. The default forbids.</summary>
public enum VerdictKind : byte { Forbid = 0, Permit = 1, Defer = 2 }

/// <summary>Permit until, defer until, or forbid; with the rule that decided. The default value forbids.</summary>
public readonly record struct Verdict
{
    private readonly long _at;
    private readonly long _deliverBefore;
    private readonly string? _ruleId;

    private Verdict(VerdictKind kind, long at, long deliverBefore, string ruleId, bool counted)
    {
        Kind = kind;
        _at = at;
        _deliverBefore = deliverBefore;
        _ruleId = ruleId;
        IsCounted = counted;
    }

    public VerdictKind Kind { get; }

    /// <summary>Permit: first instant at which placing is no longer permitted. Defer: first instant at which every rule permits, counters as known now.</summary>
    public Instant At => Ticks.ToInstant(_at);

    /// <summary>Permit: the debtor must not receive it at or after this instant; null where no rule minds.</summary>
    public Instant? DeliverBefore => Kind == VerdictKind.Permit && _deliverBefore != Ticks.Never ? Ticks.ToInstant(_deliverBefore) : null;

    /// <summary>Permit: false where an exception says that the contact is not counted.</summary>
    public bool IsCounted { get; }

    /// <summary>The rule that decided; empty on permit.</summary>
    public string RuleId => _ruleId ?? "default";

    public bool IsPermit => Kind == VerdictKind.Permit;

    public static Verdict PermitUntil(Instant until, Instant? deliverBefore = null, bool counted = true) =>
        PermitUntil(Ticks.Of(until), deliverBefore is { } before ? Ticks.Of(before) : Ticks.Never, counted);

    public static Verdict DeferUntil(Instant next, string ruleId) => DeferUntil(Ticks.Of(next), ruleId);

    public static Verdict Forbid(string ruleId) => new(VerdictKind.Forbid, Ticks.Never, Ticks.Never, ruleId, true);

    internal static Verdict PermitUntil(long until, long deliverBefore, bool counted) => new(VerdictKind.Permit, until, deliverBefore, "", counted);

    internal static Verdict DeferUntil(long next, string ruleId) => new(VerdictKind.Defer, next, Ticks.Never, ruleId, true);
}
