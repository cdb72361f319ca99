using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>The log in SQLite. One writer hands out the numbers in commit order, so a reader never has to wait for a gap.</summary>
internal sealed class SqliteEventLog(SqliteWriter writer, ScanThread scans) : IEventLog
{
    public Task<IReadOnlyList<EventRow>> ReadEventsBackAsync(
        DebtorKey key, long? lastSeq, int count, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<EventRow>>(
            session =>
            {
                var rows = new List<EventRow>();
                var seq = lastSeq ?? LastSeq(session, key);
                while (rows.Count < count && seq > 0 && Read(session, seq) is { } row && row.Key == key)
                {
                    rows.Add(row);
                    seq = row.PrevSeq;
                }

                return rows;
            },
            cancellationToken);

    public Task<IReadOnlyList<EventRow>> ReadEventsAsync(long afterSeq, int limit, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<EventRow>>(
            session => session["Events/After"].Bind(1, afterSeq).Bind(2, limit).ReadAll(ToRow), cancellationToken);

    public Task<long> ReadHeadAsync(CancellationToken cancellationToken = default) => scans.ReadAsync(
        static session =>
        {
            var statement = session["Events/LastSeq"];
            var seq = statement.Step() ? statement.Int64(0) : 0;
            statement.Reset();
            return seq;
        },
        cancellationToken);

    /// <summary>The one writer numbers without gaps.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken = default) => ReadHeadAsync(cancellationToken);

    public Task<int> DropEventsAsync(EventDrop drop, CancellationToken cancellationToken = default)
    {
        if (drop.Checkpoint.Length is 0 or > StorageLimits.EventBytes) throw new ArgumentOutOfRangeException(nameof(drop), "A checkpoint has 1 to 65,536 bytes.");
        return writer.TransactAsync(session => Drop(session, drop), cancellationToken);
    }

    /// <summary>Back to the first row that is empty already: behind it all are.</summary>
    private static int Drop(SqliteSession session, EventDrop drop)
    {
        if (Read(session, drop.UpToSeq) is not { Payload.IsEmpty: false } last || last.Key != drop.Key || !last.Chain.Span.SequenceEqual(drop.Chain.Span)) return 0;
        Replace(session, last.Seq, drop.Checkpoint.Span);
        var changed = 1;
        var seq = last.PrevSeq;
        while (seq > 0 && Read(session, seq) is { Payload.IsEmpty: false } row && row.Key == drop.Key)
        {
            Replace(session, row.Seq, []);
            changed++;
            seq = row.PrevSeq;
        }

        return changed;
    }

    private static void Replace(SqliteSession session, long seq, ReadOnlySpan<byte> payload) => session["Events/Replace"].Bind(1, seq).Bind(2, payload).Run();

    private static long LastSeq(SqliteSession session, DebtorKey key)
    {
        var statement = session["Debtors/LastSeq"].Bind(1, key.Text);
        var seq = statement.Step() ? statement.Int64(0) : 0;
        statement.Reset();
        return seq;
    }

    private static EventRow? Read(SqliteSession session, long seq)
    {
        var statement = session["Events/Read"].Bind(1, seq);
        var row = statement.Step() ? ToRow(statement) : null;
        statement.Reset();
        return row;
    }

    private static EventRow ToRow(Statement row) => new(
        Seq: row.Int64(0),
        PrevSeq: row.Int64(1),
        Key: DebtorKey.Parse(row.Text(2)),
        Version: row.Int64(3),
        RecordedAt: row.Int64(4),
        Chain: row.Bytes(5).ToArray(),
        Payload: row.Bytes(6).ToArray());
}
