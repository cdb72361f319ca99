namespace Orleans;

/// <summary>Marks a grain message, answer or exception as one that may cross a silo border. The embedded runtime passes references and only checks it by test.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum, Inherited = false)]
public sealed class GenerateSerializerAttribute : Attribute
{
    public bool IncludePrimaryConstructorParameters { get; init; } = true;
}
