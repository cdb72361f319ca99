using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// 64 bits over typed values, eight bytes a step, by the rounds and the closing mix of XXH64; lengths go in before texts so that neighbours cannot run
/// into each other. The same on every machine and for ever: digests are stored. Not for secrets.
/// </summary>
internal struct FieldDigest
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    private ulong _state;

    public FieldDigest() => _state = Prime5;

    public readonly ulong Value
    {
        get
        {
            unchecked
            {
                var mixed = (_state ^ (_state >> 33)) * Prime2;
                mixed = (mixed ^ (mixed >> 29)) * Prime3;
                return mixed ^ (mixed >> 32);
            }
        }
    }

    [UnscopedRef]
    public ref FieldDigest Add(string? text)
    {
        if (text is null) return ref Add(-1);
        var state = Mixed(_state, (ulong)text.Length);
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            foreach (var four in MemoryMarshal.Cast<char, ulong>(text)) state = Mixed(state, four);
            i = text.Length & ~3;
        }

        for (; i + 4 <= text.Length; i += 4) state = Mixed(state, text[i] | ((ulong)text[i + 1] << 16) | ((ulong)text[i + 2] << 32) | ((ulong)text[i + 3] << 48));
        var rest = 0UL;
        for (var shift = 0; i < text.Length; i++, shift += 16) rest |= (ulong)text[i] << shift;
        _state = Mixed(state, rest);
        return ref this;
    }

    [UnscopedRef]
    public ref FieldDigest Add(long value)
    {
        _state = Mixed(_state, unchecked((ulong)value));
        return ref this;
    }

    [UnscopedRef]
    public ref FieldDigest Add(bool value) => ref Add(value ? 1L : 0L);

    [UnscopedRef]
    public ref FieldDigest Add(bool? value) => ref Add(value switch { null => 2L, true => 1L, false => 0L });

    [UnscopedRef]
    public ref FieldDigest Add(Instant? instant) => ref Add(instant.HasValue ? instant.Value.ToUnixTimeTicks() : long.MinValue);

    [UnscopedRef]
    public ref FieldDigest Add(LocalDate? date) => ref Add(date is { } d ? (d.Year * 10_000L) + (d.Month * 100L) + d.Day : long.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mixed(ulong state, ulong word) =>
        unchecked((BitOperations.RotateLeft(state ^ (BitOperations.RotateLeft(word * Prime2, 31) * Prime1), 27) * Prime1) + Prime4);
}
