namespace Scheduler.Domain.Packs;

/// <summary>A set of members of a small enum, by number. Unknown (0) is a member only if named.</summary>
public readonly record struct CodeSet(uint Bits)
{
    public static readonly CodeSet None;
    public static readonly CodeSet All = new(uint.MaxValue);

    public bool IsAll => Bits == uint.MaxValue;

    public bool Contains(int code) => (Bits & (1u << code)) != 0;

    public CodeSet With(int code) => new(Bits | (1u << code));

    public CodeSet Except(CodeSet other) => new(Bits & ~other.Bits);
}
