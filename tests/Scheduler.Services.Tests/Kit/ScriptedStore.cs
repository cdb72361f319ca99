using Scheduler.Storage;

namespace Scheduler.Services.Tests.Kit;

/// <summary>A store whose debtors and log are a test's; it has nothing else.</summary>
internal sealed class ScriptedStore(ScriptedRoom room) : ISchedulerStore
{
    public IDebtorStore Debtors => room;

    public IEventLog Events => room;

    public IAddressFactStore Addresses => room;

    public IDueIndex Due => throw new NotSupportedException();

    public ILaneCatalogue Lanes => throw new NotSupportedException();

    public IPullStore Pulls => throw new NotSupportedException();

    public ISettingsStore Settings => throw new NotSupportedException();

    public IEpochStore Epochs => throw new NotSupportedException();

    public ISharedCounterStore Shared => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
