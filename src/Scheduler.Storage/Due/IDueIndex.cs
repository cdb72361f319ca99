namespace Scheduler.Storage;

/// <summary>
/// Debtors by slice, lane and due instant. Part of the debtor's row, so never out of step with it; an entry may be stale by the time it is used,
/// which is why it carries the version.
/// </summary>
public interface IDueIndex
{
    /// <summary>Per lane, the earliest rows due at or before <paramref name="until"/> (unix milliseconds), ordered by due instant; lanes in the order given. Read in parts
    /// of bounded work (<see cref="RefillParts"/>), each as of its own moment.</summary>
    Task<IReadOnlyList<DueRow>> ReadDueAsync(
        SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken = default);

    /// <summary>Every row due before <paramref name="before"/>, page by page, in no order that means anything.</summary>
    Task<SweepPage> SweepDueAsync(
        SliceRange slices, long before, int limit, SweepPosition? after = null, CancellationToken cancellationToken = default);

    /// <summary>Rows due before <paramref name="before"/>, by lane. Reads the index once: for pages and metrics, not for paths.</summary>
    Task<IReadOnlyList<LaneBacklog>> CountDueAsync(long before, CancellationToken cancellationToken = default);
}
