using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Rows of debtors to create or to update: the columns of one of the two statements.</summary>
internal sealed class DebtorRows
{
    private readonly PackedColumn slices;
    private readonly PackedColumn ids;
    private readonly PackedColumn writeIds;
    private readonly PackedColumn phases;
    private readonly PackedColumn lanes;
    private readonly PackedColumn dueAts;
    private readonly PackedColumn lastSeqs;
    private readonly PackedColumn states;
    private readonly PackedColumn? expected;

    public DebtorRows(bool isUpdate)
    {
        Statement = new SetStatement(isUpdate ? "Debtors/Update" : "Debtors/Create");
        slices = Statement.Column(NpgsqlDbType.Smallint);
        ids = Statement.Column(NpgsqlDbType.Text);
        writeIds = Statement.Column(NpgsqlDbType.Uuid);
        phases = Statement.Column(NpgsqlDbType.Smallint);
        lanes = Statement.Column(NpgsqlDbType.Integer);
        dueAts = Statement.Column(NpgsqlDbType.Bigint);
        lastSeqs = Statement.Column(NpgsqlDbType.Bigint);
        states = Statement.Column(NpgsqlDbType.Bytea);
        if (isUpdate) expected = Statement.Column(NpgsqlDbType.Bigint);
    }

    public SetStatement Statement { get; }

    public void Add(DebtorWrite write, long lastSeq)
    {
        slices.Add((short)write.Key.Slice);
        ids.Add(write.Key.Text);
        writeIds.Add(write.WriteId);
        phases.Add((short)write.Tally.Phase);
        lanes.Add(write.Lane);
        dueAts.Add(write.DueAt);
        lastSeqs.Add(lastSeq);
        states.Add(write.State);
        expected?.Add(write.ExpectedVersion);
    }
}

/// <summary>Events of the rows that were written.</summary>
internal sealed class EventRows
{
    private readonly PackedColumn seqs;
    private readonly PackedColumn prevSeqs;
    private readonly PackedColumn versions;
    private readonly PackedColumn recordedAts;
    private readonly PackedColumn ids;
    private readonly PackedColumn chains;
    private readonly PackedColumn payloads;

    public EventRows()
    {
        seqs = Statement.Column(NpgsqlDbType.Bigint);
        prevSeqs = Statement.Column(NpgsqlDbType.Bigint);
        versions = Statement.Column(NpgsqlDbType.Bigint);
        recordedAts = Statement.Column(NpgsqlDbType.Bigint);
        ids = Statement.Column(NpgsqlDbType.Text);
        chains = Statement.Column(NpgsqlDbType.Bytea);
        payloads = Statement.Column(NpgsqlDbType.Bytea);
    }

    public SetStatement Statement { get; } = new("Events/Append");

    public void Add(DebtorWrite write, DebtorEvent decision, long seq)
    {
        seqs.Add(seq);
        prevSeqs.Add(write.PrevEventSeq);
        versions.Add(write.ExpectedVersion + 1);
        recordedAts.Add(decision.RecordedAt);
        ids.Add(write.Key.Text);
        chains.Add(decision.Chain);
        payloads.Add(decision.Payload);
    }
}

/// <summary>Which rows to look up by their keys, with their places in the group.</summary>
internal sealed class KeyRows
{
    private readonly PackedColumn places;
    private readonly PackedColumn slices;
    private readonly PackedColumn ids;

    public KeyRows()
    {
        places = Statement.Column(NpgsqlDbType.Integer);
        slices = Statement.Column(NpgsqlDbType.Smallint);
        ids = Statement.Column(NpgsqlDbType.Text);
    }

    public SetStatement Statement { get; } = new("Debtors/Identities");

    public void Add(int place, DebtorKey key)
    {
        places.Add(place);
        slices.Add((short)key.Slice);
        ids.Add(key.Text);
    }
}
