using Orleans.Concurrency;
using Scheduler.Grains.Debtors;

namespace Scheduler.Grains.Merging;

/// <summary>
/// Leads one debtor into another; keyed <c>tenant/debtor</c> of the one that goes. It holds nothing: every step is durable with the debtors, can be
/// repeated, and the debtor that goes wakes until the last is done.
/// </summary>
[Alias("scheduler.merge")]
public interface IMergeGrain : IGrainWithStringKey
{
    /// <summary>Answered when the debtor is an alias. Repeated, it says so again.</summary>
    Task<ItemAnswer> Merge(string into);

    /// <summary>Takes up what was cut off.</summary>
    [OneWay]
    Task Resume();
}
