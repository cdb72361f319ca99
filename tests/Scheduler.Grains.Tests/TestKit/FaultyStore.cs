using Scheduler.Storage;

namespace Scheduler.Grains.Tests.TestKit;

/// <summary>The real store; a test may let debtors' writes fail, or happen and be unknown.</summary>
internal sealed class FaultyStore(ISchedulerStore inner) : ISchedulerStore, IDebtorStore
{
    /// <summary>Asked before each write; throws to fail it.</summary>
    public Action<DebtorWrite>? BeforeWrite { get; set; }

    /// <summary>Happens while each write is on its way.</summary>
    public Func<DebtorWrite, Task>? DuringWrite { get; set; }

    /// <summary>Asked after each write; throws to lose its answer.</summary>
    public Action<DebtorWrite>? AfterWrite { get; set; }

    /// <summary>In the place of each write: given the write and the way to make it.</summary>
    public Func<DebtorWrite, Func<DebtorWrite, ValueTask<WriteAnswer>>, ValueTask<WriteAnswer>>? Writing { get; set; }

    /// <summary>What reading a debtor answers; throws to fail it.</summary>
    public Func<DebtorKey, DebtorRow?, DebtorRow?>? ReadingOne { get; set; }

    /// <summary>In the place of storing a pull's keys.</summary>
    public Func<PullRow, Func<ValueTask<PullAnswer>>, ValueTask<PullAnswer>>? AddingPull { get; set; }

    /// <summary>Asked before a pull or the due index is read; throws to fail it.</summary>
    public Action? BeforeLook { get; set; }

    /// <summary>Told of each refill before it is read.</summary>
    public Action<SliceRange, IReadOnlyList<LaneDemand>>? BeforeRefill { get; set; }

    /// <summary>Asked before each question for a lane's number; throws to fail it.</summary>
    public Action? BeforeLane { get; set; }

    /// <summary>What a walk over all rows reads of each.</summary>
    public Func<DebtorRow, DebtorRow>? Reading { get; set; }

    public IDebtorStore Debtors => this;

    /// <summary>The store without any fault.</summary>
    public ISchedulerStore Inner => inner;

    public IDueIndex Due => new FaultyDue(inner.Due, this);

    public ILaneCatalogue Lanes => new FaultyLanes(inner.Lanes, this);

    public IEventLog Events => inner.Events;

    public IPullStore Pulls => new FaultyPulls(inner.Pulls, this);

    public ISharedCounterStore Shared { get; } = new FaultySharedStore(inner.Shared);

    /// <summary>The same for shared counters.</summary>
    public FaultySharedStore Sharing => (FaultySharedStore)Shared;

    public ISettingsStore Settings => inner.Settings;

    public IEpochStore Epochs => new FaultyEpochs(inner.Epochs, this);

    /// <summary>Asked before each advance of an epoch; throws to fail it.</summary>
    public Action? BeforeAdvance { get; set; }

    public IAddressFactStore Addresses => inner.Addresses;

    public async ValueTask<WriteAnswer> WriteAsync(DebtorWrite write, CancellationToken cancellationToken = default)
    {
        BeforeWrite?.Invoke(write);
        if (DuringWrite is { } during) await during(write);
        var answer = Writing is { } writing
            ? await writing(write, one => inner.Debtors.WriteAsync(one, cancellationToken))
            : await inner.Debtors.WriteAsync(write, cancellationToken);
        AfterWrite?.Invoke(write);
        return answer;
    }

    public async ValueTask<DebtorRow?> ReadAsync(DebtorKey key, CancellationToken cancellationToken = default)
    {
        var row = await inner.Debtors.ReadAsync(key, cancellationToken);
        return ReadingOne is { } reading ? reading(key, row) : row;
    }

    public Task<IReadOnlyList<VersionRow>> ReadVersionsAsync(IReadOnlyList<DebtorKey> keys, CancellationToken cancellationToken = default) =>
        inner.Debtors.ReadVersionsAsync(keys, cancellationToken);

    public Task<IReadOnlyList<LinkRow>> ListLinksAsync(string tenant, LinkKind kind, LinkRow? after, int limit, CancellationToken cancellationToken = default) =>
        inner.Debtors.ListLinksAsync(tenant, kind, after, limit, cancellationToken);

