using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.References;

/// <summary>A grain interface and its generated reference class. Made once per process.</summary>
internal sealed class GrainInterface
{
    // Lazy, so that two first callers at once do not emit the same classes twice.
    private static readonly ConcurrentDictionary<Type, Lazy<GrainInterface>> Known = new();

    private readonly Func<GrainBinding, string, GrainReference> _create;

    private GrainInterface(Type type)
    {
        Type = type;
        var methods = MethodsOf(type);
        Methods = [.. methods.Select(static method => new GrainMethod(
            method.Name,
            method.IsDefined(typeof(AlwaysInterleaveAttribute)),
            method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void)))];
        _create = ReferenceEmitter.Emit(type, methods, Methods);
    }

    public Type Type { get; }

    public GrainMethod[] Methods { get; }

    public static GrainInterface Of(Type type) =>
        Known.GetOrAdd(type, static type => new Lazy<GrainInterface>(() => new GrainInterface(type))).Value;

    public GrainReference CreateReference(GrainBinding binding, string key) => _create(binding, key);

    private static MethodInfo[] MethodsOf(Type type)
    {
        if (!type.IsInterface || type.IsGenericType) throw new NotSupportedException($"{type} is not a plain grain interface.");
        MethodInfo[] methods = [.. type.GetInterfaces().Append(type).SelectMany(static each => each.GetMethods()).Where(static method => !method.IsStatic)];
        foreach (var method in methods)
        {
            if (method.IsGenericMethod || method.IsSpecialName || method.GetParameters().Any(static parameter => parameter.ParameterType.IsByRef) || !IsAsynchronous(method))
            {
                throw new NotSupportedException($"{type}.{method.Name} cannot be called on a grain: it must return a task and take plain parameters.");
            }
        }

        return methods;
    }

    private static bool IsAsynchronous(MethodInfo method)
    {
        var result = method.ReturnType;
        if (result == typeof(Task) || result == typeof(ValueTask)) return true;
        if (method.IsDefined(typeof(OneWayAttribute))) return result == typeof(void);
        return result.IsGenericType && (result.GetGenericTypeDefinition() == typeof(Task<>) || result.GetGenericTypeDefinition() == typeof(ValueTask<>));
    }
}
