using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Planning;

/// <summary>Where an open account stands in its strategy. No step left: <see cref="StepId"/> is empty.</summary>
public sealed record AccountPlan
{
    public required AccountId Account { get; init; }

    public required string StrategyVersion { get; init; }

    public string StepId { get; init; } = "";

    public Instant? DueAt { get; init; }

    /// <summary>Excluded end of the step's time; not done by then, it is skipped and said so.</summary>
    public Instant? LapsesAt { get; init; }

    /// <summary>Times the present step was leased.</summary>
    public int LeaseCount { get; init; }

    /// <summary>Reports of "not placed" in a row for the present step; five and the step lapses.</summary>
    public int NotPlacedCount { get; init; }

    /// <summary>Last day of the strategy whose step was done, skipped or lapsed; the next step is a later one.</summary>
    public int LastDay { get; init; } = -1;
}
