using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Protocol.Tests.Events;

/// <summary>Records of Domain with values at the borders of what a message tells apart: empty, absent, long, negative, outside of ASCII.</summary>
internal sealed class EdgeSample(Random random) : Sample
{
    private static readonly string[] Texts =
    [
        "", "", "a", "debtor-1.2", "José", "水", "😀", "\0", "\uD800", new('a', 42), new('é', 43), new('水', 43), new('a', 127), new('a', 128), new('水', 300),
    ];

    private static readonly long[] Numbers = [0, 0, 1, -1, 2, 127, 128, 255, 16_384, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    private static readonly double[] Doubles = [0.0, -0.0, 0.5, double.NaN, double.MinValue, double.PositiveInfinity];

    private static readonly Instant[] Instants =
    [
        default, Instant.FromUnixTimeTicks(-1), Instant.FromUnixTimeTicks(1), default(Instant).PlusNanoseconds(-1), default(Instant).PlusNanoseconds(101),
        Instant.FromUnixTimeSeconds(-1), Instant.FromUnixTimeSeconds(128), Instant.FromUtc(1900, 1, 1, 0, 0), Instant.FromUtc(2026, 3, 2, 9, 0),
        Instant.FromUtc(2026, 3, 2, 9, 0).PlusTicks(1_234_567), Instant.MinValue, Instant.MaxValue,
    ];

    private static readonly LocalDate[] Dates = [default, new(2026, 3, 2), new(2028, 2, 29), new(0, 12, 31), LocalDate.MinIsoValue, LocalDate.MaxIsoValue];

    public override object? Of(Type type)
    {
        var isAbsent = Nullable.GetUnderlyingType(type) is not null || type == typeof(RefusalProof) || type == typeof(CounterProof);
        if (isAbsent && random.Next(3) == 0) return null;
        // Numbers that this version does not name come from rows of a later one.
        if (type.IsEnum) return Enum.ToObject(type, random.Next(20) == 0 ? (byte)200 : Any(Enum.GetValues(type).Cast<object>().ToArray()));
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(ImmutableArray<>)) return base.Of(type);
        return ArrayOf(type.GetGenericArguments()[0], random.Next(20) == 0 ? 40 : random.Next(4));
    }

    protected override object? Scalar(Type type)
    {
        if (type == typeof(string)) return Any(Texts);
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(int)) return unchecked((int)Any(Numbers));
        if (type == typeof(long)) return Any(Numbers);
        if (type == typeof(byte)) return unchecked((byte)Any(Numbers));
        if (type == typeof(uint)) return unchecked((uint)Any(Numbers));
        if (type == typeof(ulong)) return unchecked((ulong)Any(Numbers));
        if (type == typeof(double)) return Any(Doubles);
        if (type == typeof(Instant)) return Any(Instants);
        if (type == typeof(LocalDate)) return Any(Dates);
        if (type == typeof(LocalDateTime)) return Any(Dates).At(random.Next(3) == 0 ? LocalTime.Midnight : LocalTime.FromNanosecondsSinceMidnight(random.NextInt64(86_400_000_000_000)));
        if (type == typeof(Amount)) return random.Next(5) == 0 ? default : new Amount(Any(Texts), Any(Numbers), unchecked((int)Any(Numbers)));
        // Bits that stand for no channel too.
        if (type == typeof(ChannelSet)) return random.Next(3) == 0 ? new ChannelSet((ushort)(1 | (random.Next(4) << 14))) : new ChannelSet((ushort)random.Next(1 << 16));
        if (type == typeof(KeyValuePair<string, string>)) return new KeyValuePair<string, string>(Any(Texts), Any(Texts));
        if (type == typeof(WeeklyHours)) return new WeeklyHours(random.Next(4) == 0 ? (byte)128 : (byte)random.Next(256), Any([0, 1, 59, 60, 480, 1_440]), Any([0, 60, 600, 1_440]));
        // An id that was never given; where a message cannot do without, neither way of writing may.
        if (type == typeof(PointId)) return random.Next(20) == 0 ? default : new PointId(Any(Texts));
        if (type == typeof(AccountId)) return random.Next(20) == 0 ? default : new AccountId(Any(Texts));
        return null;
    }

    private T Any<T>(T[] values) => values[random.Next(values.Length)];
}