    public Task<IReadOnlyList<DebtorKey>> FindLinksAsync(string tenant, LinkKind kind, string key, CancellationToken cancellationToken = default) =>
        inner.Debtors.FindLinksAsync(tenant, kind, key, cancellationToken);

    public Task<IReadOnlyList<DebtorRow>> ListDebtorsAsync(string tenant, DebtorKey? after, int limit, CancellationToken cancellationToken = default) =>
        inner.Debtors.ListDebtorsAsync(tenant, after, limit, cancellationToken);

    public async Task<DebtorPage> ScanAsync(string? after, int limit, CancellationToken cancellationToken = default)
    {
        var page = await inner.Debtors.ScanAsync(after, limit, cancellationToken);
        return Reading is { } read ? page with { Rows = [.. page.Rows.Select(read)] } : page;
    }

    public Task<StoreTally> ReadTallyAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        inner.Debtors.ReadTallyAsync(tenant, cancellationToken);

    /// <summary>The store is closed by the world that opened it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class FaultyEpochs(IEpochStore inner, FaultyStore store) : IEpochStore
    {
        public ValueTask<Epochs> ReadEpochsAsync(CancellationToken cancellationToken = default) => inner.ReadEpochsAsync(cancellationToken);

        public Task<Epochs> AdvanceEpochAsync(EpochKind kind, CancellationToken cancellationToken = default)
        {
            store.BeforeAdvance?.Invoke();
            return inner.AdvanceEpochAsync(kind, cancellationToken);
        }
    }
    private sealed class FaultyLanes(ILaneCatalogue inner, FaultyStore store) : ILaneCatalogue
    {
        public ValueTask<int> GetOrAddLaneAsync(LaneKey key, CancellationToken cancellationToken = default)
        {
            store.BeforeLane?.Invoke();
            return inner.GetOrAddLaneAsync(key, cancellationToken);
        }

        public Task<IReadOnlyList<LaneRow>> ListLanesAsync(CancellationToken cancellationToken = default) => inner.ListLanesAsync(cancellationToken);
    }
    private sealed class FaultyDue(IDueIndex inner, FaultyStore store) : IDueIndex
    {
        public Task<IReadOnlyList<DueRow>> ReadDueAsync(SliceRange slices, IReadOnlyList<LaneDemand> lanes, long until, CancellationToken cancellationToken = default)
        {
            store.BeforeLook?.Invoke();
            store.BeforeRefill?.Invoke(slices, lanes);
            return inner.ReadDueAsync(slices, lanes, until, cancellationToken);
        }

        public Task<SweepPage> SweepDueAsync(SliceRange slices, long before, int limit, SweepPosition? after = null, CancellationToken cancellationToken = default)
        {
            store.BeforeLook?.Invoke();
            return inner.SweepDueAsync(slices, before, limit, after, cancellationToken);
        }

        public Task<IReadOnlyList<LaneBacklog>> CountDueAsync(long before, CancellationToken cancellationToken = default) => inner.CountDueAsync(before, cancellationToken);
    }

    private sealed class FaultyPulls(IPullStore inner, FaultyStore store) : IPullStore
    {
        public ValueTask<PullAnswer> AddPullAsync(PullRow pull, CancellationToken cancellationToken = default) => store.AddingPull is { } adding
            ? adding(pull, () => inner.AddPullAsync(pull, cancellationToken))
            : inner.AddPullAsync(pull, cancellationToken);

        public Task<PullRow?> ReadPullAsync(string gateway, string pullId, CancellationToken cancellationToken = default)
        {
            store.BeforeLook?.Invoke();
            return inner.ReadPullAsync(gateway, pullId, cancellationToken);
        }

        public Task<IReadOnlyList<PullRow>> ListPullsAsync(string gateway, long since, CancellationToken cancellationToken = default)
        {
            store.BeforeLook?.Invoke();
            return inner.ListPullsAsync(gateway, since, cancellationToken);
        }

        public Task<int> DropPullsAsync(long before, CancellationToken cancellationToken = default) => inner.DropPullsAsync(before, cancellationToken);
    }
}
