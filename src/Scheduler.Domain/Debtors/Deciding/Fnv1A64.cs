using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>FNV-1a over 64 bits, fed with typed values; lengths go in before texts so that neighbours cannot run into each other.</summary>
internal struct Fnv1A64
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong _state;

    public Fnv1A64() => _state = Basis;

    public readonly ulong Value => _state;

    [UnscopedRef]
    public ref Fnv1A64 Add(string? text)
    {
        Add(text?.Length ?? -1);
        foreach (var c in text ?? "")
        {
            Mix((byte)(c & 0xFF));
            Mix((byte)(c >> 8));
        }

        return ref this;
    }

    [UnscopedRef]
    public ref Fnv1A64 Add(long value)
    {
        for (var shift = 0; shift < 64; shift += 8) Mix(unchecked((byte)(value >> shift)));
        return ref this;
    }

    [UnscopedRef]
    public ref Fnv1A64 Add(bool value) => ref Add(value ? 1L : 0L);

    [UnscopedRef]
    public ref Fnv1A64 Add(bool? value) => ref Add(value switch { null => 2L, true => 1L, false => 0L });

    [UnscopedRef]
    public ref Fnv1A64 Add(Instant? instant) => ref Add(instant.HasValue ? instant.Value.ToUnixTimeTicks() : long.MinValue);

    [UnscopedRef]
    public ref Fnv1A64 Add(LocalDate? date) => ref Add(date is { } d ? (d.Year * 10_000L) + (d.Month * 100L) + d.Day : long.MinValue);

    private void Mix(byte value) => _state = unchecked((_state ^ value) * Prime);
}
