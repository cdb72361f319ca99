using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;

namespace Scheduler.Domain.Debtors;

/// <summary>The debtor's contacts: in order of placing, each id once, bounded.</summary>
internal static class ContactList
{
    public static ContactRecord? FindContact(this DebtorState state, string id)
    {
        foreach (var contact in state.Contacts)
        {
            if (contact.Id == id) return contact;
        }

        return null;
    }

    /// <summary>Proven not placed: counted by nothing, kept only so that a contradicting fact finds it.</summary>
    public static bool IsUnplaced(this ContactRecord contact) => contact is { Standing: ContactStanding.Settled, IsInbound: false, Facts.Placed: false };

    /// <summary>
    /// Adds or replaces by id. A full list loses its oldest contact, of those that do not count for ever: the list then stays full, and a full list permits nothing
    /// (<see cref="IsFull"/>) until its oldest has left every rule's period, when what was lost has long left it too.
    /// </summary>
    public static void Put(this Draft d, ContactRecord contact)
    {
        var list = d.State.Contacts.ToBuilder();
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index].Id != contact.Id) continue;
            list.RemoveAt(index);
            break;
        }

        var at = list.Count;
        while (at > 0 && list[at - 1].PlacedAt > contact.PlacedAt) at--;
        list.Insert(at, contact);
        DropUnplaced(list, contact.Id);
        if (list.Count > DebtorLimits.Contacts) list.RemoveAt(Oldest(d, list));
        d.State = d.State with { Contacts = list.ToImmutable() };
    }

    /// <summary>Nothing more can be counted.</summary>
    public static bool IsFull(DebtorState state) => state.Contacts.Length >= DebtorLimits.Contacts;

    /// <summary>No rule counts it any more, and nothing is awaited that could change that.</summary>
    public static bool IsOver(this Draft d, ContactRecord contact) =>
        contact.PlacedAt < d.Now - DebtorLimits.ContactsFor && contact.SettlesAt is null && !d.Context.Policy.MayCount(d.State, contact, d.Now);

    /// <summary>Drops what no rule counts any more and no receipt is awaited for. Only where the state is written anyway, or is full.</summary>
    public static void DropOldContacts(this Draft d)
    {
        var kept = d.State.Contacts.RemoveAll(d.IsOver);
        if (kept.Length != d.State.Contacts.Length) d.State = d.State with { Contacts = kept };
    }

    /// <summary>First instant at which a full list may lose its oldest contact.</summary>
    public static Instant RoomAt(Draft d)
    {
        var oldest = d.State.Contacts[Oldest(d, d.State.Contacts)];
        var room = d.Zones.StartEverywhere(oldest.LastDate.PlusDays(d.Context.Policy.LongestCountDays + 1));
        return Instant.Max(room, oldest.PlacedAt + DebtorLimits.ContactsFor + Duration.Epsilon);
    }

    /// <summary>The oldest contact that will once count no more; where all of them count for ever, the oldest.</summary>
    private static int Oldest(Draft d, IReadOnlyList<ContactRecord> contacts)
    {
        for (var index = 0; index < contacts.Count; index++)
        {
            if (!d.Context.Policy.CountsForEver(contacts[index])) return index;
        }

        return 0;
    }

    /// <summary>The record of a lease: on the day it is leased, or placed where that is known.</summary>
    public static ContactRecord RecordOf(this Draft d, Lease lease, Instant at)
    {
        var (first, last) = d.LocalDates(at);
        return new ContactRecord
        {
            Id = lease.Dispatch.Value,
            Channel = lease.Channel,
            Point = lease.Point,
            Place = PlaceOf(d.State, lease.Point),
            Accounts = lease.Accounts,
            CreditorId = CreditorOf(d.State, lease.PlannedFor),
            GatewayId = lease.GatewayId,
            Purpose = lease.Purpose,
            PlacedAt = at,
            FirstDate = first,
            LastDate = last,
            Facts = new ContactFacts { Placed = true },
            IsCounted = lease.IsCounted,
            StepId = lease.StepId,
        };
    }

    /// <summary>The record, proven not placed.</summary>
    public static ContactRecord AsUnplaced(this ContactRecord contact) =>
        contact with { Facts = default, Standing = ContactStanding.Settled, SettlesAt = null };

    /// <summary>Dates follow the time of placing, and reach to the date of delivery.</summary>
    public static ContactRecord WithDates(this Draft d, ContactRecord contact)
    {
        var (first, last) = d.LocalDates(contact.PlacedAt);
        if (contact.DeliveredAt is { } delivered) last = LocalDate.Max(last, d.LocalDates(delivered).Last);
        return contact with { FirstDate = first, LastDate = last };
    }

    public static PointPlace PlaceOf(DebtorState state, PointId id)
    {
        foreach (var point in state.Points)
        {
            if (point.Id == id) return point.Place;
        }

        return PointPlace.Unknown;
    }

    public static string CreditorOf(DebtorState state, AccountId id)
    {
        var index = Changes.IndexOf(state.Accounts, id);
        return index < 0 ? "" : state.Accounts[index].CreditorId;
    }

    /// <summary>Keeps the newest, and the one just put in: its report may be repeated.</summary>
    private static void DropUnplaced(ImmutableArray<ContactRecord>.Builder list, string newId)
    {
        var seen = 0;
        for (var index = list.Count - 1; index >= 0; index--)
        {
            if (list[index].IsUnplaced() && ++seen > DebtorLimits.UnplacedContacts && list[index].Id != newId) list.RemoveAt(index);
        }
    }
}
