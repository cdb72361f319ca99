namespace Scheduler.Storage;

/// <summary>A debtor's row as stored.</summary>
/// <param name="LastEventSeq">0 when the debtor has no event yet.</param>
public sealed record DebtorRow(
    DebtorKey Key, long Version, Guid WriteId, int Phase, int? Lane, long? DueAt, long LastEventSeq, ReadOnlyMemory<byte> State);

/// <summary>A page of a scan.</summary>
/// <param name="Next">Null: there are no more.</param>
public sealed record DebtorPage(IReadOnlyList<DebtorRow> Rows, string? Next);

/// <summary>A debtor's current version; 0 when there is no row.</summary>
public readonly record struct VersionRow(DebtorKey Key, long Version);
