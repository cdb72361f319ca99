using Scheduler.Protocol.Events;

namespace Scheduler.Storage;

/// <summary>One debtor's records, as one reading of the log must see them although older ones may be dropped while it is read.</summary>
public static class DebtorRecords
{
    private const int RowsAtOnce = 256;

    /// <summary>A drop of one debtor comes once a month; a second in the course of one reading does not.</summary>
    private const int Readings = 3;

    /// <summary>Newest first, back to the first record or to the checkpoint that stands for all older ones.</summary>
    public static Task<IReadOnlyList<EventRow>> ReadWrittenAsync(this IEventLog log, DebtorKey key, CancellationToken cancellationToken = default) =>
        ReadAsync(log, key, 0, static row => CheckpointCodec.Is(row.Payload.Span), cancellationToken);

    /// <summary>Newest first, dropped ones included, those after <paramref name="afterSeq"/>.</summary>
    public static Task<IReadOnlyList<EventRow>> ReadEveryAsync(this IEventLog log, DebtorKey key, long afterSeq, CancellationToken cancellationToken = default) =>
        ReadAsync(log, key, afterSeq, static _ => false, cancellationToken);

    private static async Task<IReadOnlyList<EventRow>> ReadAsync(IEventLog log, DebtorKey key, long afterSeq, Func<EventRow, bool> isLast, CancellationToken cancellationToken)
    {
        for (var reading = 1; ; reading++)
        {
            var rows = await WalkAsync(log, key, afterSeq, isLast, cancellationToken);
            if (reading == Readings || IsConsistent(rows)) return rows;
        }
    }

    private static async Task<List<EventRow>> WalkAsync(IEventLog log, DebtorKey key, long afterSeq, Func<EventRow, bool> isLast, CancellationToken cancellationToken)
    {
        var walked = new List<EventRow>();
        long? from = null;
        while (from != 0)
        {
            var rows = await log.ReadEventsBackAsync(key, from, RowsAtOnce, cancellationToken);
            foreach (var row in rows)
            {
                if (row.Seq <= afterSeq) return walked;
                walked.Add(row);
                if (isLast(row)) return walked;
            }

            from = rows.Count == 0 ? 0 : rows[^1].PrevSeq;
        }

        return walked;
    }

    /// <summary>Before a record without contents comes the checkpoint; otherwise it was dropped after the newer ones had been read, or has none.</summary>
    private static bool IsConsistent(List<EventRow> rows)
    {
        var newest = rows.FindIndex(static row => row.Payload.IsEmpty);
        return newest < 0 || (newest > 0 && CheckpointCodec.Is(rows[newest - 1].Payload.Span));
    }
}
