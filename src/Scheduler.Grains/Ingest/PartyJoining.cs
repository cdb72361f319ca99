using System.Collections.Immutable;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Storage;

namespace Scheduler.Grains.Ingest;

/// <summary>
/// Brings the parties of an entry to count together before the entry is applied: each other debtor of its accounts and debts, the spouses it
/// names, and its own debtor. Runs outside of grains, because debtors that called each other could wait for ever.
/// </summary>
internal sealed class PartyJoining(IDebtorStore store, IGrainFactory grains)
{
    /// <summary>Null: all have joined.</summary>
    public async Task<Fault?> JoinAsync(EntryCommand entry)
    {
        var tenant = entry.Key.Tenant;
        var joins = new SortedDictionary<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);
        foreach (var spouse in entry.Profile?.SpouseIds ?? [])
        {
            if (spouse == entry.Key.Debtor) continue;
            var scope = SharedScope.Household(entry.Key.Debtor, spouse).ToString();
            Add(entry.Key.Debtor, scope);
            Add(spouse, scope);
        }

        foreach (var key in entry.Accounts.SelectMany(static account => new[] { account.Id.Value, account.DebtKey }).Where(static key => key.Length > 0).Distinct(StringComparer.Ordinal))
        {
            var owers = await OwersAsync(tenant, key);
            if (!owers.Any(ower => ower != entry.Key.Debtor)) continue;
            var scope = SharedScope.Debt(key).ToString();
            Add(entry.Key.Debtor, scope);
            foreach (var ower in owers) Add(ower, scope);
        }

        foreach (var (debtor, scopes) in joins)
        {
            var answer = await grains.GetGrain<IDebtorGrain>($"{tenant}/{debtor}").JoinScopes([.. scopes]);
            if (!answer.Done) return answer.Fault;
        }

        return null;

        void Add(string debtor, string scope) => joins[debtor] = joins.GetValueOrDefault(debtor, ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal)).Add(scope);
    }

    /// <summary>Account ids and debt keys are one name space.</summary>
    private async Task<IReadOnlyList<string>> OwersAsync(string tenant, string key)
    {
        var byAccount = await store.FindLinksAsync(tenant, LinkKind.Account, key);
        var byDebt = await store.FindLinksAsync(tenant, LinkKind.CountingDebt, key);
        return [.. byAccount.Concat(byDebt).Select(static found => found.Debtor).Distinct(StringComparer.Ordinal)];
    }
}
