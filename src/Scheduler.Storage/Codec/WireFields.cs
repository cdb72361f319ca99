using System.Runtime.CompilerServices;
using System.Text;

namespace Scheduler.Storage.Codec;

/// <summary>The fields of one message, asked for by number. An absent one has its usual value.</summary>
/// <remarks>
/// Read in order, fields are asked for in the order in which <see cref="StateWriter"/> writes them, and nothing is laid out anywhere; a message that was
/// written in another order, or with fields that nobody asks for, is not spent in the end, and is to be read again, laid out. Laid out, the last of a
/// singular field that stands twice counts, whole: messages are not merged, which no writer asks for. A field of another kind than the one asked for
/// is refused and not skipped: numbers are never used again.
/// </remarks>
internal ref struct WireFields
{
    /// <summary>Past the highest number of a field in <c>state.proto</c>; higher ones are a newer release's and skipped.</summary>
    private const int Count = 66;

    private const int TypeBits = 3;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Slot[]? _slots;

    /// <summary>Of the field that is next: where it begins, and where its value does. Its tag is 0 past the end, and where fields are laid out.</summary>
    private int _start;
    private int _at;
    private ulong _tag;

    /// <param name="bytes">A whole message.</param>
    /// <param name="isLaidOut">Its fields are asked for in any order.</param>
    public WireFields(ReadOnlySpan<byte> bytes, bool isLaidOut)
    {
        _bytes = bytes;
        if (isLaidOut) (_slots, _start) = (LayOut(bytes), bytes.Length);
        else MoveTo(0);
    }

    /// <summary>Every field was asked for.</summary>
    public readonly bool IsSpent => _start == _bytes.Length;

    public readonly bool Has(int field) => _slots is null ? _tag >> TypeBits == (uint)field : _slots[field].Times > 0;

    /// <summary>For int64 and uint64.</summary>
    public long Long(int field) => unchecked((long)Varint(field));

    /// <summary>For int32, of which a negative number stands as 64 bits.</summary>
    public int Int(int field) => unchecked((int)Varint(field));

    public uint Uint(int field) => unchecked((uint)Varint(field));

    /// <summary>For enumerations of the domain, all of which are bytes.</summary>
    public byte Byte(int field) => checked((byte)Uint(field));

    public bool Flag(int field) => Varint(field) != 0;

    /// <summary>Null where it is absent.</summary>
    public bool? OptionalFlag(int field) => Has(field) ? Flag(field) : null;

    /// <summary>For sint64.</summary>
    public long Signed(int field)
    {
        var number = Varint(field);
        return unchecked((long)(number >> 1) ^ -(long)(number & 1));
    }

    /// <summary>For sint32.</summary>
    public int SignedInt(int field)
    {
        var number = Uint(field);
        return unchecked((int)(number >> 1) ^ -(int)(number & 1));
    }

    public ulong Fixed64(int field) => Fixed(field, WireType.Fixed64, sizeof(ulong));

    public uint Fixed32(int field) => (uint)Fixed(field, WireType.Fixed32, sizeof(uint));

    public double? OptionalDouble(int field) => Has(field) ? BitConverter.UInt64BitsToDouble(Fixed64(field)) : null;

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>Of a message, a text or bytes; empty where it is absent.</summary>
    public ReadOnlySpan<byte> Bytes(int field)
    {
        if (_tag != WireReader.TagOf(field, WireType.Length)) return WireReader.Slice(_bytes, Aside(field, WireType.Length));
        var at = _at;
        var length = WireReader.Length(_bytes, ref at);
        var value = _bytes.Slice(at, length);
        MoveTo(at + length);
        return value;
    }

    /// <summary>The elements of a repeated field.</summary>
    public WireElements Elements(int field)
    {
        if (_slots is not null) return new WireElements(_bytes, field, _slots[field].First, _slots[field].Times);
        var first = _start;
        var count = 0;
        for (; _tag == WireReader.TagOf(field, WireType.Length); count++)
        {
            var at = _at;
            var length = WireReader.Length(_bytes, ref at);
            MoveTo(at + length);
        }

        return new WireElements(_bytes, field, first, count);
    }

    /// <summary>The numbers of a repeated uint32, packed or not.</summary>
    public WireNumbers Numbers(int field) => _slots is null ? new WireNumbers(Bytes(field)) : new WireNumbers(Elements(field));

    private static Slot[] LayOut(ReadOnlySpan<byte> bytes)
    {
        var slots = new Slot[Count];
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Field < Count) slots[reader.Field].Add(reader);
        }

        return slots;
    }

    private ulong Varint(int field)
    {
        if (_tag != WireReader.TagOf(field, WireType.Varint)) return Aside(field, WireType.Varint);
        var at = _at;
        var value = WireReader.Varint(_bytes, ref at);
        MoveTo(at);
        return value;
    }

    private ulong Fixed(int field, WireType type, int width)
    {
        if (_tag != WireReader.TagOf(field, type)) return Aside(field, type);
        var value = WireReader.Fixed(_bytes, _at, width);
        MoveTo(_at + width);
        return value;
    }

    /// <summary>What is not next is absent, or laid out.</summary>
    private readonly ulong Aside(int field, WireType type) => _slots is null ? 0 : _slots[field].Of(type);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveTo(int at)
    {
        _start = at;
        _tag = at < _bytes.Length ? WireReader.Varint(_bytes, ref at) : 0;
        _at = at;
    }

    /// <summary>A field that was laid out.</summary>
    private struct Slot
    {
        private ulong _number;
        private int _seen;

        /// <summary>Where the first of it begins.</summary>
        public int First { get; private set; }

        public readonly int Times => _seen >> TypeBits;

        public void Add(in WireReader reader)
        {
            if (_seen == 0) First = reader.Start;
            _seen = ((Times + 1) << TypeBits) | (int)reader.Type;
            _number = reader.Number;
        }

        /// <summary>The last of it, which has to be of the type.</summary>
        public readonly ulong Of(WireType type) =>
            _seen == 0 || (_seen & ((1 << TypeBits) - 1)) == (int)type ? _number : throw WireReader.Unlike();
    }
}
