using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Reads;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>One SQLite database, open: one writer, a reader for activations, a reader for scans, a checkpointer, each with its thread.</summary>
/// <remarks>Invariants: this process holds the database's lock. See docs/storage.md.</remarks>
public sealed partial class SqliteStore : ISchedulerStore
{
    private readonly DatabaseLock databaseLock;
    private readonly DedicatedThread writerThread = new("sqlite-writer");
    private readonly DedicatedThread readerThread = new("sqlite-reader");
    private readonly CommitMetrics metrics = new();
    private readonly SqliteWriter writer;
    private readonly SqliteSession reader;
    private readonly ScanThread scans;
    private readonly Checkpoints checkpoints;
    private readonly GroupCommitter committer;
    private readonly ReadGatherer reads;
    private int isDisposed;

    private SqliteStore(
        SqliteOptions options, GroupLimits limits, TimeProvider clock, Func<IGroupBackend, IGroupBackend> around, DatabaseLock databaseLock)
    {
        this.databaseLock = databaseLock;
        writer = new SqliteWriter(options, writerThread);
        reader = SqliteSession.OpenReader(options);
        scans = new ScanThread(options);
        checkpoints = new Checkpoints(options, writer);
        var fresh = new FreshLinks(options.FreshLinks);
        committer = new GroupCommitter(
            around(new SqliteGroupBackend(writer, fresh, checkpoints.Committed)), limits, clock, metrics, writerThread);
        reads = new ReadGatherer(new SqliteReadBackend(reader), readerThread);

        Debtors = new SqliteDebtorStore(committer, reads, scans, fresh);
        Due = new SqliteDueIndex(scans);
        Lanes = new SqliteLaneCatalogue(writer, scans);
        Events = new SqliteEventLog(writer, scans);
        Pulls = new SqlitePullStore(committer, writer, scans);
        Shared = new SqliteSharedCounterStore(committer, scans);
        var settings = new SqliteSettingsStore(writer, scans);
        Settings = settings;
        Epochs = settings;
        Addresses = new SqliteAddressFactStore(writer, scans);
    }

    public IDebtorStore Debtors { get; }

    public IDueIndex Due { get; }

    public ILaneCatalogue Lanes { get; }

    public IEventLog Events { get; }

    public IPullStore Pulls { get; }

    public ISharedCounterStore Shared { get; }

    public ISettingsStore Settings { get; }

    public IEpochStore Epochs { get; }

    public IAddressFactStore Addresses { get; }

    /// <summary>For tests that take the disk's room away or hold the writer.</summary>
    internal SqliteWriter Writer => writer;

    /// <summary>Creates or migrates the database. Throws <see cref="StorageUnavailableException"/> when another process has it.</summary>
    public static SqliteStore Open(SqliteOptions options, TimeProvider clock, GroupLimits? limits = null) =>
        Open(options, clock, limits, around: static backend => backend);

    /// <param name="around">Puts faults between the committer and the database.</param>
    internal static SqliteStore Open(
        SqliteOptions options, TimeProvider clock, GroupLimits? limits, Func<IGroupBackend, IGroupBackend> around)
    {
        var path = Path.GetFullPath(options.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var taken = DatabaseLock.Take(path);
        try
        {
            return new SqliteStore(options with { Path = path }, limits ?? new GroupLimits(), clock, around, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0) return;
        await committer.DisposeAsync();
        await reads.DisposeAsync();
        await checkpoints.DisposeAsync();
        writerThread.Dispose();
        readerThread.Dispose();
        scans.Dispose();
        reader.Dispose();
        writer.Dispose();
        metrics.Dispose();
        databaseLock.Dispose();
    }
}
