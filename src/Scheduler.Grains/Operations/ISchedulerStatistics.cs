using System.Collections.Immutable;

namespace Scheduler.Grains.Operations;

/// <summary>Counts of one tenant, as of one instant. Maps straight to <c>scheduler.v1.GetStatisticsResponse</c>.</summary>
public sealed record SchedulerCounts
{
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Debtors by name of the protocol's <c>DebtorState</c>.</summary>
    public required ImmutableSortedDictionary<string, long> DebtorsByState { get; init; }

    public required long AccountsIn { get; init; }

    /// <summary>Accounts that are waiting, leased, refused or finished.</summary>
    public ImmutableSortedDictionary<string, long> AccountsByPlace { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Zero, or something was lost.</summary>
    public required long ConservationDifference { get; init; }

    public required long DueCount { get; init; }

    public DateTimeOffset? OldestDueAt { get; init; }

    /// <summary>Candidates in the ready queues, by name of the protocol's <c>ContactChannel</c>.</summary>
    public required ImmutableSortedDictionary<string, long> ReadyByChannel { get; init; }

    /// <summary>Events of the log; all tenants.</summary>
    public required long EventCount { get; init; }

    /// <summary>Counters since the process started.</summary>
    public required ImmutableSortedDictionary<string, long> Counters { get; init; }
}

/// <summary>Reads the counts: the durable ones from the store, the rest from memory.</summary>
public interface ISchedulerStatistics
{
    Task<SchedulerCounts> ReadAsync(string tenant, CancellationToken cancellationToken);
}
