using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <summary>Digests over normalised values, in a fixed order of fields: equal requests have equal digests, however a client wrote them.</summary>
public static class Digests
{
    private const int Few = 16;

    /// <summary>Digest of an entry's content. Tags, accounts, consents and variables are ordered by key first; points keep their order.</summary>
    public static ulong Of(EntryCommand c)
    {
        var d = new FieldDigest();
        d.Add(c.Key.Tenant).Add(c.Key.Debtor).Add(c.SourceVersion).Add(c.SnapshotId);
        Add(ref d, c.Profile);
        d.Add(c.Points.HasValue);
        if (c.Points is { } points)
        {
            d.Add(points.Length);
            foreach (var point in points) Add(ref d, point);
        }

        d.Add(c.Accounts.Length);
        foreach (var account in ByKey(c.Accounts, static a => a.Id.Value)) Add(ref d, account);
        d.Add(c.Consents.Length);
        foreach (var consent in ByKey(c.Consents, static f => f.Id)) Add(ref d, consent);
        return d.Value;
    }

    /// <summary>Digest of an authorization's body, without its id and fence.</summary>
    public static uint Of(AuthorizeCommand c)
    {
        var d = new FieldDigest();
        d.Add((int)c.Channel).Add(c.Point.Value).Add((int)c.Purpose).Add((int)c.Mode).Add(c.GatewayId).Add(c.AgentId).Add(c.InReplyTo).Add(c.Promotes);
        Add(ref d, c.Accounts);
        return Fold(d.Value);
    }

    /// <summary>Digest of a signal's body, without its id.</summary>
    public static uint Of(SignalCommand c)
    {
        var d = new FieldDigest();
        d.Add(c.OccurredAt).Add((int)c.Channel).Add(c.Source).Add(c.Fact.GetType().Name);
        if (c.Address.Length > 0) d.Add(c.Address);
        switch (c.Fact)
        {
            case SignalFact.Payment p:
                d.Add(p.PaymentId).Add(p.Account.Value);
                Add(ref d, p.Amount);
                d.Add(p.BalanceAfter.HasValue);
                Add(ref d, p.BalanceAfter.GetValueOrDefault());
                break;
            case SignalFact.PromiseSaid(var promise):
                d.Add(promise.Id).Add(promise.DueOn).Add((int)promise.State);
                Add(ref d, promise.Amount);
                Add(ref d, promise.Accounts);
                break;
            case SignalFact.ConsentSaid(var consent):
                Add(ref d, consent);
                break;
            case SignalFact.HoldPlaced(var hold):
                d.Add(hold.Id).Add((int)hold.Kind).Add(hold.CreditorId).Add(hold.Channels.Bits).Add(hold.Start).Add(hold.End).Add(hold.Method);
                Add(ref d, hold.Accounts);
                break;
            case SignalFact.HoldLifted lifted:
                d.Add(lifted.HoldId);
                break;
            case SignalFact.PointChanged changed:
                d.Add(changed.Point.Value).Add((int)changed.Status);
                break;
            case SignalFact.Inbound inbound:
                d.Add((int)inbound.Intent).Add(inbound.ProviderContactId).Add(inbound.SenderId).Add(inbound.SessionExpiresAt)
                    .Add(inbound.Point.Value).Add(inbound.IsTwoWay);
                Add(ref d, inbound.Discussed);
                break;
            case SignalFact.InformationRequested asked:
                d.Add(asked.Subject).Add((int)asked.Channel);
                break;
            case SignalFact.CallbackRequested callback:
                d.Add(callback.Earliest).Add(callback.Latest).Add(callback.Point.Value).Add(callback.GivenDirectly);
                break;
            case SignalFact.ContactedElsewhere(var contact):
                Add(ref d, contact);
                break;
        }

        return Fold(d.Value);
    }

    /// <summary>Digest of a seeded contact's body.</summary>
    public static uint Of(ExternalContact contact)
    {
        var d = new FieldDigest();
        Add(ref d, contact);
        return Fold(d.Value);
    }

    /// <summary>Digest of a closure's body.</summary>
    public static uint Of(CloseCommand c) => Fold(new FieldDigest().Add(c.Account.Value).Add((int)c.Reason).Value);

    public static uint Of(TransferCommand c) => Fold(new FieldDigest()
        .Add(c.Account.Value).Add(c.CreditorId).Add((int)c.Collector).Add((int)c.Stage).Add(c.KeepsConsents).Add(c.TransferredAt).Value);

    /// <summary>Digest of a split's body; the order of what goes says nothing.</summary>
    public static uint Of(SplitCommand c)
    {
        var d = new FieldDigest();
        d.Add(c.NewDebtor);
        Add(ref d, c.Accounts);
        foreach (var point in ByKey(c.Points, static p => p.Value)) d.Add(point.Value);
        return Fold(d.Value);
    }

    /// <summary>Digest over what could be counted: ids, times and facts of the contacts.</summary>
    public static ulong Of(ImmutableArray<ContactRecord> contacts)
    {
        var d = new FieldDigest();
        foreach (var contact in contacts)
        {
            d.Add(contact.Id).Add((int)contact.Channel).Add(contact.PlacedAt).Add((int)contact.Standing).Add(contact.IsCounted).Add(contact.IsInbound);
            Add(ref d, contact.Facts);
        }

        return d.Value;
    }

    /// <summary>Key of a request in <see cref="DebtorState.Applied"/>: its kind and the id its sender chose.</summary>
    public static ulong KeyOf(string kind, string id) => new FieldDigest().Add(kind).Add(id).Value;

