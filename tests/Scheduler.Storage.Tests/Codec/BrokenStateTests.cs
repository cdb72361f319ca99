using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;

namespace Scheduler.Storage.Tests.Codec;

/// <summary>Bytes that no writer wrote come to an end, and to one of two exceptions where they do not read as some state.</summary>
public sealed class BrokenStateTests
{
    private const int Samples = 3;

    private static readonly DebtorKey Row = new("acme", "d1");

    private static readonly KeyRing Ring = new([new MasterKey(1, new byte[MasterKey.Bytes])]);

    [Fact]
    public void Cut_off_anywhere()
    {
        foreach (var bytes in Rows())
        {
            for (var length = 0; length < bytes.Length; length++) Read(bytes[..length]);
        }
    }

    [Fact]
    public void With_any_bit_changed()
    {
        foreach (var bytes in Rows())
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Read(bytes);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Made_of_random_bytes()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Read(bytes);
        }
    }

    [Fact]
    public void Sealed_fields_that_are_no_message()
    {
        var random = new Random(20261123);
        var seal = DebtorSeal.Create(Ring, Row);
        var stored = V1.DebtorState.Parser.ParseFrom(StateWriter.Write(StateReaderTests.Sample(1), seal));
        for (var i = 0; i < 2_000; i++)
        {
            var personal = new byte[random.Next(60)];
            random.NextBytes(personal);
            stored.Sealed = Google.Protobuf.ByteString.CopyFrom(seal.SealState(personal));
            Read(Google.Protobuf.MessageExtensions.ToByteArray(stored));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x01 })]
    [InlineData(new byte[] { 0x0B, 0x0C })]
    [InlineData(new byte[] { 0x0E })]
    [InlineData(new byte[] { 0x10 })]
    [InlineData(new byte[] { 0x10, 0x80 })]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x12, 0x00 })]
    [InlineData(new byte[] { 0x0A, 0x02, 0x61 })]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x08, 0x01 })]
    [InlineData(new byte[] { 0x19, 0x01, 0x02 })]
    [InlineData(new byte[] { 0x1D, 0x01 })]
    [InlineData(new byte[] { 0xC0, 0x3E })]
    [InlineData(new byte[] { 0x3A, 0x03, 0x22, 0x01, 0x80 })]
    public void No_message_or_not_of_a_state(byte[] bytes) => Assert.Throws<UnreadableBytesException>(() => StateCodec.DecodeSealed(Row, bytes));

    /// <summary>Sealed ones and such in clear, of which every byte is looked at.</summary>
    private static IEnumerable<byte[]> Rows()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            yield return StateWriter.Write(StateReaderTests.Sample(seed), seal: null);
            yield return StateWriter.Write(StateReaderTests.Sample(seed), DebtorSeal.Create(Ring, Row));
        }
    }

    private static void Read(byte[] bytes)
    {
        try
        {
            StateCodec.DecodeSealed(Row, bytes);
            StateCodec.Decode(Row, bytes, Ring);
        }
        catch (Exception failure) when (failure is UnreadableBytesException or SealException)
        {
            // What is told of a row that cannot be read.
        }
    }
}
