namespace Scheduler.Storage;

/// <summary>One decision's events as stored.</summary>
/// <param name="Version">The version of the debtor's row that this decision wrote.</param>
/// <param name="RecordedAt">Unix milliseconds.</param>
/// <param name="Payload">Empty: dropped, under the checkpoint that is the payload of a newer record of the debtor.</param>
public sealed record EventRow(
    long Seq, long PrevSeq, DebtorKey Key, long Version, long RecordedAt, ReadOnlyMemory<byte> Chain, ReadOnlyMemory<byte> Payload);

/// <summary>
/// The log of decisions: one sequence over all debtors, each row linked to its debtor's previous one. Rows are only added; what old ones say may be
/// dropped, the rows and their chain hashes stay.
/// </summary>
public interface IEventLog
{
    /// <summary>
    /// Newest first, from <paramref name="lastSeq"/> (null: the debtor's last) back through the debtor's own rows, dropped ones included.
    /// A <paramref name="lastSeq"/> of another debtor gives nothing.
    /// </summary>
    Task<IReadOnlyList<EventRow>> ReadEventsBackAsync(
        DebtorKey key, long? lastSeq, int count, CancellationToken cancellationToken = default);

    /// <summary>In sequence order, after <paramref name="afterSeq"/>; never skips a row that commits later.</summary>
    Task<IReadOnlyList<EventRow>> ReadEventsAsync(long afterSeq, int limit, CancellationToken cancellationToken = default);

    /// <summary>Sequence of the last row; 0 when the log is empty. Numbers rise; whether they have gaps is the back end's affair.</summary>
    Task<long> ReadHeadAsync(CancellationToken cancellationToken = default);

    /// <summary>How many rows were ever written.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// In one durable transaction, the payload of the debtor's row <see cref="EventDrop.UpToSeq"/> becomes the checkpoint, and the payload of every older row
    /// of the debtor becomes empty. Nothing else of a row changes. Nothing at all changes where that row is not the debtor's, bears another chain hash,
    /// or is empty already (a newer checkpoint covers it). The former bytes are overwritten in the files as soon as the back end can.
    /// </summary>
    /// <returns>Rows that were changed, the checkpoint's own among them; 0: none. Sent again, it changes that one alone.</returns>
    Task<int> DropEventsAsync(EventDrop drop, CancellationToken cancellationToken = default);
}
