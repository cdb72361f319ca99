using Scheduler.Grains.Debtors;
using Scheduler.V1;

namespace Scheduler.Grains.Ingest;

/// <summary>
/// The way in for entries: debtors that do not exist yet are created through group commit without a turn, the others through their grain.
/// </summary>
public interface IDebtorIntake
{
    /// <summary>
    /// Entries of one debtor are applied in order. One answer per entry, in order; null when too many entries are in flight (BACKLOG_FULL):
    /// nothing was looked at then.
    /// </summary>
    /// <param name="entries">Validated; serialized again for debtors that exist.</param>
    Task<IReadOnlyList<EntryAnswer>?> EnqueueAsync(string tenant, IReadOnlyList<DebtorEntry> entries, string actor, CancellationToken cancellationToken);

    /// <summary>Decides and writes nothing.</summary>
    Task<IReadOnlyList<EntryAnswer>> CheckAsync(string tenant, IReadOnlyList<DebtorEntry> entries, CancellationToken cancellationToken);
}
