using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Scheduler.Storage.Tests.Codec;

/// <summary>The same message as another writer might have written it: fields in any order, packed numbers in parts or by themselves, fields of a newer release.</summary>
internal static class OtherOrder
{
    /// <summary>No message has fields of these numbers; the second is past the highest of all.</summary>
    private static readonly int[] Unknown = [63, 4_000];

    public static byte[] Of(byte[] bytes, MessageDescriptor descriptor, Random random)
    {
        var fields = new List<(int Number, byte[] Bytes)>();
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            fields.AddRange(Fields(input, tag, descriptor.FindFieldByNumber(number), random).Select(field => (number, field)));
        }

        foreach (var number in Unknown) fields.Add((number, UnknownField(number, random)));
        // What repeats keeps its order among itself.
        var turns = fields.Select(static field => field.Number).ToArray();
        random.Shuffle(turns);
        var queues = fields.GroupBy(static field => field.Number).ToDictionary(static group => group.Key, static group => new Queue<byte[]>(group.Select(static field => field.Bytes)));
        return [.. turns.SelectMany(number => queues[number].Dequeue())];
    }

    private static IEnumerable<byte[]> Fields(CodedInputStream input, uint tag, FieldDescriptor field, Random random)
    {
        switch (WireFormat.GetTagWireType(tag))
        {
            case WireFormat.WireType.Varint:
                var varint = input.ReadUInt64();
                return [Written(tag, output => output.WriteUInt64(varint))];
            case WireFormat.WireType.Fixed64:
                var wide = input.ReadFixed64();
                return [Written(tag, output => output.WriteFixed64(wide))];
            case WireFormat.WireType.Fixed32:
                var narrow = input.ReadFixed32();
                return [Written(tag, output => output.WriteFixed32(narrow))];
            default:
                var content = input.ReadBytes().ToByteArray();
                if (field.FieldType == FieldType.Message) content = Of(content, field.MessageType, random);
                if (field is { IsRepeated: true, FieldType: FieldType.UInt32 }) return Unpacked(content, field.FieldNumber, random);
                return [Written(tag, output => output.WriteBytes(ByteString.CopyFrom(content)))];
        }
    }

    private static List<byte[]> Unpacked(byte[] packed, int number, Random random)
    {
        var fields = new List<byte[]>();
        using var input = new CodedInputStream(packed);
        while (!input.IsAtEnd)
        {
            var value = input.ReadUInt32();
            fields.Add(random.Next(2) == 0
                ? Written(WireFormat.MakeTag(number, WireFormat.WireType.Varint), output => output.WriteUInt32(value))
                : Written(WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited), output => output.WriteBytes(ByteString.CopyFrom(Written(0, part => part.WriteUInt32(value))))));
        }

        return fields;
    }

    private static byte[] UnknownField(int number, Random random) => random.Next(4) switch
    {
        0 => Written(WireFormat.MakeTag(number, WireFormat.WireType.Varint), static output => output.WriteInt64(-1)),
        1 => Written(WireFormat.MakeTag(number, WireFormat.WireType.Fixed64), static output => output.WriteFixed64(7)),
        2 => Written(WireFormat.MakeTag(number, WireFormat.WireType.Fixed32), static output => output.WriteFixed32(7)),
        _ => Written(WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited), static output => output.WriteString("newer")),
    };

    /// <param name="tag">0: none.</param>
    /// <param name="write">Writes what stands behind it.</param>
    private static byte[] Written(uint tag, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            if (tag != 0) output.WriteTag(tag);
            write(output);
        }

        return stream.ToArray();
    }
}
