using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Scheduler.Protocol.Tests.Border;

/// <summary>Messages filled at random with what nobody means: limits of numbers, unknown enum values, odd text, missing parts.</summary>
internal sealed class Extremes(int seed)
{
    private const int DeepestMessage = 6;
    private static readonly string[] Texts = ["", "a", " ", "a b", "\0", "+", "+1", "@", "a@b", ".", "-", "a.a", "\ud83d\ude00", new('x', 600), "COP", "America/Bogota", "a=b"];
    private static readonly long[] Numbers = [0, 1, -1, 24, 60, 999_999_999, 1_000_000_000, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 253_402_300_800];

    private readonly Random _random = new(seed);

    public T Make<T>()
        where T : IMessage<T>, new()
    {
        var message = new T();
        Fill(message, 0);
        return message;
    }

    private void Fill(IMessage message, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (_random.Next(4) == 0) continue;
            if (field.IsMap)
            {
                var map = (IDictionary)field.Accessor.GetValue(message);
                for (var i = _random.Next(3); i > 0; i--) map[Text()] = Text();
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var i = _random.Next(3); i > 0; i--)
                {
                    if (Value(field, depth) is { } item) list.Add(item);
                }
            }
            else if (Value(field, depth) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }
        }
    }

    private object? Value(FieldDescriptor field, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.String: return Text();
            case FieldType.Bytes: return ByteString.CopyFromUtf8(Text());
            case FieldType.Bool: return _random.Next(2) == 0;
            case FieldType.Double: return _random.Next(3) switch { 0 => double.NaN, 1 => double.NegativeInfinity, _ => 0.5 };
            case FieldType.Int32: return unchecked((int)Number());
            case FieldType.UInt32: return unchecked((uint)Number());
            case FieldType.Int64: return Number();
            case FieldType.Fixed64: return unchecked((ulong)Number());
            case FieldType.Enum: return Enum.ToObject(field.EnumType.ClrType, unchecked((int)(_random.Next(2) == 0 ? _random.Next(20) : Number())));
            case FieldType.Message when depth < DeepestMessage:
                var message = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                Fill(message, depth + 1);
                return message;
            default: return null;
        }
    }

    private string Text() => Texts[_random.Next(Texts.Length)];

    private long Number() => Numbers[_random.Next(Numbers.Length)];
}
