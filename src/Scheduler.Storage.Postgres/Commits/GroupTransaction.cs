using Npgsql;
using NpgsqlTypes;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Tallies;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>
/// One group as one transaction in three round trips: enter and look; write the rows; write what belongs to the rows that were written, and commit.
/// </summary>
/// <remarks>Belongs to one connection, where its statements are prepared, and is refilled group by group, so that a group allocates next to nothing. Threading: one group at a time.</remarks>
internal sealed class GroupTransaction(EpochCache epochCache)
{
    private const string EventMeasure = "events";

    private readonly NpgsqlBatchCommand begin = new("begin");
    private readonly NpgsqlBatchCommand commit = new("commit");
    private readonly NpgsqlBatchCommand enter = new(PostgresDatabase.Text("Commits/Enter"));
    private readonly NpgsqlBatchCommand numbers = Numbers();
    private readonly NpgsqlBatchCommand epochs = new(PostgresDatabase.Text("Commits/Epochs"));
    private readonly LinkChecks checks = new();
    private readonly DebtorRows creates = new(isUpdate: false);
    private readonly DebtorRows updates = new(isUpdate: true);
    private readonly SharedRows sharedCreates = new(isUpdate: false);
    private readonly SharedRows sharedUpdates = new(isUpdate: true);
    private readonly PullRows pulls = new();
    private readonly EventRows events = new();
    private readonly LinkRows firstLinks = new("Debtors/AddFirstLinks");
    private readonly LinkRows addedLinks = new("Debtors/AddLinks");
    private readonly LinkRows removedLinks = new("Debtors/RemoveLinks");
    private readonly KeyRows debtorKeys = new();
    private readonly SharedKeyRows sharedKeys = new();
    private readonly TallyRows tallies = new();
    private readonly TallyChanges tally = new();
    private readonly HashSet<Guid> written = [];

    /// <summary>Why each row of the group was left out before writing; None: it was not.</summary>
    private WriteAnswerKind[] refusals = [];
    private long[] seqs = [];

    /// <summary>Begins, takes the group's event numbers, and sees which rows may be written.</summary>
    public async Task EnterAsync(NpgsqlConnection connection, ReadOnlyMemory<CommitRequest> group)
    {
        Clear(group.Length);
        var eventCount = LoadChecks(group.Span);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(begin);
        batch.BatchCommands.Add(enter);
        batch.BatchCommands.Add(epochs);
        if (eventCount > 0)
        {
            ((NpgsqlParameter<int>)numbers.Parameters[0]).TypedValue = eventCount;
            batch.BatchCommands.Add(numbers);
        }

        var looksForFacts = checks.UnseenFacts.AddTo(batch);
        var looksForLinks = checks.OthersLinks.AddTo(batch);
        await using var reader = await ExecuteAsync(batch);
        await reader.NextResultAsync();
        await reader.ReadAsync();
        var current = new Epochs(reader.GetInt64(0), reader.GetInt64(1));
        epochCache.Learn(current);
        var firstSeq = eventCount > 0 && await reader.NextResultAsync() && await reader.ReadAsync() ? reader.GetInt64(0) : 0;
        if (looksForFacts) await RefuseAsync(reader, WriteAnswerKind.AddressKnown);
        if (looksForLinks) await RefuseAsync(reader, WriteAnswerKind.LinkShared);
        LoadRows(group.Span, current, firstSeq);
    }

    /// <summary>Creates, updates, pulls and shared counters.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, ReadOnlyMemory<CommitRequest> group)
    {
        await using var batch = new NpgsqlBatch(connection);
        var hasCreates = creates.Statement.AddTo(batch);
        var hasUpdates = updates.Statement.AddTo(batch);
        pulls.Added.AddTo(batch);
        var hasSharedCreates = sharedCreates.Statement.AddTo(batch);
        var hasSharedUpdates = sharedUpdates.Statement.AddTo(batch);
        if (batch.BatchCommands.Count > 0)
        {
            await using var reader = await ExecuteAsync(batch);
            var results = (hasCreates ? 1 : 0) + (hasUpdates ? 1 : 0) + (hasSharedCreates ? 1 : 0) + (hasSharedUpdates ? 1 : 0);
            for (var result = 0; result < results; result++)
            {
                if (result > 0) await reader.NextResultAsync();
                while (await reader.ReadAsync()) written.Add(reader.GetGuid(0));
            }
        }

        LoadRest(group.Span);
    }

