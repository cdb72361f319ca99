namespace Orleans.Runtime;

/// <summary>The type part of a grain id, as <see cref="GrainTypeAttribute"/> names it.</summary>
public readonly struct GrainType : IEquatable<GrainType>
{
    private readonly string? _name;

    private GrainType(string name) => _name = name;

    public bool IsDefault => _name is null;

    internal string Name => _name ?? string.Empty;

    /// <summary>Interned, so that two ids of one type compare their types by reference.</summary>
    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return new GrainType(string.Intern(value));
    }

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);

    public bool Equals(GrainType other) => ReferenceEquals(_name, other._name);

    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    public override string ToString() => Name;
}
