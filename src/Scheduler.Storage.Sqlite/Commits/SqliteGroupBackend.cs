using Microsoft.Data.Sqlite;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Tallies;
using SQLitePCL;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>Commits one group in one transaction of the one writer: bind, step, reset per row, one sync per group.</summary>
/// <remarks>
/// Invariants: event numbers are handed out here alone, in commit order, and never again. Threading: the writer's thread.
/// </remarks>
internal sealed class SqliteGroupBackend : IGroupBackend
{
    private readonly SqliteWriter writer;
    private readonly TallyChanges tally = new();
    private readonly FreshLinks fresh;
    private readonly Action<bool> committed;
    private readonly List<string> digests = [];
    private long lastSeq;

    /// <param name="committed">Called after each commit, on the writer's thread, with whether a debtor was erased in it.</param>
    public SqliteGroupBackend(SqliteWriter writer, FreshLinks fresh, Action<bool> committed)
    {
        this.writer = writer;
        this.committed = committed;
        this.fresh = fresh;
        ReadLastSeq();
        fresh.Begin(writer.Session);
    }

    public ValueTask CommitAsync(ReadOnlyMemory<CommitRequest> group)
    {
        var session = writer.Session;
        var firstSeq = lastSeq;
        tally.Clear();
        try
        {
            session["Writer/Begin"].Run();
            fresh.Begin(session);
            var epochs = writer.Epochs;
            foreach (var request in group.Span)
            {
                switch (request)
                {
                    case DebtorCommit debtor: debtor.Answer = Write(session, debtor.Write, epochs); break;
                    case SharedCommit shared: shared.Answer = SharedRows.Write(session, shared.Write); break;
                    default: Add(session, (PullCommit)request); break;
                }
            }

            fresh.Settle(session);
            foreach (var (tenant, measure, change) in tally.Read()) session["Tallies/Add"].Bind(1, tenant).Bind(2, measure).Bind(3, change).Run();
        }
        catch (SqliteException fault)
        {
            RollBack(firstSeq);
            throw SqliteFaults.OfStatement(fault);
        }
        catch
        {
            // Not SQLite's fault but ours, before the commit: the next group must not meet a transaction that is open.
            RollBack(firstSeq);
            throw;
        }

        Commit(session);
        committed(HoldsErasure(group.Span));
        return ValueTask.CompletedTask;
    }

