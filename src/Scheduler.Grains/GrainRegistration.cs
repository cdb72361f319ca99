using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Due;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Recovery;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;

namespace Scheduler.Grains;

/// <summary>Registers what grains and their callers need. The host adds the store, the clocks and the rules.</summary>
public static class GrainRegistration
{
    /// <summary>Needs <see cref="ISchedulerStore"/>, <see cref="TimeProvider"/>, <see cref="TransportClock"/>, <see cref="IRuleSource"/> and a key ring.</summary>
    public static IServiceCollection AddSchedulerGrains(this IServiceCollection services)
    {
        services.TryAddSingleton<DrainSwitch>();
        services.TryAddSingleton<ContactCounters>();
        services.TryAddSingleton<WriteIds>();
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Debtors);
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Due);
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Lanes);
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Events);
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Shared);
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Addresses);
        services.TryAddSingleton<IAddressDigests, AddressDigests>();
        services.TryAddSingleton<AddressBook>();
        services.TryAddSingleton<DebtorWriting>();
        services.TryAddSingleton<DebtorTools>();
        services.TryAddSingleton<FaultLedger>();
        services.TryAddSingleton<UnreadableRows>();
        services.TryAddSingleton<DebtorRepairs>();
        services.TryAddSingleton(new ErasureTools(Retention.Default));
        services.TryAddSingleton<DueTools>();
        services.TryAddSingleton<ReadyTools>();
        services.TryAddSingleton<IDebtorIntake, DebtorIntake>();
        services.TryAddSingleton<IDispatchPull, DispatchPull>();
        services.TryAddSingleton<SchedulerStatistics>();
        services.TryAddSingleton<ISchedulerStatistics>(static s => s.GetRequiredService<SchedulerStatistics>());
        services.TryAddSingleton<StateGauges>();
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Settings);
        services.TryAddSingleton(static s => s.GetRequiredService<ISchedulerStore>().Epochs);
        services.TryAddSingleton(static _ => new PackShelf(PackEdition.Shipped()));
        services.TryAddSingleton<PackArchive>();
        services.TryAddSingleton<PauseBoard>();
        services.TryAddSingleton<PauseBook>();
        services.TryAddSingleton<PacingBook>();
        services.TryAddSingleton<PacingTools>();
        services.TryAddSingleton<FlowTools>();
        services.TryAddSingleton<PullTools>();
        services.TryAddSingleton<PolicyBook>();
        services.TryAddSingleton<PolicyHistory>();
        services.TryAddSingleton<RecoveryBook>();
        services.TryAddSingleton<PolicyDryRun>();
        services.TryAddSingleton(new ReplanTerms());
        services.TryAddSingleton<Replanner>();
        services.AddKeyedSingleton<IGrainStorage, DebtorGrainStorage>(DebtorGrainStorage.Name);
        return services;
    }

    /// <summary>Brings every shard to life and lets it look once; they keep themselves alive from then on.</summary>
    public static Task RouseShardsAsync(this IGrainFactory grains, bool sweep = false) =>
        Task.WhenAll(Enumerable.Range(0, ShardMap.ShardCount).Select(shard => grains.GetGrain<IDueShardGrain>(shard).Rouse(sweep)));
}
