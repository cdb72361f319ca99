using Orleans.Concurrency;
using Scheduler.Grains.Debtors;

namespace Scheduler.Grains.Splitting;

/// <summary>
/// Leads one debtor's split into two; keyed <c>tenant/debtor</c> of the one that is there. It holds nothing: every step is durable with the
/// debtors, can be repeated, and whichever of them is closed wakes until the last is done.
/// </summary>
[Alias("scheduler.split")]
public interface ISplitGrain : IGrainWithStringKey
{
    /// <summary>Answered when both are open. Repeated, it says so again.</summary>
    Task<ItemAnswer> Split(SplitOrder order);

    /// <summary>Takes up what was cut off.</summary>
    [OneWay]
    Task Resume(string newDebtor);
}
