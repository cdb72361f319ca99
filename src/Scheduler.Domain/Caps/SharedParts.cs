using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Caps;

/// <summary>What a debtor adds to the counters that it shares, and how it sees what others added.</summary>
public static class SharedParts
{
    /// <summary>The debtor's contacts that belong to the scope and that some rule may still count, oldest first.</summary>
    public static ImmutableArray<SharedContact> Of(DebtorState debtor, SharedScope scope, PolicySnapshot policy, Instant now) =>
        Of(debtor, debtor.Contacts, scope, policy, now);

    /// <summary>The same of some of its contacts.</summary>
    public static ImmutableArray<SharedContact> Of(DebtorState debtor, ImmutableArray<ContactRecord> contacts, SharedScope scope, PolicySnapshot policy, Instant now)
    {
        var part = ImmutableArray.CreateBuilder<SharedContact>();
        foreach (var contact in contacts)
        {
            if (contact.IsUnplaced() || !policy.MayCount(debtor, contact, now)) continue;
            var shared = new SharedContact(contact, DebtsOf(debtor, contact), Keys(debtor, contact.Discussed), IsHousehold: false);
            if (scope.Kind == SharedKind.Household || shared.Debts.Contains(scope.Id) || shared.DebtsDiscussed.Contains(scope.Id)) part.Add(shared);
        }

        return Bounded(part);
    }

    /// <summary>Contacts of <paramref name="after"/> that count and were not so in <paramref name="before"/>.</summary>
    public static ImmutableArray<ContactRecord> Raised(DebtorState before, DebtorState after)
    {
        if (before.Contacts == after.Contacts) return [];
        return [.. after.Contacts.Where(contact => !contact.IsUnplaced() && !contact.Equals(before.FindContact(contact.Id)))];
    }

    /// <summary>Some contact of <paramref name="before"/> counts for less, or no more.</summary>
    public static bool IsLowered(DebtorState before, DebtorState after)
    {
        if (before.Contacts == after.Contacts) return false;
        return before.Contacts.Any(contact => !contact.IsUnplaced() && !contact.Equals(after.FindContact(contact.Id)));
    }

    /// <summary>A contact counts on every date that it may have had at its own party or here.</summary>
    public static SharedContact SeenFrom(ZoneCandidates zones, SharedContact shared)
    {
        var contact = shared.Contact;
        var (first, last) = zones.LocalDates(contact.PlacedAt);
        if (contact.DeliveredAt is { } delivered) last = LocalDate.Max(last, zones.LocalDates(delivered).Last);
        return shared with { Contact = contact with { FirstDate = LocalDate.Min(first, contact.FirstDate), LastDate = LocalDate.Max(last, contact.LastDate) } };
    }

    /// <summary>
    /// What is left of a part whose debtor is erased, for the caps of the others: that so many contacts were made, when and how, and about the
    /// scope's debt; under new ids, which lead to nobody.
    /// </summary>
    public static ImmutableArray<SharedContact> Nameless(ImmutableArray<SharedContact> part, SharedScope scope, Func<string> newId) =>
    [
        .. part.Select(shared => shared with
        {
            Contact = shared.Contact with { Id = newId() },
            Debts = scope.Kind == SharedKind.Debt ? shared.Debts.RemoveAll(debt => debt != scope.Id) : shared.Debts,
            DebtsDiscussed = scope.Kind == SharedKind.Debt ? shared.DebtsDiscussed.RemoveAll(debt => debt != scope.Id) : shared.DebtsDiscussed,
        }),
    ];

    /// <summary>From when none of them counts by the rules of the day, wherever the others are.</summary>
    public static Instant LapsesAt(ImmutableArray<SharedContact> part, PolicySnapshot policy) =>
        part.Max(static shared => shared.Contact.LastDate).PlusDays(policy.LongestCountDays + DaysOfAnyZone).AtMidnight().InUtc().ToInstant();

    /// <summary>A local day ends within so many of UTC, and a period after it.</summary>
    private const int DaysOfAnyZone = 3;

    /// <summary>The oldest beyond the limit become one of an unknown channel, which counts as the worst for each of them.</summary>
    private static ImmutableArray<SharedContact> Bounded(ImmutableArray<SharedContact>.Builder part)
    {
        var beyond = part.Count - DebtorLimits.SharedContacts;
        if (beyond <= 0) return part.ToImmutable();
        var merged = part.Take(beyond + 1).ToList();
        var newest = merged[^1].Contact;
        var one = new ContactRecord
        {
            Id = $"{newest.Id}~older",
            Channel = ContactChannel.Unknown,
            Purpose = ContactPurpose.Unknown,
            PlacedAt = newest.PlacedAt,
            FirstDate = merged.Min(static shared => shared.Contact.FirstDate),
            LastDate = merged.Max(static shared => shared.Contact.LastDate),
            Facts = new ContactFacts { Placed = true },
            Standing = ContactStanding.Unresolved,
        };
        var debts = merged.SelectMany(static shared => shared.Debts).Distinct(StringComparer.Ordinal).ToImmutableArray();
        return [new SharedContact(one, debts, [], IsHousehold: false) { Weight = merged.Count }, .. part.Skip(beyond + 1)];
    }

    private static ImmutableArray<string> DebtsOf(DebtorState debtor, ContactRecord contact) =>
        contact.Accounts.IsDefaultOrEmpty && contact.Discussed.IsDefaultOrEmpty
            ? Keys(debtor, [.. debtor.Accounts.Select(static account => account.Id).Union(debtor.FormerDebts.Select(static former => former.Account))])
            : Keys(debtor, contact.Accounts);

    /// <summary>Each account's own id, the key of its debt, and those that it had when contacts about it were made.</summary>
    private static ImmutableArray<string> Keys(DebtorState debtor, ImmutableArray<AccountId> ids)
    {
        if (ids.IsDefaultOrEmpty) return [];
        var keys = ImmutableArray.CreateBuilder<string>(ids.Length);
        foreach (var id in ids)
        {
            if (!keys.Contains(id.Value)) keys.Add(id.Value);
            var index = Changes.IndexOf(debtor.Accounts, id);
            if (index >= 0 && debtor.Accounts[index].DebtKey is { Length: > 0 } debt && !keys.Contains(debt)) keys.Add(debt);
            foreach (var former in debtor.FormerDebts)
            {
                if (former.Account == id && !keys.Contains(former.Key)) keys.Add(former.Key);
            }
        }

        return keys.ToImmutable();
    }
}
