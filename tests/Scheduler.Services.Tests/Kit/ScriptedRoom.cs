using System.Collections.Immutable;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pulls;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;

namespace Scheduler.Services.Tests.Kit;

/// <summary>Everything behind the services that is not a grain, answering as a test says.</summary>
internal sealed class ScriptedRoom : IDebtorIntake, IDispatchPull, ISchedulerStatistics, IDebtorStore, IEventLog, IAddressFactStore
{
    public static readonly IAddressDigests Digests = new AddressDigests(new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]));

    public List<AddressFactRow> Learned { get; } = [];

    public List<IntakeEntry> Entries { get; } = [];

    public Func<IReadOnlyList<IntakeEntry>, IReadOnlyList<EntryAnswer>?> Enqueue { get; set; } =
        entries => [.. entries.Select(static _ => new EntryAnswer(EntryOutcome.Accepted, DateTimeOffset.UnixEpoch, null))];

    public Func<PullOrder, PulledBatch> Pull { get; set; } = _ => new PulledBatch([], false, false);

    public Func<string, V1.AuthorizeContactRequest, AuthorizeAnswer> Authorize { get; set; } = static (_, _) => new AuthorizeAnswer(ReadOnlyMemory<byte>.Empty, null);

    public Func<ImmutableArray<RevocationNotice>> Revocations { get; set; } = () => [];

    public LeasePage Leases { get; set; } = new([], "");

    public Dictionary<(LinkKind Kind, string Key), DebtorKey[]> Links { get; } = [];

    public List<EventRow> Log { get; } = [];

    public Task<IReadOnlyList<EntryAnswer>?> EnqueueAsync(IReadOnlyList<IntakeEntry> entries, string actor, CancellationToken cancellationToken)
    {
        Entries.AddRange(entries);
        return Task.FromResult(Enqueue(entries));
    }

    public Task<IReadOnlyList<EntryAnswer>> CheckAsync(IReadOnlyList<IntakeEntry> entries, CancellationToken cancellationToken) =>
        Task.FromResult(Enqueue(entries)!);

    public Task<TAnswer> PullAsync<TAnswer>(PullOrder order, Func<PulledBatch, Task<TAnswer>> answer, CancellationToken cancellationToken) =>
        answer(Pull(order));

    public Task<AuthorizeAnswer> AuthorizeAsync(string key, V1.AuthorizeContactRequest request, DateTimeOffset deadline, CancellationToken cancellationToken) =>
        Task.FromResult(Authorize(key, request));

    public Task SettledAsync() => Task.CompletedTask;

    public Task<int> ReleasePullAsync(string gatewayId, string pullId, int reason, CancellationToken cancellationToken) => Task.FromResult(3);

    public Task<LeasePage> ListLeasesAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, int pageSize, string pageToken, CancellationToken cancellationToken) =>
        Task.FromResult(Leases);

    public Task<ImmutableArray<RevocationNotice>> ListRevocationsAsync(
        string gatewayId, string instanceId, ImmutableArray<string> tenants, CancellationToken cancellationToken) => Task.FromResult(Revocations());

    public Task<SchedulerCounts> ReadAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult(new SchedulerCounts
    {
        AsOf = DateTimeOffset.UnixEpoch,
        DebtorsByState = ImmutableSortedDictionary<string, long>.Empty.Add("DEBTOR_STATE_WAITING", 4),
        AccountsIn = 5,
        ConservationDifference = 0,
        DueCount = 2,
        ReadyByChannel = ImmutableSortedDictionary<string, long>.Empty,
        EventCount = 9,
        Counters = ImmutableSortedDictionary<string, long>.Empty,
    });

    public Task<IReadOnlyList<LinkRow>> ListLinksAsync(string tenant, LinkKind kind, LinkRow? after, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<LinkRow>>([]);

    public Task<IReadOnlyList<DebtorKey>> FindLinksAsync(string tenant, LinkKind kind, string key, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<DebtorKey>>(Links.GetValueOrDefault((kind, key), []));

    public Task<IReadOnlyList<EventRow>> ReadEventsBackAsync(DebtorKey key, long? lastSeq, int count, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<EventRow>>(
            [.. Log.Where(row => row.Key.Equals(key) && row.Seq <= (lastSeq ?? long.MaxValue)).OrderByDescending(static row => row.Seq).Take(count)]);

    public Task<IReadOnlyList<EventRow>> ReadEventsAsync(long afterSeq, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<EventRow>>([.. Log.Where(row => row.Seq > afterSeq).OrderBy(static row => row.Seq).Take(limit)]);

    public Task RecordAsync(string tenant, IReadOnlyList<AddressFactRow> learned, IReadOnlyList<AddressFactRow> taken, CancellationToken cancellationToken = default)
    {
        Learned.AddRange(learned);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AddressFactRow>> FindAsync(string tenant, IReadOnlyList<string> digests, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<long> CountAsync(CancellationToken cancellationToken = default) => Task.FromResult((long)Log.Count);

    public Task<long> ReadHeadAsync(CancellationToken cancellationToken = default) => Task.FromResult(Log.Select(static row => row.Seq).DefaultIfEmpty().Max());

    public Task<int> DropEventsAsync(EventDrop drop, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<WriteAnswer> WriteAsync(DebtorWrite write, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<DebtorRow?> ReadAsync(DebtorKey key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<VersionRow>> ReadVersionsAsync(IReadOnlyList<DebtorKey> keys, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<DebtorRow>> ListDebtorsAsync(string tenant, DebtorKey? after, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<DebtorRow>>([]);

    public Task<DebtorPage> ScanAsync(string? after, int limit, CancellationToken cancellationToken = default) => Task.FromResult(new DebtorPage([], null));

    public Task<StoreTally> ReadTallyAsync(string? tenant = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
