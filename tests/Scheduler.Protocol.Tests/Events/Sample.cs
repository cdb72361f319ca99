using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Tests.Events;

/// <summary>
/// Records of Domain with every property set to a value of its own, so that a codec that forgets one is found out, also one added later.
/// </summary>
internal class Sample
{
    private int _next = 1;

    public T Of<T>() => (T)Of(typeof(T))!;

    public virtual object? Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner);
        if (Scalar(type) is { } scalar) return scalar;
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().First(value => Convert.ToInt32(value) != 0);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) return ArrayOf(type.GetGenericArguments()[0], 2);
        return RecordOf(type);
    }

    public static IEnumerable<Type> EventTypes =>
        typeof(DebtorEvent).GetNestedTypes().Where(static type => type.IsSubclassOf(typeof(DebtorEvent)));

    /// <summary>All values of a record as text: what two equal records have in common whatever their collections' identity.</summary>
    public static string Print(object? value, params string[] except)
    {
        var text = new StringBuilder();
        Print(text, "", value, except);
        return text.ToString();
    }

    protected virtual object? Scalar(Type type)
    {
        var n = _next++;
        if (type == typeof(string)) return $"s{n}";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return n % 10;
        if (type == typeof(long)) return (long)n;
        if (type == typeof(byte)) return (byte)(n % 100);
        if (type == typeof(uint)) return (uint)n;
        if (type == typeof(ulong)) return (ulong)n << 40;
        if (type == typeof(double)) return 0.5;
        if (type == typeof(Instant)) return Instant.FromUnixTimeMilliseconds(1_700_000_000_000 + n);
        if (type == typeof(LocalDate)) return new LocalDate(2026, 1, 1).PlusDays(n);
        if (type == typeof(LocalDateTime)) return new LocalDate(2026, 1, 1).At(new LocalTime(8, 0).PlusNanoseconds(n));
        if (type == typeof(Amount)) return new Amount("COP", n, 5);
        if (type == typeof(ChannelSet)) return ChannelSet.Of(ContactChannel.Sms, ContactChannel.Call);
        if (type == typeof(KeyValuePair<string, string>)) return new KeyValuePair<string, string>($"k{n}", $"v{n}");
        if (type == typeof(Domain.Consent.WeeklyHours)) return new Domain.Consent.WeeklyHours(3, 60 + n, 600 + n);
        return null;
    }

    protected object ArrayOf(Type element, int length)
    {
        var items = Array.CreateInstance(element, length);
        for (var i = 0; i < items.Length; i++) items.SetValue(Of(element), i);
        return typeof(ImmutableArray).GetMethods()
            .Single(m => m.Name == nameof(ImmutableArray.Create) && m.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private object RecordOf(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault();
        var made = constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType))]);
        var given = constructor?.GetParameters().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        foreach (var property in Properties(type))
        {
            if (property.CanWrite && !given.Contains(property.Name)) property.SetValue(made, Of(property.PropertyType));
        }

        return made;
    }

    private static void Print(StringBuilder text, string path, object? value, string[] except)
    {
        if (except.Contains(path.Split('.')[^1], StringComparer.Ordinal)) return;
        if (value is null or string or ValueType and not IEnumerable && value?.GetType().Namespace?.StartsWith("Scheduler", StringComparison.Ordinal) != true)
        {
            text.Append(path).Append('=').Append(value is double d ? d.ToString("R") : value).Append('\n');
        }
        else if (value is IEnumerable items and not string)
        {
            var i = 0;
            foreach (var item in items) Print(text, $"{path}[{i++}]", item, except);
        }
        else if (value.GetType().IsEnum)
        {
            text.Append(path).Append('=').Append(value).Append('\n');
        }
        else
        {
            foreach (var property in Properties(value.GetType())) Print(text, $"{path}.{property.Name}", property.GetValue(value), except);
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract");
}
