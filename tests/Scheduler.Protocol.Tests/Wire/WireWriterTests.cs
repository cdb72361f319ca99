using Google.Protobuf;
using Scheduler.Protocol.Wire;

namespace Scheduler.Protocol.Tests.Wire;

/// <summary>Byte for byte what the library's own writer writes, at the borders of lengths and numbers.</summary>
public sealed class WireWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(2_047)]
    [InlineData(2_048)]
    public void Numbers_take_the_bytes_that_they_need(int field)
    {
        foreach (var value in (long[])[1, 127, 128, 16_383, 16_384, int.MaxValue, uint.MaxValue, long.MaxValue, -1, int.MinValue, long.MinValue])
        {
            var wire = new WireWriter();
            wire.Number(field, value);
            wire.Signed(field, value);
            wire.Fixed(field, unchecked((ulong)value));
            wire.Fixed(field, unchecked((uint)value) | 1);
            Assert.Equal(
                Expected(output =>
                {
                    output.WriteTag(field, WireFormat.WireType.Varint);
                    output.WriteInt64(value);
                    output.WriteTag(field, WireFormat.WireType.Varint);
                    output.WriteSInt64(value);
                    output.WriteTag(field, WireFormat.WireType.Fixed64);
                    output.WriteFixed64(unchecked((ulong)value));
                    output.WriteTag(field, WireFormat.WireType.Fixed32);
                    output.WriteFixed32(unchecked((uint)value) | 1);
                }),
                wire.Written.ToArray());
        }
    }

    [Fact]
    public void Usual_values_are_left_out_where_presence_says_nothing()
    {
        var wire = new WireWriter();
        wire.Number(1, 0);
        wire.Signed(2, 0);
        wire.Flag(3, value: false);
        wire.Fixed(4, 0UL);
        wire.Fixed(5, 0U);
        wire.Text(6, "");
        wire.Bytes(7, []);
        Assert.True(wire.Written.IsEmpty);
        wire.Present(1, 0);
        wire.Element(2, "");
        wire.End(wire.Begin(3));
        Assert.Equal([0x08, 0, 0x12, 0, 0x1A, 0], wire.Written.ToArray());
    }

    [Theory]
    [InlineData(1, "a")]
    [InlineData(42, "é")]
    [InlineData(43, "a")]
    [InlineData(43, "水")]
    [InlineData(127, "a")]
    [InlineData(128, "a")]
    [InlineData(9_000, "😀")]
    public void Text_has_its_length_in_bytes(int times, string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, times));
        var wire = new WireWriter();
        wire.Text(7, text);
        Assert.Equal(
            Expected(output =>
            {
                output.WriteTag(7, WireFormat.WireType.LengthDelimited);
                output.WriteString(text);
            }),
            wire.Written.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(100_000)]
    public void Messages_within_messages_have_their_length_filled_in_behind_them(int length)
    {
        var inner = Enumerable.Range(0, length).Select(static i => (uint)i & 0x7F).ToArray();
        var wire = new WireWriter();
        wire.Number(1, 5);
        var outer = wire.Begin(2);
        wire.Text(1, "before");
        var packed = wire.Begin(3);
        foreach (var number in inner) wire.Packed(number);
        wire.End(packed);
        wire.Text(4, "behind");
        wire.End(outer);
        wire.Number(5, 6);

        var expected = Expected(output =>
        {
            output.WriteRawTag(1 << 3);
            output.WriteInt64(5);
            output.WriteTag(2, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(Expected(nested =>
            {
                nested.WriteTag(1, WireFormat.WireType.LengthDelimited);
                nested.WriteString("before");
                nested.WriteTag(3, WireFormat.WireType.LengthDelimited);
                nested.WriteBytes(ByteString.CopyFrom([.. inner.Select(static number => (byte)number)]));
                nested.WriteTag(4, WireFormat.WireType.LengthDelimited);
                nested.WriteString("behind");
            })));
            output.WriteRawTag(5 << 3);
            output.WriteInt64(6);
        });
        Assert.Equal(expected, wire.Written.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(126)]
    [InlineData(9_000)]
    public void Fields_encoded_before_stand_as_they_were(int length)
    {
        var wire = new WireWriter();
        var outer = wire.Begin(1);
        var encoded = new byte[length];
        encoded.AsSpan().Fill(7);
        wire.Fields(encoded);
        wire.Number(2, 1);
        wire.End(outer);
        Assert.Equal(
            Expected(output =>
            {
                output.WriteTag(1, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom([.. encoded, 2 << 3, 1]));
            }),
            wire.Written.ToArray());
    }

    [Fact]
    public void A_writer_that_was_cleared_starts_anew_and_a_wiped_one_holds_nothing_of_what_it_wrote()
    {
        var wire = new WireWriter();
        wire.Text(1, "+573001234567");
        var written = wire.Written;
        wire.Clear(wipes: true);
        Assert.Equal(new byte[written.Length], written.ToArray());
        wire.Bytes(1, new byte[200_000]);
        wire.Clear(wipes: false);
        wire.Number(1, 1);
        Assert.Equal([0x08, 1], wire.Written.ToArray());
    }

    private static byte[] Expected(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }
}
