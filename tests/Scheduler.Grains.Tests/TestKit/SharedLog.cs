using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;

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

    private static LocalDate DateOf(Instant at) => at.InZone(Bogota).Date;
}
