namespace Scheduler.Storage;

/// <summary>An entry of the due index: enough for a hint to the debtor's grain.</summary>
public readonly record struct DueRow(DebtorKey Key, int Slice, int Lane, long DueAt, long Version);

/// <summary>A lane with room: at most <paramref name="Limit"/> rows due at or after <paramref name="DueFrom"/> (unix milliseconds).</summary>
public readonly record struct LaneDemand(int Lane, int Limit, long DueFrom = long.MinValue);

/// <summary>Where a sweep goes on. Opaque to callers; the last row is named by its number or by its id, as the database orders them.</summary>
public readonly record struct SweepPosition(int Slice, int Lane, long DueAt, long Row, string Id = "");

/// <summary>One page of a sweep; <paramref name="Next"/> is null after the last.</summary>
public sealed record SweepPage(IReadOnlyList<DueRow> Rows, SweepPosition? Next);

/// <summary>How many rows of a lane are due, and since when the oldest (unix milliseconds).</summary>
public readonly record struct LaneBacklog(int Lane, long Count, long OldestDueAt);
