using System.Collections.Frozen;
using System.Reflection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Orleans.References;

/// <summary>The grain classes of this process: found in every assembly that refers to this one.</summary>
internal sealed class GrainCatalog
{
    private readonly FrozenDictionary<GrainType, GrainClass> _byType;
    private readonly FrozenDictionary<Type, GrainClass[]> _byInterface;

    public GrainCatalog(ServiceLifetimes lifetimes, IServiceProvider services, TimeProvider time)
    {
        GrainClass[] classes = [.. GrainAssemblies.Classes().Select(type => new GrainClass(type, lifetimes, services, time))];
        foreach (var twins in classes.GroupBy(static each => each.GrainType).Where(static group => group.Skip(1).Any()))
        {
            throw new OrleansConfigurationException(
                $"The grain type '{twins.Key}' names more than one class: {string.Join(", ", twins.Select(static each => each.Type.FullName))}.");
        }

        _byType = classes.ToFrozenDictionary(static each => each.GrainType);
        _byInterface = classes
            .SelectMany(static each => each.Type.GetInterfaces().Where(IsGrainInterface).Select(type => (Interface: type, Class: each)))
            .GroupBy(static pair => pair.Interface, static pair => pair.Class)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
    }

    public GrainClass ClassOf(GrainType grainType) =>
        _byType.TryGetValue(grainType, out var found) ? found : throw new ArgumentException($"No grain class has the type '{grainType}'.", nameof(grainType));

    public GrainClass ClassFor(Type grainInterface, string? classNamePrefix)
    {
        var candidates = _byInterface.GetValueOrDefault(grainInterface, []);
        if (classNamePrefix is not null)
        {
            candidates = [.. candidates.Where(each => each.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))];
        }

        return candidates switch
        {
            [var only] => only,
            [] => throw new ArgumentException($"No grain class implements {grainInterface.FullName}.", nameof(grainInterface)),
            _ => throw new ArgumentException($"More than one grain class implements {grainInterface.FullName}: name one by its prefix.", nameof(grainInterface)),
        };
    }

    /// <summary>Sets each class's collection age; refuses one that the collector could not keep.</summary>
    public void Validate(GrainCollectionOptions options)
    {
        if (options.CollectionQuantum <= TimeSpan.Zero) throw new OrleansConfigurationException("CollectionQuantum must be positive.");
        Check("CollectionAge", options.CollectionAge);
        foreach (var (name, age) in options.ClassSpecificCollectionAge) Check($"ClassSpecificCollectionAge of {name}", age);
        foreach (var grainClass in _byType.Values)
        {
            if (grainClass.Type.GetCustomAttribute<CollectionAgeLimitAttribute>() is { } limit) Check($"CollectionAgeLimit of {grainClass.Type}", limit.Age);
            grainClass.SetCollectionAge(options);
        }

        void Check(string name, TimeSpan age)
        {
            if (age <= options.CollectionQuantum)
            {
                throw new OrleansConfigurationException($"{name} is {age}; it must be longer than CollectionQuantum, {options.CollectionQuantum}.");
            }
        }
    }

    private static bool IsGrainInterface(Type type) => typeof(IGrain).IsAssignableFrom(type) && type != typeof(IGrain);
}
