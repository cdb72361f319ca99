using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres.Commits;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Postgres.Reads;
using Scheduler.Storage.Postgres.Upkeep;
using Scheduler.Storage.Reads;

namespace Scheduler.Storage.Postgres;

/// <summary>One PostgreSQL database, open: a connection per commit in flight, one that holds the host's lock, and a pool for everything else.</summary>
/// <remarks>Invariants: this process holds the database's host lock whenever it writes groups. See docs/storage.md.</remarks>
public sealed partial class PostgresStore : ISchedulerStore
{
    /// <summary>A restart of the server takes seconds: a group whose outcome is unknown is sent again for longer than a local disk needs.</summary>
    private const int Sends = 8;

    /// <summary>Half a group: below it, what a group costs beside its rows weighs more than what the second connection gains.</summary>
    private const int RowsBeside = 500;

    private readonly PostgresDatabase database;
    private readonly HostLock hostLock;
    private readonly CommitMetrics metrics = new();
    private readonly GroupCommitter committer;
    private readonly ReadGatherer reads;
    private readonly EventDays eventDays;
    private int isDisposed;

    private PostgresStore(
        PostgresOptions options, GroupLimits limits, TimeProvider clock, Func<IGroupBackend, IGroupBackend> around, (PostgresDatabase Database, HostLock HostLock, EpochCache Epochs) opened)
    {
        (database, hostLock, var epochs) = opened;
        IGroupBackend[] backends = [.. Enumerable.Range(0, options.CommitsInFlight).Select(_ => around(new PostgresGroupBackend(database, hostLock, epochs)))];
        committer = new GroupCommitter(backends, limits, clock, metrics, TaskScheduler.Default);
        eventDays = new EventDays(database, clock);
        reads = new ReadGatherer(new PostgresReadBackend(database), TaskScheduler.Default);

        Debtors = new PostgresDebtorStore(committer, reads, database);
        Due = new PostgresDueIndex(database);
        Lanes = new PostgresLaneCatalogue(database);
        Events = new PostgresEventLog(database);
        Pulls = new PostgresPullStore(committer, database);
        Shared = new PostgresSharedCounterStore(committer, database);
        var settings = new PostgresSettingsStore(database, epochs);
        Settings = settings;
        Epochs = settings;
        Addresses = new PostgresAddressFactStore(database);
    }

    /// <summary>Limits of the committer on this back end.</summary>
    public static GroupLimits DefaultLimits { get; } = new() { Sends = Sends, RowsBeside = RowsBeside };

    public IDebtorStore Debtors { get; }

    public IDueIndex Due { get; }

    public ILaneCatalogue Lanes { get; }

    public IEventLog Events { get; }

    public IPullStore Pulls { get; }

    public ISharedCounterStore Shared { get; }

    public ISettingsStore Settings { get; }

    public IEpochStore Epochs { get; }

    public IAddressFactStore Addresses { get; }

    /// <summary>Migrates where it may. Throws <see cref="StorageUnavailableException"/> when another host has the database, or there is no server.</summary>
    public static Task<PostgresStore> OpenAsync(PostgresOptions options, TimeProvider clock, GroupLimits? limits = null) =>
        OpenAsync(options, clock, limits, around: static backend => backend);

    /// <param name="around">Puts faults between the committer and the database.</param>
    internal static async Task<PostgresStore> OpenAsync(
        PostgresOptions options, TimeProvider clock, GroupLimits? limits, Func<IGroupBackend, IGroupBackend> around)
    {
        var opened = new PostgresDatabase(options);
        var heldLock = new HostLock(opened, options.HostLockWait);
        try
        {
            await heldLock.EnsureAsync();
            await Migrator.MigrateAsync(opened, options.MigratesOnOpen, CancellationToken.None);
            await EventDays.PrepareAsync(opened, CancellationToken.None);
            var epochs = new EpochCache();
            epochs.Learn((await opened.QueryAsync("Commits/Epochs", PostgresSettingsStore.ToEpochs, CancellationToken.None))[0]);
            return new PostgresStore(options, limits ?? DefaultLimits, clock, around, (opened, heldLock, epochs));
        }
        catch (Exception failure)
        {
            await heldLock.DisposeAsync();
            await opened.DisposeAsync();
            if (PostgresFaults.IsFailure(failure)) throw PostgresFaults.Unavailable(failure);
            throw;
        }
    }

    /// <summary>Brings the database to this build's schema and closes it; answers the numbers of the migrations that were applied. Refused while a host runs.</summary>
    public static async Task<IReadOnlyList<int>> MigrateAsync(PostgresOptions options, CancellationToken cancellationToken = default)
    {
        await using var opened = new PostgresDatabase(options);
        await using var heldLock = new HostLock(opened, options.HostLockWait);
        try
        {
            await heldLock.EnsureAsync(cancellationToken);
            return await Migrator.MigrateAsync(opened, mayApply: true, cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsFailure(failure))
        {
            throw PostgresFaults.Unavailable(failure);
        }
    }

    public async Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken = default) =>
        (await database.QueryAsync("Server/Clock", static row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0];

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0) return;
        await eventDays.DisposeAsync();
        await committer.DisposeAsync();
        await reads.DisposeAsync();
        await hostLock.DisposeAsync();
        await database.DisposeAsync();
        metrics.Dispose();
    }
}
