namespace Orleans.References;

/// <summary>Base of the generated references: says which grain is meant.</summary>
internal abstract class GrainReference(GrainId grainId) : IAddressable
{
    public GrainId GrainId => grainId;

    public override string ToString() => $"GrainReference:{GrainId}";
}
