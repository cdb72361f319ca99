using System.Collections.Immutable;

namespace Scheduler.Storage;

/// <summary>Sum of the <see cref="DebtorTally"/> of all rows; moved in the same transaction as the rows.</summary>
public sealed record StoreTally
{
    /// <summary>Debtors by phase.</summary>
    public ImmutableSortedDictionary<int, long> Debtors { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    public long AccountsIn { get; init; }

    public long Waiting { get; init; }

    public long Leased { get; init; }

    public long Refused { get; init; }

    public long Finished { get; init; }

    /// <summary>Every account that came in is finished, waiting, leased or refused.</summary>
    public bool IsConserved => AccountsIn == Waiting + Leased + Refused + Finished;
}
