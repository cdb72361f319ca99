using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Planning;

/// <summary>What an account has ahead of it.</summary>
internal enum OutlookKind : byte
{
    /// <summary>Nothing without a new fact.</summary>
    Blocked = 0,

    /// <summary>Nothing until a hold is lifted or ends.</summary>
    Held = 1,

    /// <summary>Something at <see cref="Outlook.At"/>.</summary>
    Waits = 2,

    /// <summary>Its step may be done now.</summary>
    Ready = 3,
}

/// <summary>One account's next step as the rules see it.</summary>
/// <param name="At">Ready: due since. Waits: when to look again. Otherwise null.</param>
/// <param name="RuleId">What stands in the way; empty when nothing does.</param>
internal sealed record Outlook(OutlookKind Kind, Account Account, Instant? At, string RuleId)
{
    /// <summary>The step with the channel it would really use; null where there is none.</summary>
    public Step? Step { get; init; }

    public ContactPoint? Point { get; init; }

    public Verdict? Verdict { get; init; }

    public AccountPlan? Plan { get; init; }

    /// <summary>It may be done by the rules, and a pause stops it.</summary>
    public Pause? Pause { get; init; }

    /// <summary>The step was due and the rules said no.</summary>
    public bool IsRefused { get; init; }
}
