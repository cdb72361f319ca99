using System.Runtime.CompilerServices;

namespace Scheduler.Protocol.Border;

/// <summary>Which numbers of a protocol's enum have a name: an entry names dozens, and reflection is slow to answer.</summary>
internal static class KnownNumbers<TEnum>
    where TEnum : struct, Enum
{
    private const int Bits = 64;

    /// <summary>Bit n: number n is known. Of larger numbers reflection tells.</summary>
    private static readonly ulong Small = Enum.GetValues<TEnum>().Select(NumberOf).Where(static number => number is >= 0 and < Bits)
        .Aggregate(0UL, static (known, number) => known | (1UL << number));

    public static bool Has(TEnum value) =>
        NumberOf(value) is >= 0 and < Bits and var number ? (Small & (1UL << number)) != 0 : Enum.IsDefined(value);

    /// <summary>Enums of the protocol are 32 bits wide.</summary>
    public static int NumberOf(TEnum value) => Unsafe.BitCast<TEnum, int>(value);
}
