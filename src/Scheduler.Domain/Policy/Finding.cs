using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Policy;

/// <summary>Until when the debtor must have received what a permit allows to place.</summary>
internal enum DeliveryEnd : byte
{
    /// <summary>The rule does not mind.</summary>
    Open = 0,

    /// <summary>Where the permit ends.</summary>
    WithPermit = 1,

    /// <summary>The channel's margin after the permit ends.</summary>
    AfterMargin = 2,
}

/// <summary>
/// What one rule says of one moment. Every rule answers with one, so it is two whole machine words: smaller fields would be stored one by
/// one and read back together, which costs more than the rule.
/// </summary>
internal readonly record struct Finding
{
    private const long KindBits = 3;
    private const int DeliveryShift = 2;
    private const long SoftBit = 16;

    private readonly long _how;

    public Finding(long at, VerdictKind kind, DeliveryEnd delivery = DeliveryEnd.Open, bool isSoft = false)
    {
        At = at;
        _how = (long)kind | ((long)delivery << DeliveryShift) | (isSoft ? SoftBit : 0);
    }

    public static Finding Permit => new(Ticks.Never, VerdictKind.Permit);

    public static Finding Forbid => new(Ticks.Never, VerdictKind.Forbid);

    /// <summary>In ticks since 1970. Permit: first instant at which it may say otherwise. Defer: it surely does not permit before.</summary>
    public long At { get; }

    public VerdictKind Kind => (VerdictKind)(_how & KindBits);

    public DeliveryEnd Delivery => (DeliveryEnd)((_how >> DeliveryShift) & KindBits);

    /// <summary>The permit may well go on after <see cref="At"/>: ask again there.</summary>
    public bool IsSoft => (_how & SoftBit) != 0;

    public bool IsPermit => Kind == VerdictKind.Permit;

    /// <summary>Permits, and no end is in sight.</summary>
    public bool IsOpenEnded => At == Ticks.Never && IsPermit;

    public static Finding PermitUntil(long until, bool soft = false) => new(until, VerdictKind.Permit, isSoft: soft);

    public static Finding DeferUntil(long next) => next == Ticks.Never ? Forbid : new(next, VerdictKind.Defer);

    /// <summary>The same permit, asked again at its end.</summary>
    public Finding Softened() => new(At, Kind, Delivery, isSoft: true);
}