    /// <summary>Events, links and counters of the rows that were written; what the others look like; the commit. Sets every answer.</summary>
    public async Task FinishAsync(NpgsqlConnection connection, ReadOnlyMemory<CommitRequest> group)
    {
        await using var batch = new NpgsqlBatch(connection);
        events.Statement.AddTo(batch);
        firstLinks.Statement.AddTo(batch);
        addedLinks.Statement.AddTo(batch);
        removedLinks.Statement.AddTo(batch);
        tallies.Statement.AddTo(batch);
        var readsDebtors = debtorKeys.Statement.AddTo(batch);
        var readsShared = sharedKeys.Statement.AddTo(batch);
        var readsPulls = pulls.Same.AddTo(batch);
        batch.BatchCommands.Add(commit);
        await using var reader = await ExecuteAsync(batch);
        var isFirst = true;
        if (readsDebtors) await ReadIdentitiesAsync(reader, group);
        if (readsShared) await ReadIdentitiesAsync(reader, group);
        if (readsPulls)
        {
            if (!isFirst) await reader.NextResultAsync();
            while (await reader.ReadAsync()) ((PullCommit)group.Span[reader.GetInt32(0)]).Answer = PullAnswer.Added;
        }

        // The commit's own answer: until it has come, nobody may be told anything.
        while (await reader.NextResultAsync())
        {
            // A commit has no rows.
        }

        async Task ReadIdentitiesAsync(NpgsqlDataReader rows, ReadOnlyMemory<CommitRequest> requests)
        {
            if (!isFirst) await rows.NextResultAsync();
            isFirst = false;
            while (await rows.ReadAsync())
                Identify(requests.Span[rows.GetInt32(0)], version: rows.GetInt64(1), writeId: rows.GetGuid(2), lastSeq: rows.GetInt64(3));
        }
    }

    /// <summary>Prepared at a statement's first use on the connection; after that this is a look-up.</summary>
    private static async Task<NpgsqlDataReader> ExecuteAsync(NpgsqlBatch batch)
    {
        await batch.PrepareAsync();
        return await batch.ExecuteReaderAsync();
    }

    private static NpgsqlBatchCommand Numbers() => new(PostgresDatabase.Text("Commits/Numbers"))
    {
        Parameters = { new NpgsqlParameter<int> { NpgsqlDbType = NpgsqlDbType.Integer } },
    };

    private static void Identify(CommitRequest request, long version, Guid writeId, long lastSeq)
    {
        var answered = (CommitRequest<WriteAnswer>)request;
        var own = request is DebtorCommit debtor ? debtor.Write.WriteId : ((SharedCommit)request).Write.WriteId;
        // A row that carries our write id was written by an earlier send of this write, whatever refused it now.
        if (writeId == own) answered.Answer = new WriteAnswer(WriteAnswerKind.Committed, version, lastSeq);
        else if (answered.Answer.Kind is WriteAnswerKind.Conflict or WriteAnswerKind.AlreadyExists) answered.Answer = answered.Answer with { Version = version };
    }

    private void Clear(int rows)
    {
        if (refusals.Length < rows) (refusals, seqs) = (new WriteAnswerKind[rows], new long[rows]);
        Array.Clear(refusals);
        checks.Clear();
        creates.Statement.Clear();
        updates.Statement.Clear();
        sharedCreates.Statement.Clear();
        sharedUpdates.Statement.Clear();
        pulls.Clear();
        events.Statement.Clear();
        firstLinks.Statement.Clear();
        addedLinks.Statement.Clear();
        removedLinks.Statement.Clear();
        debtorKeys.Statement.Clear();
        sharedKeys.Statement.Clear();
        tallies.Statement.Clear();
        tally.Clear();
        written.Clear();
    }

