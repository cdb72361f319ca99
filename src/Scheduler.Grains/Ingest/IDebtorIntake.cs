using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.V1;

namespace Scheduler.Grains.Ingest;

/// <summary>One validated entry: as a command for debtors that do not exist yet, and as it came in for those that do.</summary>
public readonly record struct IntakeEntry(EntryCommand Command, DebtorEntry Message);

/// <summary>
/// The way in for entries: debtors that do not exist yet are created through group commit without a turn, the others through their grain.
/// </summary>
public interface IDebtorIntake
{
    /// <summary>
    /// Entries of one debtor are applied in order. One answer per entry, in order; null when too many entries are in flight (BACKLOG_FULL):
    /// nothing was looked at then.
    /// </summary>
    Task<IReadOnlyList<EntryAnswer>?> EnqueueAsync(IReadOnlyList<IntakeEntry> entries, string actor, CancellationToken cancellationToken);

    /// <summary>Decides and writes nothing.</summary>
    Task<IReadOnlyList<EntryAnswer>> CheckAsync(IReadOnlyList<IntakeEntry> entries, CancellationToken cancellationToken);
}
