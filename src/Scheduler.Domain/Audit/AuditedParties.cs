using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>The debtors of a log, and who of a tenant owes or lives with whom as far as the log has told. Threading: owned by one checker.</summary>
internal sealed class AuditedParties
{
    private readonly Dictionary<DebtorKey, AuditedDebtor> _debtors = [];
    private readonly Dictionary<(string Tenant, SharedScope Scope), HashSet<DebtorKey>> _parties = [];
    private readonly Dictionary<DebtorKey, HashSet<SharedScope>> _households = [];

    public int Count => _debtors.Count;

    public AuditedDebtor Of(DebtorKey key)
    {
        if (!_debtors.TryGetValue(key, out var debtor)) _debtors[key] = debtor = new AuditedDebtor(key);
        return debtor;
    }

    public IEnumerable<AuditedDebtor> All => _debtors.Values;

    /// <summary>The debtor as if nothing were known of it yet, but which of its records were read.</summary>
    public AuditedDebtor Restart(DebtorKey key) => _debtors[key] = new AuditedDebtor(key) { Drops = Of(key).Drops };

    /// <summary>What the event says of accounts, debts and spouses. What was shared once stays shared.</summary>
    public void Take(DebtorKey key, DebtorEvent change)
    {
        switch (change)
        {
            case DebtorEvent.AccountEntered { Account: var account }:
                Add(key, SharedScope.Debt(account.Id.Value));
                if (account.DebtKey.Length > 0) Add(key, SharedScope.Debt(account.DebtKey));
                break;
            // Either names the other: both are of the household.
            case DebtorEvent.ProfileReplaced e:
                foreach (var spouse in e.Profile.SpouseIds)
                {
                    Add(key, SharedScope.Household(key.Debtor, spouse));
                    Add(key with { Debtor = spouse }, SharedScope.Household(key.Debtor, spouse));
                }

                break;
            // A debtor that took another in is of the other's households.
            case DebtorEvent.ScopeJoined e: Add(key, e.Scope); break;
        }
    }

    /// <summary>Everybody else who owes the account, or its debt.</summary>
    public IEnumerable<AuditedDebtor> Owing(AuditedDebtor debtor, Account account, bool isDebt)
    {
        var scopes = new HashSet<SharedScope> { SharedScope.Debt(account.Id.Value) };
        if (isDebt && account.DebtKey.Length > 0) scopes.Add(SharedScope.Debt(account.DebtKey));
        return Others(debtor.Key, scopes);
    }

    /// <summary>The debtor's spouses.</summary>
    public IEnumerable<AuditedDebtor> HouseholdOf(AuditedDebtor debtor) => Others(debtor.Key, _households.GetValueOrDefault(debtor.Key) ?? []);

    private IEnumerable<AuditedDebtor> Others(DebtorKey key, IEnumerable<SharedScope> scopes) => scopes
        .SelectMany(scope => _parties.GetValueOrDefault((key.Tenant, scope)) ?? [])
        .Where(other => other != key).Distinct()
        .Select(_debtors.GetValueOrDefault).OfType<AuditedDebtor>();

    private void Add(DebtorKey key, SharedScope scope)
    {
        if (!_parties.TryGetValue((key.Tenant, scope), out var parties)) _parties[(key.Tenant, scope)] = parties = [];
        parties.Add(key);
        if (scope.Kind != SharedKind.Household) return;
        if (!_households.TryGetValue(key, out var scopes)) _households[key] = scopes = [];
        scopes.Add(scope);
    }
}
