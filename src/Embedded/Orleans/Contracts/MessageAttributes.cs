namespace Orleans;

/// <summary>Numbers a member of a grain message, so that messages of two releases understand each other.</summary>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method,
    Inherited = false)]
public sealed class IdAttribute(uint id) : Attribute
{
    public uint Id => id;
}

/// <summary>Promises that a message is never changed after it was sent. It does not replace <see cref="GenerateSerializerAttribute"/>.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.ReturnValue,
    Inherited = false)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>A name on the wire that survives renaming in the source.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Method | AttributeTargets.Enum,
    Inherited = false)]
public sealed class AliasAttribute(string alias) : Attribute
{
    public string Alias => alias;
}
