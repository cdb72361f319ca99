using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Scheduler.Storage.Codec;

/// <summary>What stands behind a field's number. The numbers are protobuf's; its groups (3 and 4) are written by nobody and refused.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Fixed32 = 5,
}

/// <summary>Reads one message of protobuf's wire format field by field, in whatever order they stand; never past the end of its bytes.</summary>
/// <remarks>Every field is checked when it is passed, so that skipping one is to read the next. Broken bytes throw <see cref="UnreadableBytesException"/>.</remarks>
internal ref struct WireReader
{
    /// <summary>A number, tag or length below it is one byte.</summary>
    private const int OneByteEnd = 0x80;
    private const int PartBits = 7;
    private const int VarintBits = 70;
    private const int TypeBits = 3;
    private const uint TypeMask = 7;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <param name="bytes">A whole message.</param>
    /// <param name="at">Where in it a field begins.</param>
    public WireReader(ReadOnlySpan<byte> bytes, int at = 0)
    {
        _bytes = bytes;
        End = at;
    }

    /// <summary>Where the field begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next one begins.</summary>
    public int End { get; private set; }

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>The number as it stands; of what has a length its <see cref="Place"/>.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of a message, a text, bytes or packed numbers.</summary>
    public readonly ReadOnlySpan<byte> Bytes => Type == WireType.Length ? Slice(_bytes, Number) : throw Unlike();

    /// <summary>Where something lies in its message: start and length in one number.</summary>
    public static ulong Place(int start, int length) => ((ulong)(uint)start << 32) | (uint)length;

    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> message, ulong place) => message.Slice((int)(place >> 32), (int)(place & uint.MaxValue));

    /// <summary>To the next field; false at the message's end.</summary>
    public bool Next()
    {
        var at = End;
        if (at >= _bytes.Length) return false;
        Start = at;
        var tag = Varint(_bytes, ref at);
        var field = tag >> TypeBits;
        if (field is 0 or > int.MaxValue >> TypeBits) throw Broken();
        Field = (int)field;
        Type = (WireType)(tag & TypeMask);
        switch (Type)
        {
            case WireType.Varint:
                Number = Varint(_bytes, ref at);
                break;
            case WireType.Length:
                var length = Length(_bytes, ref at);
                Number = Place(at, length);
                at += length;
                break;
            case WireType.Fixed64:
                Number = Fixed(_bytes, at, sizeof(ulong));
                at += sizeof(ulong);
                break;
            case WireType.Fixed32:
                Number = Fixed(_bytes, at, sizeof(uint));
                at += sizeof(uint);
                break;
            default:
                throw Broken();
        }

        End = at;
        return true;
    }

    /// <summary>A number, and <paramref name="at"/> behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        if ((uint)at < (uint)bytes.Length && bytes[at] < OneByteEnd) return bytes[at++];
        var value = LongVarint(bytes, at, out var end);
        at = end;
        return value;
    }

    public static ulong TagOf(int field, WireType type) => ((uint)field << TypeBits) | (uint)type;

    /// <summary>A length that ends within the bytes, and <paramref name="at"/> behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = Varint(bytes, ref at);
        return length <= (uint)(bytes.Length - at) ? (int)length : throw Broken();
    }

    public static ulong Fixed(ReadOnlySpan<byte> bytes, int at, int width)
    {
        if (bytes.Length - at < width) throw Broken();
        return width == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
    }

    /// <summary>How many numbers stand packed in the bytes: each has one last byte.</summary>
    public static int CountOf(ReadOnlySpan<byte> packed)
    {
        if (!packed.IsEmpty && packed[^1] >= OneByteEnd) throw Broken();
        var count = 0;
        foreach (var part in packed)
        {
            if (part < OneByteEnd) count++;
        }

        return count;
    }

    public static UnreadableBytesException Broken() => new("The bytes of a stored state are broken.");

    public static UnreadableBytesException Unlike() => new("A field of a stored state is not of its kind.");

    /// <summary>Bits beyond the 64th are let go, as protobuf does.</summary>
    private static ulong LongVarint(ReadOnlySpan<byte> bytes, int at, out int end)
    {
        var value = 0UL;
        for (var shift = 0; shift < VarintBits && at < bytes.Length; shift += PartBits)
        {
            var part = bytes[at++];
            value |= (ulong)(part & (OneByteEnd - 1)) << shift;
            if (part >= OneByteEnd) continue;
            end = at;
            return value;
        }

        throw Broken();
    }
}
