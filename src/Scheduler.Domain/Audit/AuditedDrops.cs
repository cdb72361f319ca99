using System.Collections.Immutable;

namespace Scheduler.Domain.Audit;

/// <summary>One debtor's records as far as they were read, and those without contents that no checkpoint stands for. Threading: owned by one checker.</summary>
internal sealed class AuditedDrops
{
    private ImmutableArray<byte> _digest = RecordsDigest.Zero;
    private long _count;

    /// <summary>The first record without contents that no checkpoint covers so far; null: there is none.</summary>
    public AuditRecord? Uncovered { get; private set; }

    public void Take(AuditRecord record)
    {
        _count++;
        _digest = RecordsDigest.Extend(_digest, record.Cursor, record.ChainHash.Span);
        if (record.IsDropped) Uncovered ??= record;
    }

    /// <summary>
    /// Answers what is wrong with the checkpoint of the record that was just taken, or null: then it stands for all that were taken. Whether an older one was whole
    /// when it was read does not matter: it may have been dropped since.
    /// </summary>
    public string? Cover(AuditRecord record, LogCheckpoint checkpoint, Func<LogCheckpoint, bool> isSigned)
    {
        if (checkpoint.Cursor != record.Cursor || checkpoint.Debtor != record.Debtor || checkpoint.ChainHash != Convert.ToHexStringLower(record.ChainHash.Span)) return "it belongs to another record";
        if (checkpoint.RecordCount != _count) return $"it stands for {checkpoint.RecordCount} records, {_count} are there";
        if (checkpoint.RecordsDigest != Convert.ToHexStringLower(_digest.AsSpan())) return "the records before it are not those that it stands for";
        if (!isSigned(checkpoint)) return $"names key {checkpoint.KeyId}, and is not signed by a known one";
        Uncovered = null;
        return null;
    }
}
