using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

/// <summary>What every back end does. One subclass per back end, without tests of its own.</summary>
public abstract partial class DebtorStoreConformance : IAsyncLifetime
{
    private protected BackendFaults Faults { get; } = new();

    private protected ISchedulerStore Store { get; private set; } = null!;

    private protected ManualClock Clock { get; } = new();

    public async ValueTask InitializeAsync() => Store = await OpenAsync(Clock, PutFaultsAround);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens this test's database, empty the first time.</summary>
    private protected abstract Task<ISchedulerStore> OpenAsync(TimeProvider clock, Func<IGroupBackend, IGroupBackend> around);

    /// <summary>Opens what a crash at this instant would leave: no close, no flush.</summary>
    private protected abstract Task<ISchedulerStore> OpenAfterCrashAsync();

    private protected abstract ValueTask RemoveAsync();

    /// <summary>Takes the room for more away, or gives it back; the real engine refuses.</summary>
    private protected abstract Task SetFullAsync(bool isFull);

    /// <summary>Lets nothing be written any more, or again; the real engine refuses.</summary>
    private protected abstract Task SetReadOnlyAsync(bool isReadOnly);

    private protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync(Clock, PutFaultsAround);
    }

    private protected async Task<WriteAnswer> CommitAsync(DebtorWrite write)
    {
        var answer = await Store.Debtors.WriteAsync(write);
        Assert.Equal(WriteAnswerKind.Committed, answer.Kind);
        return answer;
    }

    private IGroupBackend PutFaultsAround(IGroupBackend backend) => new FaultyBackend(backend, Faults);
}
