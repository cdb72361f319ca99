using Scheduler.Domain.Audit;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>Signed daily roots against the log: signatures, one upon the other, each recomputed from the records. Threading: owned by one reader.</summary>
internal sealed class RootCheck : IDisposable
{
    private readonly List<(LogRoot Root, RootHash Hash)> _roots = [];
    private readonly Action<AuditFinding> _found;
    private int _current;

    public RootCheck(IReadOnlyList<DailyRoot> roots, RootKeys keys, Action<AuditFinding> found)
    {
        _found = found;
        LogRoot? former = null;
        foreach (var signed in roots)
        {
            var root = Read(signed);
            if (!keys.IsSigned(root, signed.Signature.Span)) Add(root, "root_signature", $"names key {signed.KeyId}, and is not signed by {keys.Ids}");
            if (root.AfterCursor != (former?.UpToCursor ?? 0) || root.Previous != (former?.Root ?? LogRoot.Zero)) Add(root, "root_chain", "does not stand on the root before it");
            _roots.Add((root, new RootHash(root.Previous)));
            former = root;
        }
    }

    public int Count => _roots.Count;

    public int RecomputedCount { get; private set; }

    /// <summary>Records come in the log's order.</summary>
    public void Take(AuditRecord record)
    {
        while (_current < _roots.Count && record.Cursor > _roots[_current].Root.UpToCursor) _current++;
        if (_current < _roots.Count && record.Cursor > _roots[_current].Root.AfterCursor) _roots[_current].Hash.Take(record.Cursor, record.Debtor.Debtor, record.ChainHash.Span);
    }

    public void Finish()
    {
        foreach (var (root, hash) in _roots)
        {
            RecomputedCount++;
            var there = hash.RecordCount;
            if (there != root.RecordCount) Add(root, "root_mismatch", $"{root.RecordCount} records were signed after cursor {root.AfterCursor} and up to {root.UpToCursor}, {there} are there");
            else if (hash.Finish() != root.Root) Add(root, "root_mismatch", $"the records after cursor {root.AfterCursor} and up to {root.UpToCursor} are not those that were signed");
        }
    }

    public static LogRoot Read(DailyRoot signed) => new(
        signed.TenantId, ScalarMap.ToDate(signed.Day), signed.AfterCursor, signed.UpToCursor, signed.RecordCount,
        Convert.ToHexStringLower(signed.PreviousRoot.Span), Convert.ToHexStringLower(signed.Root.Span));

    public void Dispose()
    {
        foreach (var (_, hash) in _roots) hash.Dispose();
    }

    private void Add(LogRoot root, string kind, string detail) => _found(new AuditFinding(kind, root.UpToCursor, "", "", $"root of {root.Day:uuuu-MM-dd}: {detail}"));
}
