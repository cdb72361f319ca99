using System.Collections.Immutable;
using NodaTime;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.Protocol.Reports;
using Scheduler.RulePacks;
using Scheduler.V1;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.Cli.Auditing;

/// <summary>Everything the report about one debtor needs, through the service as any auditor could read it.</summary>
internal static class EvidenceGathering
{
    public static async Task<EvidenceReport> RunAsync(ServiceSession session, AuditQuestion question, TimeProvider clock, CancellationToken cancel)
    {
        var request = new GetDebtorRequest { TenantId = question.Tenant, DebtorId = question.DebtorId };
        var state = await session.Debtors.GetDebtorAsync(request, cancellationToken: cancel);
        var events = ImmutableArray.CreateBuilder<RecordedEvent>();
        var dropped = ImmutableArray.CreateBuilder<DroppedRecords>();
        var packs = PacksOfTheTime.Of(session, question.Tenant);
        var audit = await LogAudit.RunAsync(session, question, packs, record => Add(events, dropped, record), cancel);
        return new EvidenceReport
        {
            Debtor = state.Debtor,
            Events = events.ToImmutable(),
            Dropped = dropped.ToImmutable(),
            GeneratedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()),
            Checks = Checks(audit),
            Rules = RuleCitations.Of(packs.Find, events.Select(static e => e.Event)),
        };
    }

    private static void Add(ImmutableArray<RecordedEvent>.Builder events, ImmutableArray<DroppedRecords>.Builder dropped, AuditRecord record)
    {
        if (record.Checkpoint is { } checkpoint)
        {
            dropped.Add(new DroppedRecords(record.Debtor.Debtor, checkpoint.EventCount, record.RecordedAt, checkpoint.TakenAt, record.Cursor));
            foreach (var kept in checkpoint.Contents.Records) Add(events, record, kept.FirstSequence, kept.RecordedAt, kept.Events);
        }

        Add(events, record, record.FirstSequence, record.RecordedAt, record.Events);
    }

    private static void Add(ImmutableArray<RecordedEvent>.Builder events, AuditRecord record, long first, Instant recordedAt, ImmutableArray<DebtorEvent> changes)
    {
        var chain = Convert.ToHexStringLower(record.ChainHash.Span);
        for (var i = 0; i < changes.Length; i++) events.Add(new RecordedEvent(first + i, record.Cursor, recordedAt, changes[i], chain));
    }

    private static ImmutableArray<ReportCheck> Checks(AuditReport audit)
    {
        var chain = audit.Findings.Where(static f => f.Kind is "chain_broken" or "unreadable" or "dropped_without_checkpoint" or "checkpoint_wrong").ToList();
        var state = audit.Findings.Where(static f => f.Kind is "head_not_in_log" or "state_behind" or "state_missing").ToList();
        var roots = audit.Findings.Where(static f => f.Kind.StartsWith("root_", StringComparison.Ordinal)).ToList();
        var leases = audit.Findings.Except(chain).Except(state).Except(roots).ToList();
        return
        [
            Check("Hash chain", chain, HashedAgain(audit.Log)),
            Check("State", state, "the debtor's state stands at the end of that chain"),
            Check("Daily roots", roots, $"{audit.RootCount} signatures hold{(audit.HasOwnKey ? "" : ", by the key that the service tells")}"),
            Check("Contacts", leases, $"{audit.Log.LeaseCount} leases were judged again, apart from the service's own rules, and none should not have been"),
        ];
    }

    private static string HashedAgain(ComplianceReport log) => log.DroppedCount == 0
        ? $"{log.RecordCount} records were hashed again from the first to the last"
        : $"{log.RecordCount - log.DroppedCount} records were hashed again to the last; the {log.DroppedCount} before them stand under a signed checkpoint, with their hashes";

    private static ReportCheck Check(string what, List<AuditFinding> findings, string held) => findings.Count == 0
        ? new ReportCheck(what, Holds: true, held)
        : new ReportCheck(what, Holds: false, string.Join("; ", findings.Select(static f => $"{f.Kind}{(f.Cursor > 0 ? $" at cursor {f.Cursor}" : "")}: {f.Detail}")));
}
