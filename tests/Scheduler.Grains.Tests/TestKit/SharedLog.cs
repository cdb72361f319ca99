using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.RulePacks;

namespace Scheduler.Grains.Tests.TestKit;

/// <summary>A cap over several debtors, counted from the log alone, slowly: at each lease, every contact of every debtor that was recorded before it.</summary>
internal static class SharedLog
{
    private static readonly DateTimeZone Bogota = DateTimeZoneProviders.Tzdb["America/Bogota"];

    /// <summary>Dispatches leased beyond the limit in seven local days, by what the debtors share; and how many stand at the end.</summary>
    public static async Task<(List<string> Beyond, Dictionary<string, int> Standing)> CheckAsync(World world, int limit, Func<string, string> sharedBy)
    {
        var contacts = new List<(string Shared, string Id, LocalDate Date)>();
        var beyond = new List<string>();
        foreach (var row in await world.Store.Events.ReadEventsAsync(0, 100_000))
        {
            var shared = sharedBy(row.Key.Debtor);
            foreach (var one in EventCodec.Decode(row.Payload.Span).Events)
            {
                switch (one)
                {
                    case DebtorEvent.Leased { Lease: { ConfirmRequired: false } lease } leased:
                        Count(lease.Dispatch.Value, leased.At);
                        break;
                    case DebtorEvent.LeaseConfirmed confirmed:
                        Count(confirmed.Dispatch.Value, confirmed.At);
                        break;
                    // Placed although it was given back: a fact, which counts from here on.
                    case DebtorEvent.ContactPlaced placed when !contacts.Exists(known => known.Id == placed.Contact.Id):
                        contacts.Add((shared, placed.Contact.Id, DateOf(placed.Contact.PlacedAt)));
                        break;
                    case DebtorEvent.InboundReceived inbound:
                        contacts.Add((shared, inbound.Contact.Id, DateOf(inbound.Contact.PlacedAt)));
                        break;
                    case DebtorEvent.LeaseReleased e: Remove(e.Dispatch); break;
                    case DebtorEvent.LeaseDenied e: Remove(e.Dispatch); break;
                    case DebtorEvent.LeaseLapsed { Counted: false } e: Remove(e.Dispatch); break;
                    case DebtorEvent.ContactNotPlaced e: Remove(e.Dispatch); break;
                }
            }

            void Count(string id, Instant at)
            {
                if (contacts.Exists(known => known.Id == id)) return;
                var date = DateOf(at);
                if (contacts.Count(known => known.Shared == shared && known.Date > date.PlusDays(-7)) >= limit) beyond.Add(id);
                contacts.Add((shared, id, date));
            }

            void Remove(DispatchId dispatch) => contacts.RemoveAll(known => known.Id == dispatch.Value);
        }

        return (beyond, contacts.GroupBy(static known => known.Shared).ToDictionary(static group => group.Key, static group => group.Count()));
    }

    /// <summary>The same log judged again by the auditors' checker: it finds no breach of the cap.</summary>
    public static async Task AuditAsync(World world, PackLibrary packs)
    {
        var checker = new ComplianceChecker(packs.FindVersion);
        var rows = await world.Store.Events.ReadEventsAsync(0, 100_000);
        foreach (var row in rows)
        {
            var batch = EventCodec.Decode(row.Payload.Span);
            checker.Take(new AuditRecord(row.Seq, new(row.Key.Tenant, row.Key.Debtor), Instant.FromUnixTimeMilliseconds(row.RecordedAt), row.Payload, batch.Events, row.Chain)
            { FirstSequence = batch.FirstSequence });
        }

        // The packs of these tests say nothing of hours and days, which the checker knows of Colombia's law apart from them.
        var report = checker.Report();
        Assert.InRange(report.ViolationCount, 0, report.Violations.Length);
        Assert.DoesNotContain(report.Violations, static one => one.Detail.StartsWith("CO.shared", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Violations, static one => one.Kind is ViolationKind.ChainBroken or ViolationKind.PackUnknown or ViolationKind.SecondLease or ViolationKind.FactTwice);
        Assert.True(report.LeaseCount > 0);
    }

    private static LocalDate DateOf(Instant at) => at.InZone(Bogota).Date;
}