    public ValueTask ReconnectAsync()
    {
        fresh.RollBack(isUndone: false);
        try
        {
            writer.Reopen();
            ReadLastSeq();
            fresh.Begin(writer.Session);
            return ValueTask.CompletedTask;
        }
        catch (SqliteException fault)
        {
            throw new GroupFaultException(GroupFault.Unavailable, fault.Message, fault);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool HoldsErasure(ReadOnlySpan<CommitRequest> group)
    {
        foreach (var request in group)
        {
            if (request is DebtorCommit debtor && IsErasure(debtor.Write)) return true;
        }

        return false;
    }

    private static bool IsErasure(DebtorWrite write) => write.Tally.Phase == (int)Domain.Debtors.DebtorPhase.Erased;

    private void RollBack(long seq)
    {
        lastSeq = seq;
        fresh.RollBack(isUndone: true);
        writer.RollBack();
    }

    private void Commit(SqliteSession session)
    {
        try
        {
            fresh.Commit(session);
        }
        catch (SqliteException exception)
        {
            // lastSeq stays where it is: the events may be there, and a gap in the sequence means nothing. Links are read anew, as some may be there.
            var fault = SqliteFaults.OfCommit(exception);
            fresh.RollBack(isUndone: fault.Fault != GroupFault.OutcomeUnknown);
            writer.RollBack();
            throw fault;
        }
    }

    private WriteAnswer Write(SqliteSession session, DebtorWrite write, Epochs epochs)
    {
        if (write.RequiredEpochs is { } required && required != epochs) return Unwritten(session, write, WriteAnswerKind.EpochChanged);
        if (HasUnseenFact(session, write)) return Unwritten(session, write, WriteAnswerKind.AddressKnown);
        if (!write.SoleLinks.IsDefaultOrEmpty && IsOthers(session["Debtors/OthersLink"], write)) return Unwritten(session, write, WriteAnswerKind.LinkShared);

        var seq = write.Event is null ? write.PrevEventSeq : lastSeq + 1;
        var isWritten = write.ExpectedVersion == 0 ? Create(session, write, seq) : Update(session, write, seq);
        if (!isWritten)
            return Unwritten(session, write, write.ExpectedVersion == 0 ? WriteAnswerKind.AlreadyExists : WriteAnswerKind.Conflict);

        var version = write.ExpectedVersion + 1;
        if (write.Event is { } decision) Append(session, write, decision, version);
        if (!write.AddedLinks.IsDefaultOrEmpty) AddLinks(session, write);
        if (!write.RemovedLinks.IsDefaultOrEmpty) RemoveLinks(session, write);
        if (IsErasure(write)) fresh.Erase(write.Key);
        tally.Add(write);
        return new WriteAnswer(WriteAnswerKind.Committed, version, seq);
    }

    /// <summary>In the transaction that adds the link: a fact is either seen here, or its teller finds the link.</summary>
    private static bool HasUnseenFact(SqliteSession session, DebtorWrite write)
    {
        if (write.AddedLinks.IsDefaultOrEmpty) return false;
        foreach (var link in write.AddedLinks)
        {
            if (link.Kind != LinkKind.AddressDigest) continue;
            var statement = session["Addresses/Newer"].Bind(1, write.Key.Tenant).Bind(2, link.Key).Bind(3, write.AddressFactsSeen);
            var isNewer = statement.Step();
            statement.Reset();
            if (isNewer) return true;
        }

        return false;
    }

    private static bool IsOthers(Statement statement, DebtorWrite write)
    {
        foreach (var link in write.SoleLinks)
        {
            var isOthers = statement.Bind(1, write.Key.Tenant).Bind(2, link.Key).Bind(3, write.Key.Text).Step();
            statement.Reset();
            if (isOthers) return true;
        }

        return false;
    }

    private static bool Create(SqliteSession session, DebtorWrite write, long seq) =>
        session["Debtors/Create"]
            .Bind(1, write.Key.Text).Bind(2, write.Key.Slice).Bind(3, write.WriteId).Bind(4, write.Tally.Phase)
            .Bind(5, (long?)write.Lane).Bind(6, write.DueAt).Bind(7, seq).Bind(8, write.State.Span)
            .Run() == 1;

    private static bool Update(SqliteSession session, DebtorWrite write, long seq) =>
        session["Debtors/Update"]
            .Bind(1, write.WriteId).Bind(2, write.Tally.Phase).Bind(3, (long?)write.Lane).Bind(4, write.DueAt)
            .Bind(5, seq).Bind(6, write.State.Span).Bind(7, write.Key.Text).Bind(8, write.ExpectedVersion)
            .Run() == 1;

    private void Append(SqliteSession session, DebtorWrite write, DebtorEvent decision, long version)
    {
        session["Events/Append"]
            .Bind(1, lastSeq + 1).Bind(2, write.PrevEventSeq).Bind(3, write.Key.Text).Bind(4, version)
            .Bind(5, decision.RecordedAt).Bind(6, decision.Chain.Span).Bind(7, decision.Payload.Span)
            .Run();
        lastSeq++;
    }

    private void AddLinks(SqliteSession session, DebtorWrite write)
    {
        var statement = session["Debtors/AddLink"];
        digests.Clear();
        foreach (var link in write.AddedLinks)
        {
            if (link.Kind != LinkKind.AddressDigest || !FreshLinks.Takes(link.Key)) Run(statement, write.Key, link);

            // One address under two contact points (a telephone and its messenger) is one link.
            else if (!digests.Contains(link.Key)) digests.Add(link.Key);
        }

        fresh.Add(session, write.Key, digests, isNew: write.ExpectedVersion == 0);
    }

    private void RemoveLinks(SqliteSession session, DebtorWrite write)
    {
        var statement = session["Debtors/RemoveLink"];
        foreach (var link in write.RemovedLinks)
        {
            var removed = Run(statement, write.Key, link);
            if (removed == 0 && link.Kind == LinkKind.AddressDigest) fresh.Remove(session, write.Key, link.Key);
        }
    }

    private static int Run(Statement statement, DebtorKey key, DebtorLink link) =>
        statement.Bind(1, key.Tenant).Bind(2, (int)link.Kind).Bind(3, link.Key).Bind(4, key.Text).Run();

    /// <summary>A row that carries our write id was written by an earlier send of this write, whatever refused it now.</summary>
    private static WriteAnswer Unwritten(SqliteSession session, DebtorWrite write, WriteAnswerKind kind)
    {
        var statement = session["Debtors/Identity"].Bind(1, write.Key.Text);
        var answer = new WriteAnswer(kind);
        if (statement.Step())
        {
            var version = statement.Int64(0);
            answer = statement.Guid(1) == write.WriteId
                ? new WriteAnswer(WriteAnswerKind.Committed, version, statement.Int64(2))
                : new WriteAnswer(kind, kind is WriteAnswerKind.EpochChanged or WriteAnswerKind.AddressKnown or WriteAnswerKind.LinkShared ? 0 : version);
        }

        statement.Reset();
        return answer;
    }

    private static void Add(SqliteSession session, PullCommit request)
    {
        var pull = request.Pull;
        var keys = pull.FormatKeys();
        var added = session["Pulls/Add"]
            .Bind(1, pull.Gateway).Bind(2, pull.PullId).Bind(3, pull.Instance).Bind(4, pull.RecordedAt).Bind(5, keys)
            .Run();
        request.Answer = added == 1 || IsSame(session, pull, keys) ? PullAnswer.Added : PullAnswer.AlreadyExists;
    }

    /// <summary>A pull sent again after a lost answer meets its own row.</summary>
    private static bool IsSame(SqliteSession session, PullRow pull, string keys)
    {
        var statement = session["Pulls/Read"].Bind(1, pull.Gateway).Bind(2, pull.PullId);
        var isSame = statement.Step() && statement.Text(0) == pull.Instance && statement.Int64(1) == pull.RecordedAt && statement.Text(2) == keys;
        statement.Reset();
        return isSame;
    }

    private void ReadLastSeq()
    {
        var statement = writer.Session["Events/LastSeq"];
        statement.Step();
        lastSeq = statement.Int64(0);
        statement.Reset();
    }
}
