using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Rows of debtors to create or to update: the columns of one of the two statements.</summary>
internal sealed class DebtorRows
{
    private readonly List<short> slices;
    private readonly List<string> ids;
    private readonly List<Guid> writeIds;
    private readonly List<short> phases;
    private readonly List<int?> lanes;
    private readonly List<long?> dueAts;
    private readonly List<long> lastSeqs;
    private readonly List<ReadOnlyMemory<byte>> states;
    private readonly List<long>? expected;

    public DebtorRows(bool isUpdate)
    {
        Statement = new SetStatement(isUpdate ? "Debtors/Update" : "Debtors/Create");
        slices = Statement.Column<short>(NpgsqlDbType.Smallint);
        ids = Statement.Column<string>(NpgsqlDbType.Text);
        writeIds = Statement.Column<Guid>(NpgsqlDbType.Uuid);
        phases = Statement.Column<short>(NpgsqlDbType.Smallint);
        lanes = Statement.Column<int?>(NpgsqlDbType.Integer);
        dueAts = Statement.Column<long?>(NpgsqlDbType.Bigint);
        lastSeqs = Statement.Column<long>(NpgsqlDbType.Bigint);
        states = Statement.Column<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        if (isUpdate) expected = Statement.Column<long>(NpgsqlDbType.Bigint);
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
    private readonly List<long> seqs;
    private readonly List<long> prevSeqs;
    private readonly List<long> versions;
    private readonly List<long> recordedAts;
    private readonly List<string> ids;
    private readonly List<ReadOnlyMemory<byte>> chains;
    private readonly List<ReadOnlyMemory<byte>> payloads;

    public EventRows()
    {
        seqs = Statement.Column<long>(NpgsqlDbType.Bigint);
        prevSeqs = Statement.Column<long>(NpgsqlDbType.Bigint);
        versions = Statement.Column<long>(NpgsqlDbType.Bigint);
        recordedAts = Statement.Column<long>(NpgsqlDbType.Bigint);
        ids = Statement.Column<string>(NpgsqlDbType.Text);
        chains = Statement.Column<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        payloads = Statement.Column<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
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
    private readonly List<int> places;
    private readonly List<short> slices;
    private readonly List<string> ids;

    public KeyRows()
    {
        places = Statement.Column<int>(NpgsqlDbType.Integer);
        slices = Statement.Column<short>(NpgsqlDbType.Smallint);
        ids = Statement.Column<string>(NpgsqlDbType.Text);
    }

    public SetStatement Statement { get; } = new("Debtors/Identities");

    public void Add(int place, DebtorKey key)
    {
        places.Add(place);
        slices.Add((short)key.Slice);
        ids.Add(key.Text);
    }
}
