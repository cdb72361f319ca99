using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace Scheduler.Embedded.Orleans.Tests;

/// <summary>
/// Which types may cross a grain border. On one silo nearly everything passes; between two, only what has a codec does,
/// and it fails at run time. This list is what the real packages serialize, so it is checked wherever grains are written.
/// </summary>
public static class GrainMessageAllowList
{
    private static readonly FrozenSet<Type> Plain = new[]
    {
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(char), typeof(float), typeof(double), typeof(decimal), typeof(string), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset),
        typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(byte[]), typeof(ReadOnlyMemory<byte>), typeof(CancellationToken), typeof(TickStatus),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Generic = new[]
    {
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(IReadOnlyList<>), typeof(FrozenDictionary<,>),
        typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>),
    }.ToFrozenSet();

    /// <summary>One line for every parameter or answer of a grain interface of that assembly that may not cross.</summary>
    public static IReadOnlyList<string> Violations(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(static type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))
            .SelectMany(Violations),
    ];

    /// <summary>The same for one grain interface.</summary>
    public static IEnumerable<string> Violations(Type grainInterface) =>
        from method in grainInterface.GetMethods()
        from type in method.GetParameters().Select(static parameter => parameter.ParameterType).Append(Answer(method.ReturnType))
        let reason = type is null ? null : WhyNot(type, [])
        where reason is not null
        select $"{grainInterface.Name}.{method.Name}: {reason}";

    /// <summary>Null when the type may cross, otherwise which part of it may not and why.</summary>
    public static string? WhyNot(Type type) => WhyNot(type, []);

    private static Type? Answer(Type result) =>
        result == typeof(void) || result == typeof(Task) || result == typeof(ValueTask) ? null
        : result.IsGenericType ? result.GetGenericArguments()[0]
        : result;

    private static string? WhyNot(Type type, HashSet<Type> seen)
    {
        if (Plain.Contains(type) || type.IsEnum || typeof(IGrain).IsAssignableFrom(type) || !seen.Add(type)) return null;
        if (type.IsGenericType && Generic.Contains(type.GetGenericTypeDefinition()))
        {
            return type.GetGenericArguments().Select(argument => WhyNot(argument, seen)).FirstOrDefault(static reason => reason is not null);
        }

        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)) return $"{type} is neither on the list nor marked [GenerateSerializer].";
        return type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(static property => property.GetIndexParameters().Length == 0 && property.CanWrite)
            .Select(property => (Name: $"{type.Name}.{property.Name}", Reason: WhyNot(property.PropertyType, seen)))
            .Where(static member => member.Reason is not null)
            .Select(static member => $"{member.Name}: {member.Reason}")
            .FirstOrDefault();
    }
}
