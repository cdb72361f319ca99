using System.Globalization;
using Scheduler.Domain.Audit;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>What a copy of the roots file proves.</summary>
/// <param name="RootCount">The tenant's roots in it; <paramref name="OfOthers"/> are of other tenants and were not looked at.</param>
/// <param name="NotCopied">Roots that the service lists and the copy lacks.</param>
/// <param name="Newest">The copied root that reaches furthest; null: none of the tenant.</param>
/// <param name="RecordsSince">Records that were read after it: nothing outside the database proves them.</param>
internal sealed record CopyReport(int RootCount, int OfOthers, int NotCopied, DailyRoot? Newest, long RecordsSince);

/// <summary>
/// A copy of the roots file against what the service lists: whoever rewrote the whole database could not rewrite the copy. Threading: owned by one reader.
/// </summary>
internal sealed class CopyCheck
{
    private readonly CopyReport _report;
    private readonly long _provedUpTo;
    private long _since;

    public CopyCheck(RootsCopy copy, string tenant, IReadOnlyList<DailyRoot> listed, RootKeys keys, Action<AuditFinding> found)
    {
        var mine = copy.Roots.Where(one => one.Root.TenantId == tenant).ToList();
        foreach (var one in mine.Where(one => !listed.Contains(one.Root))) Tell(one, listed, keys, found);
        var copied = mine.Select(static one => one.Root).ToHashSet();
        var newest = copied.MaxBy(static root => (root.UpToCursor, root.SignTime.ToDateTimeOffset()));
        _provedUpTo = newest?.UpToCursor ?? 0;
        _report = new CopyReport(mine.Count, copy.Roots.Length - mine.Count, listed.Count(root => !copied.Contains(root)), newest, 0);
    }

    public CopyReport Report => _report with { RecordsSince = _since };

    public void Take(AuditRecord record)
    {
        if (record.Cursor > _provedUpTo) _since++;
    }

    private static void Tell(CopiedRoot copied, IReadOnlyList<DailyRoot> listed, RootKeys keys, Action<AuditFinding> found)
    {
        var root = RootCheck.Read(copied.Root);
        if (!keys.IsSigned(root, copied.Root.Signature.Span)) Add("root_copy_signature", $"names key {copied.Root.KeyId}, and is not signed by {keys.Ids}: the copy was changed, or a key is missing");
        if (listed.FirstOrDefault(one => one.Day.Equals(copied.Root.Day)) is not { } there) Add("root_missing", "the service lists no root of that day");
        else Add("root_altered", $"the service lists another root of that day: {string.Join(", ", Differences(copied.Root, there))}");

        void Add(string kind, string detail) => found(new AuditFinding(
            kind, root.UpToCursor, "", "", string.Create(CultureInfo.InvariantCulture, $"root of {root.Day:uuuu-MM-dd} in line {copied.Line} of the copy: {detail}")));
    }

    private static IEnumerable<string> Differences(DailyRoot copied, DailyRoot there)
    {
        foreach (var field in DailyRoot.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!Equals(field.Accessor.GetValue(copied), field.Accessor.GetValue(there))) yield return field.Name;
        }
    }
}
