using System.Security.Cryptography;
using Google.Protobuf;
using NodaTime;
using Scheduler.Cli.Auditing;
using Scheduler.Domain.Audit;
using Scheduler.Protocol.Events;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.Cli.Tests.Auditing;

/// <summary>A small log as the service writes it: chained, with the heads of its debtors and two signed days. A test changes it before the audit.</summary>
internal sealed class WrittenLog
{
    public const string Tenant = "bank";

    private static readonly PacksOfTheTime Packs = new();

    private static readonly Instant Start = Instant.FromUtc(2026, 3, 3, 12, 0);

    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<string, (byte[] Head, long Count)> _heads = new(StringComparer.Ordinal);

    public WrittenLog()
    {
        foreach (var debtor in new[] { "ana", "eva", "ana", "luz" }) Write(debtor);
        Sign(new LocalDate(2026, 3, 3));
        foreach (var debtor in new[] { "eva", "ana" }) Write(debtor);
        Sign(new LocalDate(2026, 3, 4));
        foreach (var (debtor, head) in _heads) Heads.Heads.Add(new DebtorHead { DebtorId = debtor, ChainHash = ByteString.CopyFrom(head.Head), EventCount = head.Count });
        Heads.LogCursor = Records.Count;
        Roots.PublicKeyPem = _key.ExportSubjectPublicKeyInfoPem();
    }

    public List<EventRecord> Records { get; } = [];

    public StreamHeadsResponse Heads { get; } = new();

    public ListRootsResponse Roots { get; } = new();

    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public AuditReport Audit(params string[] publicKeys) => Audit(new AuditQuestion(Tenant, "", [.. publicKeys]));

    public AuditReport Audit(AuditQuestion question)
    {
        using var audit = new LogAudit(question, [Heads], Roots, Packs);
        foreach (var record in Records) audit.Take(record);
        return audit.Finish();
    }

    /// <summary>Drops what the debtor's first records say, as the host does.</summary>
    public void Drop(string debtor, int count)
    {
        var records = Records.Where(record => record.DebtorId == debtor).Take(count).ToList();
        var digest = RecordsDigest.Zero;
        foreach (var record in records)
        {
            digest = RecordsDigest.Extend(digest, record.Cursor, record.ChainHash.Span);
            record.Batch = ByteString.Empty;
        }

        var last = records[^1];
        var contents = CheckpointCodec.EncodeContents(KeptContents.Empty, null);
        var checkpoint = new LogCheckpoint(
            new(Tenant, debtor), last.Cursor, Convert.ToHexStringLower(last.ChainHash.Span), 2 * count, count, Convert.ToHexStringLower(digest.AsSpan()), Start + Duration.FromDays(100),
            CheckpointCodec.DigestOf(contents));
        checkpoint = checkpoint with { KeyId = RootSignature.KeyId(_key), Signature = RootSignature.Sign(_key, checkpoint) };
        last.Batch = ByteString.CopyFrom(CheckpointCodec.Encode(checkpoint, contents));
    }

    /// <summary>Signs the newest root with another key, as the host does whose signing key was replaced.</summary>
    public void ReplaceKey()
    {
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Roots.PublicKeyPem = PublicKey;
        var day = ScalarMap.ToDate(Roots.Roots[^1].Day);
        Roots.Roots.RemoveAt(Roots.Roots.Count - 1);
        Sign(day);
    }

    /// <summary>What whoever holds the database and knows how it is made would leave: no record, head or root knows of what came after.</summary>
    public void CutOffAfter(int cursor)
    {
        Records.RemoveRange(cursor, Records.Count - cursor);
        foreach (var gone in Heads.Heads.Where(head => Records.TrueForAll(record => record.DebtorId != head.DebtorId)).ToList()) Heads.Heads.Remove(gone);
        foreach (var head in Heads.Heads)
        {
            (head.ChainHash, head.EventCount) = (Records.Last(record => record.DebtorId == head.DebtorId).ChainHash, 2 * Records.Count(record => record.DebtorId == head.DebtorId));
        }

        Heads.LogCursor = cursor;
        while (Roots.Roots[^1].UpToCursor > cursor) Roots.Roots.RemoveAt(Roots.Roots.Count - 1);
    }

    /// <summary>The host signs the last day anew when its root is gone.</summary>
    public void SignAgain() => Sign(new LocalDate(2026, 3, 4));

    private void Write(string debtor)
    {
        var (head, count) = _heads.GetValueOrDefault(debtor, ([], 0));
        var at = Start + Duration.FromMinutes(Records.Count);
        var batch = EventCodec.Encode(new EventBatch(count + 1, at, [new DebtorEvent.ContactSettled(at, $"{debtor}.{count}"), new DebtorEvent.HoldEnded(at, "h", default, Lifted: true)]));
        var chain = SHA256.HashData([.. head, .. batch]);
        _heads[debtor] = (chain, count + 2);
        Records.Add(new EventRecord
        {
            Cursor = Records.Count + 1,
            DebtorId = debtor,
            RecordTime = ScalarMap.ToProto(at),
            Batch = ByteString.CopyFrom(batch),
            ChainHash = ByteString.CopyFrom(chain),
        });
    }

    private void Sign(LocalDate day)
    {
        var last = Roots.Roots.LastOrDefault();
        var after = last?.UpToCursor ?? 0;
        var previous = last is null ? LogRoot.Zero : Convert.ToHexStringLower(last.Root.Span);
        using var hash = new RootHash(previous);
        foreach (var record in Records.Where(record => record.Cursor > after)) hash.Take(record.Cursor, record.DebtorId, record.ChainHash.Span);
        var root = new LogRoot(Tenant, day, after, Records.Count, hash.RecordCount, previous, hash.Finish());
        Roots.Roots.Add(new DailyRoot
        {
            TenantId = Tenant,
            Day = ScalarMap.ToProto(day),
            AfterCursor = after,
            UpToCursor = root.UpToCursor,
            RecordCount = root.RecordCount,
            PreviousRoot = ByteString.CopyFrom(Convert.FromHexString(previous)),
            Root = ByteString.CopyFrom(Convert.FromHexString(root.Root)),
            SignTime = ScalarMap.ToProto(day.PlusDays(1).AtMidnight().PlusMinutes(5).InUtc().ToInstant()),
            Signature = ByteString.CopyFrom(RootSignature.Sign(_key, root)),
        });
    }
}
