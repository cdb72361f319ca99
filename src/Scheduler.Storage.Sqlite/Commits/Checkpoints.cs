using System.Threading.Channels;
using Scheduler.Storage.Sqlite.Connections;
using SQLitePCL;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>
/// Moves pages from the WAL to the database on a connection of its own, off the commit path. Under steady load that alone never reaches the WAL's end,
/// so once the WAL is long the writer moves the short rest between two groups, and the WAL starts again from its front.
/// </summary>
/// <remarks>Threading: <see cref="Committed"/> on the writer's thread; the loop on its own.</remarks>
internal sealed class Checkpoints : IAsyncDisposable
{
    private readonly SqliteOptions options;
    private readonly SqliteWriter writer;
    private readonly DedicatedThread thread = new("sqlite-checkpoint");

    // Room for one: a second request while one waits asks for the same thing.
    private readonly Channel<bool> requests = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Task loop;
    private long pagesAtLastRequest;
    private volatile bool isWalLong;

    // From the start: a crash may have come between an erasure and the emptying of its WAL.
    private volatile bool holdsErased = true;

    public Checkpoints(SqliteOptions options, SqliteWriter writer)
    {
        this.options = options;
        this.writer = writer;
        requests.Writer.TryWrite(true);
        loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, thread).Unwrap();
    }

    /// <param name="isErasure">The WAL holds what the commit erased, in pages from before it: it is emptied at once.</param>
    public void Committed(bool isErasure)
    {
        if (isErasure)
        {
            holdsErased = true;
            requests.Writer.TryWrite(true);
        }

        raw.sqlite3_db_status(writer.Session.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 0);
        if (pages - pagesAtLastRequest < options.CheckpointPages && pages >= pagesAtLastRequest) return;
        pagesAtLastRequest = pages;
        if (isWalLong)
        {
            isWalLong = false;
            raw.sqlite3_wal_checkpoint_v2(writer.Session.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        }

        requests.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        requests.Writer.TryComplete();
        await loop;
        thread.Dispose();
    }

    private async Task RunAsync()
    {
        using var session = SqliteSession.OpenCheckpointer(options);
        while (await requests.Reader.WaitToReadAsync())
        {
            requests.Reader.TryRead(out _);

            // A checkpoint that fails (a full disk, say) is tried again after the next pages; the commits tell the callers themselves.
            raw.sqlite3_wal_checkpoint_v2(session.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var walPages, out _);
            isWalLong = walPages > options.WalPagesLimit;
            if (holdsErased) Truncate(session);
        }
    }

    /// <summary>Tried again with the next checkpoint where a reader is in the way; closing the database empties the WAL too.</summary>
    private void Truncate(SqliteSession session)
    {
        // Before and not after: an erasure committed meanwhile asks again.
        holdsErased = false;
        if (raw.sqlite3_wal_checkpoint_v2(session.Handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _) != raw.SQLITE_OK) holdsErased = true;
    }
}
