using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// Who gets what of a debtor that is split. What counts or restricts stays with both: contacts, holds, refusals, every hint of place of the
/// profile. Accounts with their plans and promises, and points, are one's; a permission that names points holds where the point is.
/// </summary>
internal static class Parting
{
    /// <summary>Begins the source of what came with a split.</summary>
    public const string SplitCause = "split:";

    /// <summary>Gives the new debtor its part, each piece with its event: its log tells of all that is counted for it.</summary>
    public static void Give(Draft d, DebtorState source, Split split)
    {
        var cause = SplitCause + source.Key.Debtor;
        var goes = new Part(split, IsNew: true);
        d.State = d.State with
        {
            Profile = source.Profile,
            Points = source.Points.RemoveAll(point => !goes.Has(point.Id)),
            Accounts = source.Accounts.RemoveAll(account => !goes.Has(account.Id)),
            Plans = source.Plans.RemoveAll(plan => !goes.Has(plan.Account)),
            Contacts = [.. source.Contacts.Where(static c => !c.IsUnplaced()).Select(contact => Widened(contact, source.Accounts))],
            Consents = [.. source.Consents.Select(goes.Of).OfType<ConsentFact>()],
            Holds = source.Holds,
            Promises = [.. source.Promises.Select(goes.Of).OfType<Promise>()],
            Applied = source.Applied,
            FormerDebts = source.FormerDebts,
        };
        foreach (var account in source.Accounts.Where(account => !goes.Has(account.Id))) d.KeepDebtOf(account);
        d.Record(new DebtorEvent.ProfileReplaced(d.Now, d.State.Profile));
        RecordPoints(d);
        foreach (var account in d.State.Accounts)
        {
            d.Record(new DebtorEvent.AccountEntered(d.Now, account with { Variables = [] }));
            if (account.Closed is { } reason) d.Record(new DebtorEvent.AccountClosed(d.Now, account.Id, reason));
        }

        foreach (var contact in d.State.Contacts) d.Record(new DebtorEvent.ContactSeeded(contact.PlacedAt, contact, cause, Counted: true));
        foreach (var fact in d.State.Consents) d.Record(new DebtorEvent.ConsentRecorded(fact.GivenAt, fact, cause));
        foreach (var hold in d.State.Holds) d.Record(new DebtorEvent.HoldPlaced(hold.Start, hold, cause));
        foreach (var promise in d.State.Promises) d.Record(new DebtorEvent.PromiseChanged(d.Now, promise));
    }

    /// <summary>Takes from the first debtor what is the new one's. A call that was asked for at a point that went is not made.</summary>
    public static void Leave(Draft d, Split split)
    {
        var stays = new Part(split, IsNew: false);
        var all = d.State.Accounts;
        d.State = d.State with
        {
            Points = d.State.Points.RemoveAll(point => !stays.Has(point.Id)),
            Accounts = all.RemoveAll(account => !stays.Has(account.Id)),
            Plans = d.State.Plans.RemoveAll(plan => !stays.Has(plan.Account)),
            Contacts = [.. d.State.Contacts.Select(contact => Widened(contact, all))],
            Consents = [.. d.State.Consents.Select(stays.Of).OfType<ConsentFact>()],
            Promises = [.. d.State.Promises.Select(stays.Of).OfType<Promise>()],
            Callback = d.State.Callback is { } asked && asked.Point != default && !stays.Has(asked.Point) ? null : d.State.Callback,
        };
        foreach (var account in all.Where(account => !stays.Has(account.Id))) d.KeepDebtOf(account);
        RecordPoints(d);
    }

    private static void RecordPoints(Draft d) => d.Record(new DebtorEvent.PointsReplaced(d.Now, d.State.Points));

    /// <summary>A contact about one account of a debt is about the debt: said in so many words, for when the account itself is the other's.</summary>
    private static ContactRecord Widened(ContactRecord contact, ImmutableArray<Account> accounts) => contact with
    {
        Accounts = Widened(contact.Accounts, accounts),
        Discussed = Widened(contact.Discussed, accounts),
    };

    private static ImmutableArray<AccountId> Widened(ImmutableArray<AccountId> named, ImmutableArray<Account> accounts)
    {
        if (named.IsDefaultOrEmpty) return named;
        var debts = accounts.Where(account => account.DebtKey.Length > 0 && named.Contains(account.Id)).Select(static account => account.DebtKey).ToHashSet(StringComparer.Ordinal);
        var more = accounts.Where(account => debts.Contains(account.DebtKey) && !named.Contains(account.Id)).Select(static account => account.Id).ToImmutableArray();
        return more.IsEmpty ? named : named.AddRange(more);
    }

    /// <summary>One of the two parts.</summary>
    private readonly record struct Part(Split Split, bool IsNew)
    {
        public bool Has(AccountId account) => Split.Accounts.Contains(account) == IsNew;

        public bool Has(PointId point) => Split.Points.Contains(point) == IsNew;

        public ConsentFact? Of(ConsentFact fact)
        {
            if (Changes.IsRefusal(fact) || fact.Points.IsEmpty) return fact;
            ImmutableArray<PointId> points = [.. fact.Points.Where(Has)];
            return points.IsEmpty ? null : points.Length == fact.Points.Length ? fact : fact with { Points = points };
        }

        public Promise? Of(Promise promise)
        {
            if (promise.Accounts.IsEmpty) return promise;
            ImmutableArray<AccountId> accounts = [.. promise.Accounts.Where(Has)];
            return accounts.IsEmpty ? null : accounts.Length == promise.Accounts.Length ? promise : promise with { Accounts = accounts };
        }
    }
}
