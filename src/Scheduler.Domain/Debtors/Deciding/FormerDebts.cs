using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// A contact counts for the debts that it was about when it was made: an account whose key is corrected, or that leaves the state, takes no
/// contact out of a counter. What no contact of the list needs any more is let go, a shared scope too once nothing belongs to it.
/// </summary>
internal static class FormerDebts
{
    /// <summary>The account's key changes, or the account leaves.</summary>
    public static void KeepDebtOf(this Draft d, Account account)
    {
        if (d.State.Contacts.IsEmpty && d.State.Lease is null) return;
        var kept = d.State.FormerDebts;
        foreach (var key in (ReadOnlySpan<string>)[account.Id.Value, account.DebtKey])
        {
            var former = new FormerDebt(account.Id, key);
            if (key.Length > 0 && !kept.Contains(former)) kept = kept.Add(former);
        }

        if (kept.Length != d.State.FormerDebts.Length) d.State = d.State with { FormerDebts = kept };
    }

    /// <summary>Without former debts that no contact is about, and without scopes of debts that nothing here belongs to.</summary>
    /// <param name="keepsScopes">They were just joined: what belongs to them comes next.</param>
    public static DebtorState WithoutLapsed(Draft d, bool keepsScopes)
    {
        return d.State.FormerDebts.IsEmpty && d.State.SharedScopes.IsEmpty ? d.State : LetGo(d, keepsScopes);
    }

    private static DebtorState LetGo(Draft d, bool keepsScopes)
    {
        var state = d.State;
        var counted = state.Contacts.RemoveAll(d.IsOver);
        if (!state.FormerDebts.IsEmpty)
        {
            var kept = state.FormerDebts.RemoveAll(former => !IsNeeded(state, counted, former));
            if (kept.Length != state.FormerDebts.Length) state = state with { FormerDebts = kept };
        }

        if (keepsScopes || state.SharedScopes.IsEmpty || state.IsClosed || state.Lease is not null) return state;
        var scopes = state.SharedScopes.RemoveAll(scope => scope.Kind == SharedKind.Debt && !Belongs(state, counted, scope.Id));
        return scopes.Length == state.SharedScopes.Length ? state : state with { SharedScopes = scopes };
    }

    private static bool IsNeeded(DebtorState state, ImmutableArray<ContactRecord> counted, FormerDebt former)
    {
        var index = Changes.IndexOf(state.Accounts, former.Account);
        if (index >= 0 && (former.Key == former.Account.Value || former.Key == state.Accounts[index].DebtKey)) return false;
        if (state.Lease is { } lease && lease.Accounts.Contains(former.Account)) return true;
        foreach (var contact in counted)
        {
            if (IsAboutAll(contact) || Names(contact, former.Account)) return true;
        }

        return false;
    }

    private static bool Belongs(DebtorState state, ImmutableArray<ContactRecord> counted, string debt)
    {
        foreach (var account in state.Accounts)
        {
            if (account.Id.Value == debt || account.DebtKey == debt) return true;
        }

        foreach (var former in state.FormerDebts)
        {
            if (former.Key == debt) return true;
        }

        foreach (var contact in counted)
        {
            if (Names(contact, new AccountId(debt))) return true;
        }

        return false;
    }

    private static bool IsAboutAll(ContactRecord contact) => contact.Accounts.IsDefaultOrEmpty && contact.Discussed.IsDefaultOrEmpty;

    private static bool Names(ContactRecord contact, AccountId account) => contact.Accounts.Contains(account) || contact.Discussed.Contains(account);
}
