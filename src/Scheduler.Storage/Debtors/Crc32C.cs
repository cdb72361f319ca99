using System.Numerics;
using System.Text;

namespace Scheduler.Storage;

/// <summary>CRC-32C (Castagnoli): the hash behind every slice and partition number. Its value is stored, so it never changes.</summary>
public static class Crc32C
{
    private const int StackBytes = 512;

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.ToUInt64(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    /// <summary>Over the UTF-8 bytes of the text.</summary>
    public static uint Compute(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Span<byte> bytes = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        return Compute(bytes);
    }
}
