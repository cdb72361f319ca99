using Scheduler.Domain.Audit;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>
/// Debtors' states against the log: heads are read first, so each must stand in the log that is read afterwards, and must cover every record that was
/// there before. Threading: owned by one reader.
/// </summary>
internal sealed class HeadCheck
{
    private readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);
    private readonly Action<AuditFinding> _found;
    private readonly long _cursor;

    public HeadCheck(IEnumerable<StreamHeadsResponse> pieces, Action<AuditFinding> found)
    {
        _found = found;
        foreach (var piece in pieces)
        {
            _cursor = piece.LogCursor;
            foreach (var head in piece.Heads) _heads[head.DebtorId] = new Head(head.ChainHash.ToByteArray(), head.EventCount);
        }

        Count = _heads.Count;
    }

    public int Count { get; }

    public void Take(AuditRecord record)
    {
        var id = record.Debtor.Debtor;
        if (!_heads.TryGetValue(id, out var head))
        {
            // Entered after the heads were read, unless its records are older than that.
            if (record.Cursor <= _cursor && _heads.TryAdd(id, new Head([], 0) { IsSeen = true })) Add(id, record.Cursor, "state_missing", "the log has records of a debtor without a row");
            return;
        }

        if (record.ChainHash.Span.SequenceEqual(head.Chain)) head.IsSeen = true;
        var last = record.Checkpoint?.EventCount ?? record.FirstSequence + record.Events.Length - 1;
        if (last > 0 && record.Cursor <= _cursor && last > head.EventCount && !head.IsBehind && head.Chain.Length > 0)
        {
            head.IsBehind = true;
            Add(id, record.Cursor, "state_behind", $"the state knows {head.EventCount} events, the log has event {last}");
        }
    }

    public void Finish()
    {
        foreach (var (id, head) in _heads)
        {
            if (!head.IsSeen && head.EventCount > 0) Add(id, 0, "head_not_in_log", $"the state's head after event {head.EventCount} is no record of the log");
        }
    }

    private void Add(string debtor, long cursor, string kind, string detail) => _found(new AuditFinding(kind, cursor, debtor, "", detail));

    private sealed record Head(byte[] Chain, long EventCount)
    {
        public bool IsSeen { get; set; }

        public bool IsBehind { get; set; }
    }
}
