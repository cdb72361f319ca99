namespace Scheduler.Storage;

/// <summary>Slices <c>[Start, End)</c>.</summary>
public readonly record struct SliceRange(int Start, int End)
{
    public static SliceRange All { get; } = new(0, DebtorKey.SliceCount);

    public bool Contains(int slice) => slice >= Start && slice < End;
}
