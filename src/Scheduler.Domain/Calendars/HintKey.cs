using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Calendars;

/// <summary>Everything of a debtor's hints that candidates depend on, as text in a buffer of the caller's.</summary>
internal ref struct HintKey(Span<char> buffer)
{
    private const char Separator = '\u0001';

    private readonly Span<char> _buffer = buffer;
    private int _length;

    /// <summary>False when there are more hints than the buffer holds.</summary>
    public bool Fits { get; private set; } = true;

    public readonly ReadOnlySpan<char> Text => _buffer[.._length];

    public void Add(LocationEvidence hint)
    {
        Add((char)('A' + (int)hint.Source));
        Add(hint.CountryCode);
        Add(hint.RegionCode);
        Add(hint.MunicipalityCode);
        Add(hint.ZoneId);
    }

    public void Add(ReadOnlySpan<char> part)
    {
        if (part.TryCopyTo(_buffer[_length..])) _length += part.Length;
        else Fits = false;
        Add(Separator);
    }

    private void Add(char one)
    {
        if (_length < _buffer.Length) _buffer[_length++] = one;
        else Fits = false;
    }
}
