namespace Scheduler.Storage;

/// <summary>One decision's events as stored.</summary>
/// <param name="Version">The version of the debtor's row that this decision wrote.</param>
/// <param name="RecordedAt">Unix milliseconds.</param>
public sealed record EventRow(
    long Seq, long PrevSeq, DebtorKey Key, long Version, long RecordedAt, ReadOnlyMemory<byte> Chain, ReadOnlyMemory<byte> Payload);

/// <summary>The log of decisions: append only, one sequence over all debtors, each row linked to its debtor's previous one.</summary>
public interface IEventLog
{
    /// <summary>
    /// Newest first, from <paramref name="lastSeq"/> (null: the debtor's last) back through the debtor's own rows; ends early where older rows were dropped.
    /// A <paramref name="lastSeq"/> of another debtor gives nothing.
    /// </summary>
    Task<IReadOnlyList<EventRow>> ReadEventsBackAsync(
        DebtorKey key, long? lastSeq, int count, CancellationToken cancellationToken = default);

    /// <summary>In sequence order, after <paramref name="afterSeq"/>; never skips a row that commits later.</summary>
    Task<IReadOnlyList<EventRow>> ReadEventsAsync(long afterSeq, int limit, CancellationToken cancellationToken = default);

    /// <summary>Sequence of the last row; 0 when the log is empty. Rows are numbered from 1 without gaps, so it is also their count.</summary>
    Task<long> ReadHeadAsync(CancellationToken cancellationToken = default);
}