    /// <summary>In order of the key; most senders keep it already.</summary>
    private static ImmutableArray<T> ByKey<T>(ImmutableArray<T> items, Func<T, string> key)
    {
        for (var i = 1; i < items.Length; i++)
        {
            if (string.CompareOrdinal(key(items[i - 1]), key(items[i])) > 0) return Sorted(items, key);
        }

        return items;
    }

    /// <summary>Items of one key keep their order. A few are put in place one by one, which needs nothing but the copy.</summary>
    private static ImmutableArray<T> Sorted<T>(ImmutableArray<T> items, Func<T, string> key)
    {
        if (items.Length > Few) return [.. items.OrderBy(key, StringComparer.Ordinal)];
        var sorted = items.AsSpan().ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            var item = sorted[i];
            var at = i;
            for (; at > 0 && string.CompareOrdinal(key(sorted[at - 1]), key(item)) > 0; at--) sorted[at] = sorted[at - 1];
            sorted[at] = item;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(sorted);
    }

    private static uint Fold(ulong digest) => unchecked((uint)(digest ^ (digest >> 32)));

    private static void Add(ref FieldDigest d, DebtorProfile? profile)
    {
        d.Add(profile is not null);
        if (profile is null) return;
        d.Add(profile.Language).Add(profile.LanguageRequested).Add(profile.IsMinor).Add(profile.EmployerForbidsContact)
            .Add(profile.RiskScore.HasValue).Add(BitConverter.DoubleToInt64Bits(profile.RiskScore.GetValueOrDefault()));
        d.Add(profile.Locations.Length);
        foreach (var place in profile.Locations)
        {
            d.Add(place.CountryCode).Add(place.RegionCode).Add(place.MunicipalityCode).Add(place.PostalCode).Add(place.ZoneId)
                .Add((int)place.Source).Add(place.ObservedAt);
        }

        Add(ref d, profile.Tags);
        if (!profile.SpouseIds.IsEmpty) Add(ref d, profile.SpouseIds);
    }

    private static void Add(ref FieldDigest d, ContactPoint point) =>
        d.Add(point.Id.Value).Add((int)point.Kind).Add(point.Address).Add(point.Channels.Bits).Add((int)point.Place).Add((int)point.Status)
            .Add(point.ObtainedFrom).Add(point.ConfirmedAt).Add(point.ReassignmentCheckedAt).Add(point.IsAgreed);

    private static void Add(ref FieldDigest d, Account account)
    {
        d.Add(account.Id.Value).Add(account.CreditorId).Add((int)account.Collector).Add((int)account.Role).Add(account.DebtKey).Add(account.Product)
            .Add(account.IsConsumer).Add(account.BalanceAt).Add(account.OldestDueOn).Add((int)account.Stage).Add(account.ContractOn)
            .Add(account.IsTimeBarred).Add(account.StrategyId).Add(account.PortfolioId);
        Add(ref d, account.Balance);
        Add(ref d, account.Tags);
        d.Add(account.Variables.Length);
        foreach (var (key, value) in ByKey(account.Variables, static v => v.Key)) d.Add(key).Add(value);
    }

    private static void Add(ref FieldDigest d, ConsentFact fact)
    {
        d.Add(fact.Id).Add((int)fact.Kind).Add(fact.Channels.Bits).Add(fact.CreditorId).Add(fact.GivenAt).Add(fact.ExpiresAt).Add(fact.Method)
            .Add((int)fact.Instrument).Add(fact.WordingVersion).Add(fact.EvidenceRef).Add(fact.GivenDirectly).Add(fact.IsOwnInitiative).Add(fact.AlsoOnHolidays);
        d.Add(fact.Purposes.Length);
        foreach (var purpose in fact.Purposes.Length > 1 ? fact.Purposes.Sort() : fact.Purposes) d.Add((int)purpose);
        d.Add(fact.Points.Length);
        foreach (var point in ByKey(fact.Points, static p => p.Value)) d.Add(point.Value);
        Add(ref d, fact.Hours);
    }

    private static void Add(ref FieldDigest d, ExternalContact contact)
    {
        d.Add(contact.Id).Add(contact.CreditorId).Add((int)contact.Channel).Add(contact.Point.Value).Add(contact.PlacedAt).Add(contact.IsInbound)
            .Add((int)contact.Purpose);
        Add(ref d, contact.Facts);
        Add(ref d, contact.Accounts);
        Add(ref d, contact.Discussed);
    }

    private static void Add(ref FieldDigest d, ContactFacts facts) =>
        d.Add(facts.Placed).Add(facts.AddressReached).Add(facts.Delivered).Add(facts.Perceived).Add(facts.MessageLeft).Add(facts.MessagePossible)
            .Add(facts.TwoWay).Add((int)facts.SpokeWith).Add(facts.Abandoned);

    private static void Add(ref FieldDigest d, Amount amount) => d.Add(amount.Currency).Add(amount.Units).Add(amount.Nanos);

    private static void Add(ref FieldDigest d, ImmutableArray<AccountId> accounts)
    {
        d.Add(accounts.Length);
        foreach (var account in ByKey(accounts, static a => a.Value)) d.Add(account.Value);
    }

    private static void Add(ref FieldDigest d, ImmutableArray<string> words)
    {
        d.Add(words.Length);
        foreach (var word in ByKey(words, static w => w)) d.Add(word);
    }

    private static void Add(ref FieldDigest d, ImmutableArray<WeeklyHours> hours)
    {
        d.Add(hours.Length);
        foreach (var span in hours) d.Add(span.Days).Add(span.StartMinute).Add(span.EndMinute);
    }
}
