using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using Scheduler.Cli.Operations;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.RulePacks;
using Scheduler.V1;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.Cli.Auditing;

/// <summary>What an auditor asks about and what was told before the log is read.</summary>
/// <param name="DebtorId">Empty: every debtor of the tenant.</param>
/// <param name="PublicKeys">The auditor's own copies of the roots' keys, texts in PEM; empty: the one that the service tells.</param>
internal sealed record AuditQuestion(string Tenant, string DebtorId, ImmutableArray<string> PublicKeys)
{
    /// <summary>The auditor's own copy of the roots file; null: none.</summary>
    public RootsCopy? RootsCopy { get; init; }
}

/// <summary>Holds heads, log and signed roots against each other, and judges every lease again. Threading: one run.</summary>
internal sealed class LogAudit : IDisposable
{
    private const int KeptFindings = 200;

    private readonly PacksOfTheTime _shelf;
    private readonly ComplianceChecker _checker;
    private readonly ImmutableArray<AuditFinding>.Builder _findings = ImmutableArray.CreateBuilder<AuditFinding>();
    private readonly SortedSet<string> _packs = new(StringComparer.Ordinal);
    private readonly AuditQuestion _question;
    private readonly HeadCheck _heads;
    private readonly RootCheck _roots;
    private readonly RootKeys _keys;
    private readonly CopyCheck? _copy;
    private long _findingCount;

    /// <param name="question">What is asked.</param>
    /// <param name="heads">Read before the log.</param>
    /// <param name="roots">Signed roots and the key that the service tells.</param>
    /// <param name="packs">Packs by the version that leases name.</param>
    public LogAudit(AuditQuestion question, IEnumerable<StreamHeadsResponse> heads, ListRootsResponse roots, PacksOfTheTime packs)
    {
        _question = question;
        _shelf = packs;
        _keys = RootKeys.Read(question.PublicKeys.IsEmpty ? [roots.PublicKeyPem] : question.PublicKeys);
        _checker = new ComplianceChecker(packs.Find, _keys.IsSigned);
        _heads = new HeadCheck(heads, Found);
        _roots = new RootCheck(roots.Roots, _keys, Found);
        if (question.RootsCopy is { } copy) _copy = new CopyCheck(copy, question.Tenant, roots.Roots, _keys, Found);
    }

    /// <summary>Of one debtor's records alone no root can be made: its signatures are checked, no more.</summary>
    private bool IsWhole => _question.DebtorId.Length == 0;

    public static async Task<AuditReport> RunAsync(ServiceSession session, AuditQuestion question, PacksOfTheTime packs, Action<AuditRecord>? also, CancellationToken cancel)
    {
        var heads = new List<StreamHeadsResponse>();
        using (var call = session.Evidence.StreamHeads(new StreamHeadsRequest { TenantId = question.Tenant, DebtorId = question.DebtorId }, cancellationToken: cancel))
        {
            await foreach (var piece in call.ResponseStream.ReadAllAsync(cancel)) heads.Add(piece);
        }

        var roots = await session.Evidence.ListRootsAsync(new ListRootsRequest { TenantId = question.Tenant }, cancellationToken: cancel);
        using var audit = new LogAudit(question, heads, roots, packs);
        using var feed = session.Operations.StreamEvents(new StreamEventsRequest { TenantId = question.Tenant, DebtorId = question.DebtorId }, cancellationToken: cancel);
        await foreach (var piece in feed.ResponseStream.ReadAllAsync(cancel))
        {
            foreach (var record in piece.Records)
            {
                var read = audit.Read(record);
                foreach (var one in read.Events) await packs.FetchAsync(RuleCitations.PackVersionsOf(one), cancel);
                audit.Judge(read);
                also?.Invoke(read);
            }
        }

        return audit.Finish();
    }

    /// <summary>Reads and judges by the packs that are at hand already; records come in the log's order.</summary>
    public void Take(EventRecord source) => Judge(Read(source));

    private void Judge(AuditRecord record)
    {
        _checker.Take(record);
        _heads.Take(record);
        _copy?.Take(record);
        if (IsWhole) _roots.Take(record);
        foreach (var one in record.Events)
        {
            if (one is DebtorEvent.Leased leased) _packs.UnionWith(leased.Proof.PackVersions);
        }
    }

    public AuditReport Finish()
    {
        _heads.Finish();
        if (IsWhole) _roots.Finish();
        var log = _checker.Report();
        foreach (var violation in log.Violations)
        {
            Found(new AuditFinding(Word(violation.Kind), violation.Cursor, violation.DebtorId, violation.DispatchId, violation.Detail));
        }

        // The checker keeps the first hundred in words and counts them all.
        _findingCount += log.ViolationCount - log.Violations.Length;
        _packs.RemoveWhere(version => _shelf.Find(version) is not null);
        return new AuditReport(_question, log, _roots.Count, _roots.RecomputedCount, _heads.Count, [.. _packs], _findings.ToImmutable(), _findingCount) { Copy = _copy?.Report };
    }

    public void Dispose()
    {
        _roots.Dispose();
        _keys.Dispose();
    }

    /// <summary>A batch that cannot be read any more is a finding, and its bytes are still hashed.</summary>
    private AuditRecord Read(EventRecord record)
    {
        try
        {
            return EventFeed.Read(_question.Tenant, record);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or ArgumentException or OverflowException or FormatException or NullReferenceException)
        {
            Found(new AuditFinding("unreadable", record.Cursor, record.DebtorId, "", "the stored bytes are no batch of events"));
            return EventFeed.Of(record, new DebtorKey(_question.Tenant, record.DebtorId), new EventBatch(0, default, []));
        }
    }

    private void Found(AuditFinding finding)
    {
        _findingCount++;
        if (_findings.Count < KeptFindings) _findings.Add(finding);
    }

    /// <summary>"ChainBroken" as "chain_broken".</summary>
    private static string Word(ViolationKind kind) =>
        string.Concat(kind.ToString().Select(static (c, i) => char.IsAsciiLetterUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
