using System.Buffers.Binary;
using System.Text;
using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>
/// A column of a group's rows, kept as the array that the server is sent: each value is written once, where it is going to be sent from. The driver's
/// own arrays look at each value three times.
/// </summary>
/// <remarks>
/// The form is that of PostgreSQL's array_recv: dimensions, whether there are nulls, the element's type, length and lower bound, then every value after
/// its length. Threading: that of its statement. Values must be of the column's type: nothing here converts.
/// </remarks>
internal sealed class PackedColumn
{
    private const int HeaderBytes = 20;
    private const int LengthBytes = sizeof(int);
    private const int FirstBytes = 4_096;
    private const int BytesOfCharAtMost = 3;
    private const int Null = -1;
    private const int GuidBytes = 16;

    // Strict: what is not text must fail, and never become another text.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int _element;
    private byte[] _bytes = new byte[FirstBytes];
    private int _length = HeaderBytes;
    private bool _hasNulls;

    /// <param name="type">Of a value.</param>
    public PackedColumn(NpgsqlDbType type)
    {
        Type = type;

        // Numbers of built-in types, the same in every database.
        _element = type switch
        {
            NpgsqlDbType.Smallint => 21,
            NpgsqlDbType.Integer => 23,
            NpgsqlDbType.Bigint => 20,
            NpgsqlDbType.Text => 25,
            NpgsqlDbType.Uuid => 2950,
            NpgsqlDbType.Bytea => 17,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No column of this type is written."),
        };
    }

    public NpgsqlDbType Type { get; }

    public int Count { get; private set; }

    /// <summary>The array as it is sent.</summary>
    public ReadOnlyMemory<byte> Written
    {
        get
        {
            var header = _bytes.AsSpan(0, HeaderBytes);
            BinaryPrimitives.WriteInt32BigEndian(header, 1);
            BinaryPrimitives.WriteInt32BigEndian(header[4..], _hasNulls ? 1 : 0);
            BinaryPrimitives.WriteInt32BigEndian(header[8..], _element);
            BinaryPrimitives.WriteInt32BigEndian(header[12..], Count);
            BinaryPrimitives.WriteInt32BigEndian(header[16..], 1);
            return _bytes.AsMemory(0, _length);
        }
    }

    public void Clear()
    {
        _length = HeaderBytes;
        _hasNulls = false;
        Count = 0;
    }

    public void Add(short value) => BinaryPrimitives.WriteInt16BigEndian(Next(sizeof(short)), value);

    public void Add(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value);

    public void Add(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);

    public void Add(Guid value) => value.TryWriteBytes(Next(GuidBytes), bigEndian: true, out _);

    public void Add(ReadOnlyMemory<byte> value) => value.Span.CopyTo(Next(value.Length));

    public void Add(int? value)
    {
        if (value is { } known) Add(known);
        else AddNull();
    }

    public void Add(long? value)
    {
        if (value is { } known) Add(known);
        else AddNull();
    }

    public void Add(string value)
    {
        Room(LengthBytes + (value.Length * BytesOfCharAtMost));
        var count = Utf8.GetBytes(value, _bytes.AsSpan(_length + LengthBytes));
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), count);
        _length += LengthBytes + count;
        Count++;
    }

    private void AddNull()
    {
        Room(LengthBytes);
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), Null);
        _length += LengthBytes;
        _hasNulls = true;
        Count++;
    }

    private Span<byte> Next(int length)
    {
        Room(LengthBytes + length);
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), length);
        var value = _bytes.AsSpan(_length + LengthBytes, length);
        _length += LengthBytes + length;
        Count++;
        return value;
    }

    private void Room(int more)
    {
        if (_bytes.Length - _length < more) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
