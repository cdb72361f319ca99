using Scheduler.Domain.Debtors;
using Scheduler.Domain.Consent;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Splitting;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Services.Batches;

/// <summary>From what a caller names to the debtors it is about.</summary>
public sealed class DebtorRoute(IGrainFactory grains, IDebtorStore store, AddressBook addresses)
{
    /// <summary>The grain's key.</summary>
    public static string KeyOf(string tenant, string debtor) => $"{tenant}/{debtor}";

    /// <summary>A dispatch id leads to its debtor by itself; the border has checked that it is one.</summary>
    public static string KeyOfDispatch(string tenant, string dispatch) =>
        new DispatchId(dispatch).TryParse(out var debtor, out _) ? KeyOf(tenant, debtor) : throw new ArgumentException("Not an id of a dispatch.", nameof(dispatch));

    public IDebtorGrain Grain(string key) => grains.GetGrain<IDebtorGrain>(key);

    /// <summary>Who leads the debtor into another.</summary>
    public IMergeGrain Merge(string key) => grains.GetGrain<IMergeGrain>(key);

    /// <summary>Who leads the debtor's split into two.</summary>
    public ISplitGrain Split(string key) => grains.GetGrain<ISplitGrain>(key);

    /// <summary>Keys of every debtor that is a party of the account.</summary>
    public Task<IReadOnlyList<string>> ByAccountAsync(string tenant, string account) => FindAsync(tenant, LinkKind.Account, account);

    /// <summary>Keys of the debtors whose contact the provider knows by this id: one, unless two providers give the same.</summary>
    public Task<IReadOnlyList<string>> ByProviderContactAsync(string tenant, string contact) => FindAsync(tenant, LinkKind.ProviderContact, contact);

    /// <summary>Keys of every debtor that lists the address.</summary>
    public Task<IReadOnlyList<string>> ByAddressAsync(string tenant, string address) => FindAsync(tenant, LinkKind.AddressDigest, addresses.LinkOf(tenant, address).Key);

    /// <summary>What a signal teaches about the address itself is durable first; then the debtors are looked up.</summary>
    public async Task<IReadOnlyList<string>> LearnAsync(string tenant, string address, AddressLesson lesson)
    {
        if (!lesson.IsEmpty) await addresses.LearnAsync(tenant, address, lesson);
        return await ByAddressAsync(tenant, address);
    }

    private async Task<IReadOnlyList<string>> FindAsync(string tenant, LinkKind kind, string key)
    {
        var found = await store.FindLinksAsync(tenant, kind, key);
        var keys = new string[found.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = KeyOf(found[i].Tenant, found[i].Debtor);
        return keys;
    }
}
