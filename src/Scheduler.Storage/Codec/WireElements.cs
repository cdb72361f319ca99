using System.Text;

namespace Scheduler.Storage.Codec;

/// <summary>The elements of one repeated field, wherever in the message they stand.</summary>
internal ref struct WireElements
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _field;
    private int _at;
    private WireType _type;
    private ulong _number;

    /// <param name="bytes">The whole message.</param>
    /// <param name="field">Number of the field.</param>
    /// <param name="first">Where the first of it begins.</param>
    /// <param name="count">How many there are.</param>
    public WireElements(ReadOnlySpan<byte> bytes, int field, int first, int count)
    {
        _bytes = bytes;
        _field = field;
        _at = first;
        Left = count;
    }

    /// <summary>Elements not yet come to.</summary>
    public int Left { get; private set; }

    public readonly bool HasLength => _type == WireType.Length;

    public readonly ReadOnlySpan<byte> Bytes => WireReader.Slice(_bytes, Place);

    /// <summary>A number that stands by itself.</summary>
    public readonly ulong Number => _type == WireType.Varint ? _number : throw WireReader.Unlike();

    /// <summary>Where the element lies in its message.</summary>
    public readonly ulong Place => HasLength ? _number : throw WireReader.Unlike();

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public bool Next()
    {
        if (Left == 0) return false;
        Left--;
        var at = _at;
        if (WireReader.Varint(_bytes, ref at) == WireReader.TagOf(_field, WireType.Length))
        {
            var length = WireReader.Length(_bytes, ref at);
            _type = WireType.Length;
            _number = WireReader.Place(at, length);
            _at = at + length;
        }
        else
        {
            Seek();
        }

        return true;
    }

    /// <summary>Past other fields, and to what has no length.</summary>
    private void Seek()
    {
        var reader = new WireReader(_bytes, _at);
        do
        {
            if (!reader.Next()) throw WireReader.Broken();
        }
        while (reader.Field != _field);

        _type = reader.Type;
        _number = reader.Number;
        _at = reader.End;
    }
}

/// <summary>The numbers of one repeated field, packed or each by itself.</summary>
internal ref struct WireNumbers
{
    private WireElements _elements;
    private ReadOnlySpan<byte> _packed;
    private int _at;

    /// <param name="packed">All of them.</param>
    public WireNumbers(ReadOnlySpan<byte> packed)
    {
        _packed = packed;
        Count = WireReader.CountOf(packed);
    }

    public WireNumbers(WireElements elements)
    {
        _elements = elements;
        while (elements.Next()) Count += elements.HasLength ? WireReader.CountOf(elements.Bytes) : 1;
    }

    public int Count { get; }

    /// <summary>To be asked for <see cref="Count"/> times.</summary>
    public uint Next()
    {
        while (_at >= _packed.Length)
        {
            if (!_elements.Next()) throw WireReader.Broken();
            if (!_elements.HasLength) return unchecked((uint)_elements.Number);
            _packed = _elements.Bytes;
            _at = 0;
        }

        return unchecked((uint)WireReader.Varint(_packed, ref _at));
    }
}
