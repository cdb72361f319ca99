using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Storage.Codec;

/// <summary>Small numbers for instants, civil dates and facts. The format stands in <c>state.proto</c>.</summary>
internal static class Packed
{
    private const int SpokeWithShift = 16;
    private const long Endless = long.MaxValue;

    /// <summary>0 is null, so the epoch itself is written as ticks.</summary>
    public static long Of(Instant? instant)
    {
        if (instant is not { } at) return 0;
        if (at == NodaTime.Instant.MaxValue) return Endless;
        var ticks = at.ToUnixTimeTicks();
        var (milliseconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerMillisecond);
        return milliseconds != 0 && rest == 0 ? milliseconds * 2 : (ticks * 2) + 1;
    }

    public static Instant? Instant(long packed) => packed == 0 ? null : Required(packed);

    public static Instant Required(long packed) => packed switch
    {
        0 => default,
        Endless => NodaTime.Instant.MaxValue,
        _ when (packed & 1) == 0 => NodaTime.Instant.FromUnixTimeMilliseconds(packed >> 1),
        _ => NodaTime.Instant.FromUnixTimeTicks(packed >> 1),
    };

    public static uint Of(LocalDate? date) => date is { } d ? (uint)((d.Year << 9) | (d.Month << 5) | d.Day) : 0;

    public static LocalDate? Date(uint packed) => packed == 0 ? null : RequiredDate(packed);

    public static LocalDate RequiredDate(uint packed) =>
        packed == 0 ? default : new LocalDate((int)(packed >> 9), (int)((packed >> 5) & 0xF), (int)(packed & 0x1F));

    public static uint Of(in ContactFacts facts)
    {
        ReadOnlySpan<bool?> all =
        [
            facts.AddressReached, facts.Delivered, facts.Perceived, facts.MessageLeft, facts.MessagePossible, facts.TwoWay, facts.Abandoned,
        ];
        var bits = facts.Placed ? 1u : 0u;
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i] is { } known) bits |= (known ? 2u : 1u) << (1 + (2 * i));
        }

        return bits | ((uint)facts.SpokeWith << SpokeWithShift);
    }

    public static ContactFacts Facts(uint bits) => new()
    {
        Placed = (bits & 1) != 0,
        AddressReached = Fact(bits, 0),
        Delivered = Fact(bits, 1),
        Perceived = Fact(bits, 2),
        MessageLeft = Fact(bits, 3),
        MessagePossible = Fact(bits, 4),
        TwoWay = Fact(bits, 5),
        Abandoned = Fact(bits, 6),
        SpokeWith = (PartyRole)(byte)((bits >> SpokeWithShift) & 0xFF),
    };

    private static bool? Fact(uint bits, int number) => ((bits >> (1 + (2 * number))) & 3) switch { 1 => false, 2 => true, _ => null };
}
