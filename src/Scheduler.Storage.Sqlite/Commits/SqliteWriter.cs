using Microsoft.Data.Sqlite;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Sqlite.Connections;
using SQLitePCL;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>The one connection that writes. Groups and the rare other writes (lanes, settings, epochs) take turns on its thread.</summary>
/// <remarks>Threading: everything but <see cref="TransactAsync"/> runs on the writer's thread.</remarks>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteOptions options;
    private readonly DedicatedThread thread;

    public SqliteWriter(SqliteOptions options, DedicatedThread thread)
    {
        this.options = options;
        this.thread = thread;
        Session = SqliteSession.OpenWriter(options);
        Migrator.Migrate(Session);
        Epochs = ReadEpochs(Session);
    }

    public SqliteSession Session { get; private set; }

    /// <summary>As committed. Exact, because only this connection changes them.</summary>
    public Epochs Epochs { get; private set; }

    /// <summary>One durable transaction between two groups.</summary>
    public Task<T> TransactAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        thread.RunAsync(() => Transact(work), cancellationToken);

    /// <summary>Between two groups, without a transaction.</summary>
    internal Task<T> OnSessionAsync<T>(Func<SqliteSession, T> work) => thread.RunAsync(() => work(Session), CancellationToken.None);

    public Task<Epochs> AdvanceEpochAsync(EpochKind kind, CancellationToken cancellationToken) => thread.RunAsync(
        () => Epochs = Transact(session =>
        {
            session["Settings/AdvanceEpochs"].Bind(1, kind == EpochKind.Policy ? 1 : 0).Bind(2, kind == EpochKind.Recovery ? 1 : 0).Run();
            return ReadEpochs(session);
        }),
        cancellationToken);

    public void RollBack()
    {
        // SQLite has rolled back by itself after a full disk and some I/O errors.
        if (raw.sqlite3_get_autocommit(Session.Handle) == 0) Session["Writer/Rollback"].Run();
    }

    /// <summary>The former session stays until the new one stands: a failed try must leave something to try again with.</summary>
    public void Reopen()
    {
        var opened = SqliteSession.OpenWriter(options);
        try
        {
            Epochs = ReadEpochs(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        var former = Session;
        Session = opened;
        former.Dispose();
    }

    public void Dispose() => Session.Dispose();

    private static Epochs ReadEpochs(SqliteSession session)
    {
        var statement = session["Settings/Epochs"];
        statement.Step();
        var epochs = new Epochs(statement.Int64(0), statement.Int64(1));
        statement.Reset();
        return epochs;
    }

    private T Transact<T>(Func<SqliteSession, T> work)
    {
        try
        {
            Session["Writer/Begin"].Run();
            var answer = work(Session);
            Session["Writer/Commit"].Run();
            return answer;
        }
        catch (SqliteException fault)
        {
            RollBack();
            if (SqliteFaults.OfCommit(fault).Fault == GroupFault.OutcomeUnknown)
                throw new StorageOutcomeUnknownException(fault.Message, fault);
            throw new StorageUnavailableException(fault.Message, fault);
        }
        catch
        {
            // A mistake of ours must not leave a transaction open behind it.
            RollBack();
            throw;
        }
    }
}
