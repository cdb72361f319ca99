namespace Scheduler.Storage;

/// <summary>
/// Debtors' rows. A write is answered when it is durable. Expected answers are values; an exception means that storage failed:
/// <see cref="StorageUnavailableException"/> (not applied) or <see cref="StorageOutcomeUnknownException"/> (read and compare the write id).
/// </summary>
public interface IDebtorStore
{
    /// <summary>
    /// Never creates by an update and never overwrites by a create. Sending the same write again (same write id) after it committed answers
    /// Committed as long as nobody has written the row since. Cancelling only leaves the queue's door: a write that is queued runs to its answer.
    /// </summary>
    ValueTask<WriteAnswer> WriteAsync(DebtorWrite write, CancellationToken cancellationToken = default);

    /// <summary>Sees every write answered before the call.</summary>
    ValueTask<DebtorRow?> ReadAsync(DebtorKey key, CancellationToken cancellationToken = default);

    /// <summary>One answer per key, in the order asked.</summary>
    Task<IReadOnlyList<VersionRow>> ReadVersionsAsync(IReadOnlyList<DebtorKey> keys, CancellationToken cancellationToken = default);

    /// <summary>Usually one; several where debtors share an account or an address; none is an empty list.</summary>
    Task<IReadOnlyList<DebtorKey>> FindLinksAsync(
        string tenant, LinkKind kind, string key, CancellationToken cancellationToken = default);

    /// <summary>A tenant's links of one kind in order of their key, then of the debtor's, after the one given (null: from the first).</summary>
    Task<IReadOnlyList<LinkRow>> ListLinksAsync(string tenant, LinkKind kind, LinkRow? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>A tenant's rows in order of key, tombstones included, after <paramref name="after"/> (null: from the first). For audits, not for paths.</summary>
    Task<IReadOnlyList<DebtorRow>> ListDebtorsAsync(string tenant, DebtorKey? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Every debtor's row, page by page, in an order of the store's own: what is written meanwhile may be given in its old form or its new one.</summary>
    /// <param name="after">Where the page before ended; null: from the beginning. May be kept over a restart.</param>
    Task<DebtorPage> ScanAsync(string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Counts of one tenant, or of all when null, as of the last commit.</summary>
    Task<StoreTally> ReadTallyAsync(string? tenant = null, CancellationToken cancellationToken = default);
}
