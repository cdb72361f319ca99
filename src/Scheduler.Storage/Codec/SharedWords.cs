using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Scheduler.Storage.Codec;

/// <summary>
/// Short words that millions of debtors hold alike, such as creditors, steps and zones: one string for all of them. Never asked for what is personal or
/// one debtor's own.
/// </summary>
/// <remarks>Threading: any. Of two that put a word into one slot at once either stays, and both are right: a slot's word is compared before it is answered.</remarks>
internal static class SharedWords
{
    private const int Slots = 1_024;

    /// <summary>Longer ones are rarely shared.</summary>
    private const int LongestBytes = 48;

    private static readonly string?[] Known = new string?[Slots];

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        if (bytes.Length > LongestBytes) return Encoding.UTF8.GetString(bytes);
        ref var known = ref Known[Hash(bytes) & (Slots - 1)];
        // What is not ASCII is equal to nothing here, and made anew each time.
        if (known is { } word && Ascii.Equals(bytes, word)) return word;
        return known = Encoding.UTF8.GetString(bytes);
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)bytes.Length;
        var wide = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var eight in wide) hash = BitOperations.Crc32C(hash, eight);
        foreach (var one in bytes[(wide.Length * sizeof(ulong))..]) hash = BitOperations.Crc32C(hash, one);
        return hash;
    }
}
