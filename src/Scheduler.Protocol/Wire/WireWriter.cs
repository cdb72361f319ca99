using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;

namespace Scheduler.Protocol.Wire;

/// <summary>
/// Writes protobuf's wire format into one buffer that is used again. Values that are a field's usual one are left out, as proto3 does; bytes are
/// those that the generated classes read.
/// </summary>
/// <remarks>Threading: owned by one thread. A message's length is filled in behind it, so that no length is computed twice.</remarks>
/// <param name="keeps">Bytes beyond which a buffer is not kept for what is written next.</param>
public sealed class WireWriter(int keeps = WireWriter.KeptBytes)
{
    /// <summary>Longer than most states and decisions' events.</summary>
    private const int FirstBytes = 4_096;
    private const int KeptBytes = 65_536;

    /// <summary>Of a tag and a number: two varints.</summary>
    private const int NumberBytes = 20;

    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    /// <summary>A length below it is one byte.</summary>
    private const int OneByteEnd = 0x80;
    private const int BytesOfCharAtMost = 3;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>For values of int32, int64, uint32, enumerations, and instants as they are packed.</summary>
    public void Number(int field, long value)
    {
        if (value != 0) Present(field, value);
    }

    public void Flag(int field, bool value)
    {
        if (value) Present(field, 1);
    }

    /// <summary>For values of sint32 and sint64.</summary>
    public void Signed(int field, long value)
    {
        if (value != 0) Present(field, (value << 1) ^ (value >> 63));
    }

    /// <summary>Written even where it is 0: the field's presence says something.</summary>
    public void Present(int field, long value)
    {
        Room(NumberBytes);
        Tag(field, VarintType);
        Varint(unchecked((ulong)value));
    }

    /// <summary>Written even where it is 0.</summary>
    public void Present(int field, double value)
    {
        Room(NumberBytes);
        Tag(field, Fixed64Type);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(double);
    }

    public void Fixed(int field, ulong value)
    {
        if (value == 0) return;
        Room(NumberBytes);
        Tag(field, Fixed64Type);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(ulong);
    }

    public void Fixed(int field, uint value)
    {
        if (value == 0) return;
        Room(NumberBytes);
        Tag(field, Fixed32Type);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(uint);
    }

    public void Text(int field, string text)
    {
        if (text.Length > 0) Element(field, text);
    }

    /// <summary>One of a repeated field: written even where it is empty.</summary>
    public void Element(int field, string text)
    {
        var most = text.Length * BytesOfCharAtMost;
        Room(NumberBytes + most);
        Tag(field, LengthType);
        // Almost every text is short and plain, and its bytes are as many as its characters.
        if (text.Length < OneByteEnd && Ascii.FromUtf16(text, _bytes.AsSpan(_length + 1), out var count) == OperationStatus.Done)
        {
            _bytes[_length] = (byte)count;
            _length += 1 + count;
            return;
        }

        Varint((ulong)Encoding.UTF8.GetByteCount(text));
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) value.CopyTo(Bytes(field, value.Length));
    }

    /// <summary>Room for the bytes of a field: the caller fills all of it before anything else is written.</summary>
    public Span<byte> Bytes(int field, int length)
    {
        Room(NumberBytes + length);
        Tag(field, LengthType);
        Varint((ulong)length);
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    /// <summary>The fields of a generated message, as part of the message that is being written.</summary>
    public void Fields(IMessage message)
    {
        var count = message.CalculateSize();
        Room(count);
        message.WriteTo(_bytes.AsSpan(_length, count));
        _length += count;
    }

    /// <summary>Fields that were encoded before, as part of the message that is being written.</summary>
    public void Fields(ReadOnlySpan<byte> encoded)
    {
        Room(encoded.Length);
        encoded.CopyTo(_bytes.AsSpan(_length));
        _length += encoded.Length;
    }

    /// <summary>Begins a message, or packed numbers, and answers what <see cref="End"/> needs.</summary>
    public int Begin(int field)
    {
        Room(NumberBytes);
        Tag(field, LengthType);
        // One byte for the length, which most messages keep to.
        return ++_length;
    }

    public void End(int start)
    {
        var length = _length - start;
        if (length < OneByteEnd)
        {
            _bytes[start - 1] = (byte)length;
            return;
        }

        var more = 0;
        for (var rest = length >> 7; rest > 0; rest >>= 7) more++;
        Room(more);
        _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
        _length = start - 1;
        Varint((ulong)length);
        _length += length;
    }

    /// <summary>One of packed numbers.</summary>
    public void Packed(uint value)
    {
        Room(NumberBytes);
        Varint(value);
    }

    /// <summary>Forgets what was written, and wipes it where it is personal.</summary>
    public void Clear(bool wipes)
    {
        if (wipes) _bytes.AsSpan(0, _length).Clear();
        if (_bytes.Length > keeps) _bytes = new byte[FirstBytes];
        _length = 0;
    }

    private void Tag(int field, int type) => Varint((uint)((field << 3) | type));

    /// <summary>The caller has made room. Most tags, numbers and lengths are one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Varint(ulong value)
    {
        if (value < OneByteEnd) _bytes[_length++] = (byte)value;
        else LongVarint(value);
    }

    private void LongVarint(ulong value)
    {
        var bytes = _bytes;
        var at = _length;
        while (value >= OneByteEnd)
        {
            bytes[at++] = unchecked((byte)(value | OneByteEnd));
            value >>= 7;
        }

        bytes[at++] = (byte)value;
        _length = at;
    }

    private void Room(int more)
    {
        if (_bytes.Length - _length < more) Grow(more);
    }

    private void Grow(int more)
    {
        var grown = new byte[Math.Max(_bytes.Length * 2, _length + more)];
        Written.CopyTo(grown);
        _bytes = grown;
    }
}
