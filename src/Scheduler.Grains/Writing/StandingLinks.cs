using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Storage;

namespace Scheduler.Grains.Writing;

/// <summary>
/// Keeps the lists of contacts of which nobody knows how they went, and of debtors that were taken out of work: a link each, written with the state
/// that it follows from, so that a list is never out of step and nobody scans for it.
/// </summary>
public static class StandingLinks
{
    internal static void Compare(DebtorState? before, DebtorState after, ImmutableArray<DebtorLink>.Builder added, ImmutableArray<DebtorLink>.Builder removed)
    {
        if (before?.Quarantine != after.Quarantine)
        {
            if (after.Quarantine is { } aside) added.Add(LinkOf(aside));
            if (before?.Quarantine is { } was) removed.Add(LinkOf(was));
        }

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

    /// <summary>Why and since when, so that the list alone tells it.</summary>
    internal static DebtorLink LinkOf(Quarantine why) => new(
        LinkKind.Quarantined, string.Create(CultureInfo.InvariantCulture, $"{why.Reason}/{why.Since.ToUnixTimeMilliseconds()}/{why.Faults}/{why.Fault}"));

    /// <summary>Null: not such a key.</summary>
    public static Quarantine? QuarantineOf(string key)
    {
        var parts = key.Split('/');
        return parts.Length == 4 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var since) && int.TryParse(parts[2], CultureInfo.InvariantCulture, out var faults)
            ? new Quarantine(parts[0], Instant.FromUnixTimeMilliseconds(since), faults, parts[3])
            : null;
    }

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
