using System.Text;

namespace Orleans.Runtime;

/// <summary>The key part of a grain id: text, seen as UTF-8 where bytes are wanted.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>
{
    private readonly string? _text;

    private IdSpan(string text) => _text = text;

    public bool IsDefault => _text is null;

    internal string Text => _text ?? string.Empty;

    public static IdSpan Create(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new IdSpan(id);
    }

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    /// <summary>The key's UTF-8 bytes, in a new array each time: text is what is kept.</summary>
    public ReadOnlySpan<byte> AsSpan() => Encoding.UTF8.GetBytes(Text);

    public bool Equals(IdSpan other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;
}
