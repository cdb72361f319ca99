using Scheduler.Domain.Calendars;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Gathers findings of one moment: a permit lasts as long as its shortest, a deferral as long as its longest, a forbid ends it.</summary>
internal struct Tally
{
    private readonly List<JudgedRule>? _judged;

    private readonly long _margin;

    /// <param name="margin">Time from placing to the debtor through the channel, in ticks.</param>
    /// <param name="judged">Takes every finding, for explanations.</param>
    public Tally(long margin, List<JudgedRule>? judged = null)
    {
        _margin = margin;
        _judged = judged;
        Until = Ticks.Never;
        DeliverBefore = Ticks.Never;
        Next = long.MinValue;
    }

    public long Until { get; private set; }

    public long DeliverBefore { get; private set; }

    public bool IsSoft { get; private set; }

    /// <summary>No rule that defers permits before this instant.</summary>
    public long Next { get; private set; }

    public string? DeferredBy { get; private set; }

    public string? ForbiddenBy { get; private set; }

    /// <summary>Every rule is wanted, also those that do not govern the contact.</summary>
    public readonly bool IsExplaining => _judged is not null;

    public readonly bool IsPermit => ForbiddenBy is null && DeferredBy is null;

    /// <summary>Nothing more need be asked: not when every rule is wanted.</summary>
    public readonly bool IsDecided => ForbiddenBy is not null && _judged is null;

    public void Add(string ruleId, Finding finding, BoundRule? bound = null, RuleException? liftedBy = null)
    {
        _judged?.Add(new(ruleId, finding, bound, liftedBy));
        switch (finding.Kind)
        {
            case VerdictKind.Forbid:
                ForbiddenBy ??= ruleId;
                break;
            case VerdictKind.Defer:
                DeferredBy ??= ruleId;
                if (finding.At > Next) Next = finding.At;
                break;
            default:
                if (finding.At < Until) (Until, IsSoft) = (finding.At, finding.IsSoft);
                if (finding.Delivery != DeliveryEnd.Open && finding.At != Ticks.Never) Deliver(finding.Delivery == DeliveryEnd.AfterMargin ? finding.At + _margin : finding.At);
                break;
        }
    }

    /// <summary>Something may begin to bind there.</summary>
    public void Shorten(long until)
    {
        if (until < Until) (Until, IsSoft) = (until, true);
    }

    private void Deliver(long before)
    {
        if (before < DeliverBefore) DeliverBefore = before;
    }
}

/// <summary>One rule and what it found, for explanations.</summary>
internal sealed record JudgedRule(string RuleId, Finding Finding, BoundRule? Bound, RuleException? LiftedBy);
