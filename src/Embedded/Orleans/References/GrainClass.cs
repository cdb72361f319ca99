using System.Reflection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.Turns;

namespace Orleans.References;

/// <summary>What the runtime must know about one grain class, found once.</summary>
internal sealed class GrainClass
{
    private readonly TimeProvider _time;
    private readonly Lazy<GrainConstructor> _constructor;

    public GrainClass(Type type, ServiceLifetimes lifetimes, IServiceProvider services, TimeProvider time)
    {
        Type = type;
        _time = time;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? DefaultTypeName(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        HasOnActivate = Overrides(type, nameof(IGrainBase.OnActivateAsync));
        HasOnDeactivate = Overrides(type, nameof(IGrainBase.OnDeactivateAsync));
        _constructor = new Lazy<GrainConstructor>(() => new GrainConstructor(type, lifetimes, services));
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    public bool HasOnActivate { get; }

    public bool HasOnDeactivate { get; }

    /// <summary>How long an activation may be idle, in ticks of the clock's timestamp.</summary>
    public long CollectionAgeTicks { get; private set; } = long.MaxValue;

    public IGrainBase Create(Activation activation, out IStoredState[]? states) => _constructor.Value.Create(activation, out states);

    public void SetCollectionAge(GrainCollectionOptions options)
    {
        if (Type.IsDefined(typeof(KeepAliveAttribute))) return;
        var age = options.ClassSpecificCollectionAge.TryGetValue(Type.FullName!, out var specific) ? specific
            : Type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.Age ?? options.CollectionAge;
        CollectionAgeTicks = age.TotalSeconds * _time.TimestampFrequency >= long.MaxValue ? long.MaxValue : (long)(age.TotalSeconds * _time.TimestampFrequency);
    }

    private static string DefaultTypeName(Type type)
    {
        const string Suffix = "grain";
#pragma warning disable CA1308 // Upstream's default names are lower case, and ids must be the same in both runtimes.
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    // Neither Grain's empty method nor the interface's default one is worth a task on every activation.
    private static bool Overrides(Type type, string method)
    {
        var map = type.GetInterfaceMap(typeof(IGrainBase));
        var index = Array.FindIndex(map.InterfaceMethods, each => each.Name == method);
        var declaring = map.TargetMethods[index].DeclaringType;
        return declaring != typeof(Grain) && declaring != typeof(IGrainBase);
    }
}
