using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Storage;

namespace Scheduler.Grains.Writing;

/// <summary>
/// Keeps the list of contacts of which nobody knows how they went: a link each, written with the state that it follows from, so that the list is
/// never out of step and nobody scans for it.
/// </summary>
public static class StandingLinks
{
    internal static void Compare(DebtorState? before, DebtorState after, ImmutableArray<DebtorLink>.Builder added, ImmutableArray<DebtorLink>.Builder removed)
    {
        var (former, present) = (ContactsOf(before), ContactsOf(after));
        if (former == present) return;
        foreach (var contact in present)
        {
            if (IsUnresolved(contact) && !Lists(former, contact.Id)) added.Add(LinkOf(contact.Id));
        }

        foreach (var contact in former)
        {
            if (IsUnresolved(contact) && !Lists(present, contact.Id)) removed.Add(LinkOf(contact.Id));
        }
    }

    /// <summary>A dispatch of ours whose gateway is silent; what other systems say of theirs is not ours to find out.</summary>
    public static bool IsUnresolved(ContactRecord contact) => contact is { Standing: ContactStanding.Unresolved, IsInbound: false, GatewayId.Length: > 0 };

    /// <summary>What an alias knew is the survivor's.</summary>
    private static ImmutableArray<ContactRecord> ContactsOf(DebtorState? state) => state is null or { Merge.IsDone: true } ? [] : state.Contacts;

    private static DebtorLink LinkOf(string contact) => new(LinkKind.Unresolved, contact);

    private static bool Lists(ImmutableArray<ContactRecord> contacts, string id)
    {
        foreach (var contact in contacts)
        {
            if (contact.Id == id) return IsUnresolved(contact);
        }

        return false;
    }
}
