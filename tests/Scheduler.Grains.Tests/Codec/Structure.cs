using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Tests.Codec;

/// <summary>Any state of the domain: filled at random from a seed, and written out property by property to be compared.</summary>
internal static class Structure
{
    public static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(value, text);
        return text.ToString();
    }

    public static object Fill(Type type, Random random)
    {
        if (type == typeof(string)) return random.Next(6) == 0 ? "" : "w" + random.Next(8).ToString(CultureInfo.InvariantCulture);
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(int)) return random.Next(0, 9);
        if (type == typeof(byte)) return (byte)random.Next(0, 128);
        if (type == typeof(ushort)) return (ushort)random.Next(0, 1 << 14);
        if (type == typeof(uint)) return (uint)random.NextInt64(uint.MaxValue);
        if (type == typeof(long)) return random.NextInt64(0, long.MaxValue);
        if (type == typeof(ulong)) return (ulong)random.NextInt64();
        if (type == typeof(double)) return random.NextDouble();
        if (type == typeof(Instant)) return AnyInstant(random);
        if (type == typeof(LocalDate)) return new LocalDate(2000 + random.Next(50), 1 + random.Next(12), 1 + random.Next(28));
        if (type.IsEnum) return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!;
        if (type == typeof(ImmutableArray<byte>)) return random.Next(2) == 0 ? ImmutableArray<byte>.Empty : [.. Enumerable.Repeat((byte)7, 32)];
        if (type == typeof(KeyValuePair<string, string>)) return KeyValuePair.Create("k" + random.Next(), "v" + random.Next());
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? FillArray(type.GenericTypeArguments[0], random)
            : FillRecord(type, random);
    }

    private static Instant AnyInstant(Random random) => random.Next(4) switch
    {
        0 => Instant.FromUnixTimeTicks(random.NextInt64(-1_000_000_000_000_000, 30_000_000_000_000_000)),
        1 => Instant.FromUnixTimeMilliseconds(0),
        _ => Instant.FromUnixTimeMilliseconds(random.NextInt64(-100_000_000_000, 3_000_000_000_000)),
    };

    private static object FillArray(Type element, Random random)
    {
        var items = Array.CreateInstance(element, random.Next(3));
        for (var i = 0; i < items.Length; i++) items.SetValue(Fill(element, random), i);
        var create = typeof(ImmutableArray).GetMethods().First(static m => m.Name == nameof(ImmutableArray.CreateRange) && m.GetParameters().Length == 1);
        return create.MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private static object FillRecord(Type type, Random random)
    {
        var record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in Written(type))
        {
            var inner = Nullable.GetUnderlyingType(property.PropertyType);
            var isOptional = inner is not null || property is { DeclaringType.Name: nameof(DebtorState), Name: nameof(DebtorState.Lease) or nameof(DebtorState.Callback) };
            if (isOptional && random.Next(3) == 0) continue;
            property.SetValue(record, Fill(inner ?? property.PropertyType, random));
        }

        return record;
    }

    private static IEnumerable<PropertyInfo> Written(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.CanWrite && p.GetIndexParameters().Length == 0);

    private static void Describe(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null or "":
                text.Append('-');
                break;
            case Instant instant:
                text.Append(instant.ToUnixTimeTicks());
                break;
            case string or Enum or LocalDate or bool or IFormattable:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case IEnumerable many:
                text.Append('[');
                foreach (var one in many)
                {
                    Describe(one, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case KeyValuePair<string, string> pair:
                text.Append(pair.Key).Append(':').Append(pair.Value);
                break;
            default:
                text.Append('{');
                foreach (var property in Written(value.GetType()))
                {
                    text.Append(property.Name).Append('=');
                    Describe(property.GetValue(value), text);
                    text.Append(';');
                }

                text.Append('}');
                break;
        }
    }
}
