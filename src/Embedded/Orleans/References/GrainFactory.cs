using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Hosting;

namespace Orleans.References;

/// <summary>Makes references, one binding per interface.</summary>
internal sealed class GrainFactory(Silo silo, GrainCatalog catalog) : IGrainFactory
{
    private readonly ConcurrentDictionary<Type, GrainBinding> _bindings = new();

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        return (TGrainInterface)(object)Binding(typeof(TGrainInterface), grainClassNamePrefix).Reference(primaryKey);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey
    {
        var key = primaryKey.ToString("X", CultureInfo.InvariantCulture);
        return (TGrainInterface)(object)Binding(typeof(TGrainInterface), grainClassNamePrefix).Reference(key);
    }

    /// <summary>The reminders' way to a grain: by id, as something that can be reminded.</summary>
    public IRemindable GetRemindable(GrainId grainId) =>
        (IRemindable)(object)new GrainBinding(silo, catalog.ClassOf(grainId.Type), GrainInterface.Of(typeof(IRemindable))).Reference(grainId.Key.ToString());

    private GrainBinding Binding(Type type, string? classNamePrefix)
    {
        if (classNamePrefix is not null) return Bind(type, classNamePrefix);
        return _bindings.TryGetValue(type, out var binding) ? binding : _bindings.GetOrAdd(type, Bind(type, null));
    }

    private GrainBinding Bind(Type type, string? classNamePrefix) => new(silo, catalog.ClassFor(type, classNamePrefix), GrainInterface.Of(type));
}
