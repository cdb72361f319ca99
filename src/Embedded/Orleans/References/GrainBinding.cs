using Orleans.Hosting;

namespace Orleans.References;

/// <summary>A grain interface as one silo serves it: which class, which methods. Shared by all references of that kind.</summary>
internal sealed class GrainBinding(Silo silo, GrainClass grainClass, GrainInterface grainInterface)
{
    public Silo Silo => silo;

    public GrainClass Class => grainClass;

    public string InterfaceName => grainInterface.Type.Name;

    public GrainMethod[] Methods { get; } = grainInterface.Methods;

    public GrainReference Reference(string key) => grainInterface.CreateReference(this, key);
}