    private int LoadChecks(ReadOnlySpan<CommitRequest> group)
    {
        var eventCount = 0;
        for (var place = 0; place < group.Length; place++)
        {
            if (group[place] is not DebtorCommit debtor) continue;
            checks.Add(place, debtor.Write);
            if (debtor.Write.Event is not null) eventCount++;
        }

        return eventCount;
    }

    private async Task RefuseAsync(NpgsqlDataReader reader, WriteAnswerKind reason)
    {
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var place = reader.GetInt32(0);
            if (refusals[place] == WriteAnswerKind.None) refusals[place] = reason;
        }
    }

    private void LoadRows(ReadOnlySpan<CommitRequest> group, Epochs current, long nextSeq)
    {
        for (var place = 0; place < group.Length; place++)
        {
            switch (group[place])
            {
                case DebtorCommit { Write: var write }:
                    if (write.RequiredEpochs is { } required && required != current) refusals[place] = WriteAnswerKind.EpochChanged;
                    if (refusals[place] != WriteAnswerKind.None) break;
                    seqs[place] = write.Event is null ? write.PrevEventSeq : nextSeq++;
                    (write.ExpectedVersion == 0 ? creates : updates).Add(write, seqs[place]);
                    break;
                case SharedCommit { Write: var write }:
                    (write.ExpectedVersion == 0 ? sharedCreates : sharedUpdates).Add(write);
                    break;
                case PullCommit { Pull: var pull }:
                    pulls.Add(place, pull);
                    break;
            }
        }
    }

    private void LoadRest(ReadOnlySpan<CommitRequest> group)
    {
        for (var place = 0; place < group.Length; place++)
        {
            switch (group[place])
            {
                case DebtorCommit debtor when refusals[place] == WriteAnswerKind.None && written.Contains(debtor.Write.WriteId):
                    debtor.Answer = new WriteAnswer(WriteAnswerKind.Committed, debtor.Write.ExpectedVersion + 1, seqs[place]);
                    LoadWritten(debtor.Write, seqs[place]);
                    break;
                case DebtorCommit debtor:
                    debtor.Answer = new WriteAnswer(Unwritten(refusals[place], debtor.Write.ExpectedVersion));
                    debtorKeys.Add(place, debtor.Write.Key);
                    break;
                case SharedCommit { Write: var write } shared when written.Contains(write.WriteId):
                    shared.Answer = new WriteAnswer(WriteAnswerKind.Committed, write.ExpectedVersion + 1);
                    break;
                case SharedCommit shared:
                    shared.Answer = new WriteAnswer(Unwritten(WriteAnswerKind.None, shared.Write.ExpectedVersion));
                    sharedKeys.Add(place, shared.Write.Key);
                    break;
                case PullCommit pull:
                    // Unless it is found as it was sent.
                    pull.Answer = PullAnswer.AlreadyExists;
                    break;
            }
        }

        if (events.Statement.Count > 0) tallies.Add("", EventMeasure, events.Statement.Count);
        foreach (var (tenant, measure, change) in tally.Read()) tallies.Add(tenant, measure, change);
    }

    private static WriteAnswerKind Unwritten(WriteAnswerKind refusal, long expectedVersion) =>
        refusal != WriteAnswerKind.None ? refusal : expectedVersion == 0 ? WriteAnswerKind.AlreadyExists : WriteAnswerKind.Conflict;

    private void LoadWritten(DebtorWrite write, long seq)
    {
        if (write.Event is { } decision) events.Add(write, decision, seq);
        (write.ExpectedVersion == 0 ? firstLinks : addedLinks).AddEach(write.Key, write.AddedLinks);
        removedLinks.AddEach(write.Key, write.RemovedLinks);
        tally.Add(write);
    }
}
