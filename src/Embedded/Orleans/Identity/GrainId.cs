namespace Orleans.Runtime;

/// <summary>Names one grain: its type and its key, <c>type/key</c>. Integer keys appear as upper-case hexadecimal text.</summary>
public readonly struct GrainId : IEquatable<GrainId>
{
    private GrainId(GrainType type, IdSpan key)
    {
        Type = type;
        Key = key;
    }

    public GrainType Type { get; }

    public IdSpan Key { get; }

    public bool IsDefault => Type.IsDefault;

    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), IdSpan.Create(key));

    public static GrainId Create(GrainType type, string key) => Create(type, IdSpan.Create(key));

    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    public bool Equals(GrainId other) => Type.Equals(other.Type) && Key.Equals(other.Key);

    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <summary>Keys of one type differ, so the key's hash alone spreads; equal keys of two types are told apart by comparing.</summary>
    public override int GetHashCode() => Key.GetHashCode();

    public override string ToString() => $"{Type}/{Key}";
}
