using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Storage;

namespace Scheduler.Grains.Writing;

/// <summary>Facts about the addresses that an entry lists, and up to which of them it has looked.</summary>
public readonly record struct KnownAddresses(ImmutableArray<ListedAddressFact> Facts, long Seen)
{
    public static readonly KnownAddresses None = new([], 0);
}

/// <summary>Addresses as the index and the facts about them know them. Only here is an address turned into its digest.</summary>
/// <remarks>Threading: any.</remarks>
public sealed class AddressBook(IAddressDigests digests, IAddressFactStore facts)
{
    /// <summary>Looked up only when the store said that there is something to know: hardly any address has a fact.</summary>
    public async Task<KnownAddresses> LookUpAsync(string tenant, ImmutableArray<ContactPoint> points)
    {
        var byDigest = points.ToLookup(point => digests.Of(tenant, point.Address), static point => point.Id);
        var rows = await facts.FindAsync(tenant, [.. byDigest.Select(static group => group.Key)]);
        var listed = ImmutableArray.CreateBuilder<ListedAddressFact>();
        foreach (var row in rows)
        {
            var fact = new AddressFact((AddressFactKind)row.Kind, (ContactChannel)row.Channel, Instant.FromUnixTimeMilliseconds(row.At));
            foreach (var point in byDigest[row.Digest]) listed.Add(new ListedAddressFact(point, fact));
        }

        return new KnownAddresses(listed.ToImmutable(), rows.Select(static row => row.Seq).DefaultIfEmpty().Max());
    }

    /// <summary>Durable before any debtor hears of it, so that no debtor who comes to list the address meanwhile escapes it.</summary>
    public Task LearnAsync(string tenant, string address, AddressLesson lesson)
    {
        var digest = digests.Of(tenant, address);
        return facts.RecordAsync(tenant, Rows(digest, lesson.Learned), Rows(digest, lesson.Taken));
    }

    public DebtorLink LinkOf(string tenant, string address) => new(LinkKind.AddressDigest, digests.Of(tenant, address));

    /// <summary>Links of addresses that the debtor came to list, and of those that it no longer lists.</summary>
    internal void Compare(DebtorState? before, DebtorState after, ImmutableArray<DebtorLink>.Builder added, ImmutableArray<DebtorLink>.Builder removed)
    {
        if (before is not null && before.Points == after.Points) return;
        var tenant = after.Key.Tenant;
        foreach (var point in after.Points)
        {
            if (point.Address.Length > 0 && (before is null || !Lists(before, point.Address))) added.Add(LinkOf(tenant, point.Address));
        }

        if (before is null) return;
        foreach (var point in before.Points)
        {
            if (point.Address.Length > 0 && !Lists(after, point.Address)) removed.Add(LinkOf(tenant, point.Address));
        }
    }

    private static bool Lists(DebtorState state, string address)
    {
        foreach (var point in state.Points)
        {
            if (AddressForm.AreSame(point.Address, address)) return true;
        }

        return false;
    }

    private static ImmutableArray<AddressFactRow> Rows(string digest, ImmutableArray<AddressFact> facts) =>
        [.. facts.Select(fact => new AddressFactRow(digest, (int)fact.Kind, (int)fact.Channel, fact.At.ToUnixTimeMilliseconds(), 0))];
}
