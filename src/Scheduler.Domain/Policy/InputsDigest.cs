using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>
/// Digest over everything that the rules may look at, so that a verdict made again can show that it was made of the same. What is sealed in
/// the log (addresses, postal codes, evidence) is left out: few-valued fields could be guessed from a digest. The places that these
/// point to are in.
/// </summary>
public static class InputsDigest
{
    public static ulong Of(in PolicyQuestion question, ZoneCandidates places)
    {
        var d = new FieldDigest();
        d.Add(Pack((int)question.Channel, (int)question.Purpose, (int)question.Mode, (int)question.Role, Bit(question.Promotes))).Add(question.At).Add(question.InReplyTo);
        Add(ref d, question.Notices);
        var profile = question.Debtor.Profile;
        d.Add(Pack(Bit(profile.IsMinor), Bit(profile.EmployerForbidsContact)));
        d.Add(places.All.Length);
        foreach (var place in places.All) d.Add(place.Country).Add(place.Region).Add(place.Municipality).Add(place.Zone.Id);
        Add(ref d, question.Point);
        AddAccounts(ref d, question);
        d.Add(question.Debtor.Consents.Length);
        foreach (var fact in question.Debtor.Consents) Add(ref d, fact);
        AddStops(ref d, question.Debtor);
        AddContacts(ref d, question);
        return d.Value;
    }

    private static void Add(ref FieldDigest d, ContactPoint point) => d
        .Add(point.Id.Value).Add(Pack((int)point.Kind, (int)point.Place, (int)point.Status, Bit(point.IsAgreed))).Add(point.Channels.Bits)
        .Add(point.ConfirmedAt).Add(point.ReassignmentCheckedAt);

    private static void AddAccounts(ref FieldDigest d, in PolicyQuestion question)
    {
        d.Add(question.Accounts.IsDefault ? 0 : question.Accounts.Length);
        foreach (var account in question.Accounts.IsDefault ? [] : question.Accounts)
        {
            d.Add(account.Id.Value).Add(account.CreditorId).Add(account.Product).Add(account.OldestDueOn).Add(account.ContractOn)
                .Add(Pack((int)account.Collector, (int)account.Stage, Bit(account.IsConsumer), Bit(account.IsTimeBarred)));
        }

        d.Add(question.Debtor.Accounts.Length);
        foreach (var account in question.Debtor.Accounts) d.Add(account.Id.Value).Add(account.DebtKey);
        foreach (var former in question.Debtor.FormerDebts) d.Add(former.Account.Value).Add(former.Key);
    }

    private static void Add(ref FieldDigest d, ConsentFact fact)
    {
        d.Add(fact.Id).Add(Pack((int)fact.Kind, (int)fact.Instrument, Bit(fact.GivenDirectly), Bit(fact.IsOwnInitiative), Bit(fact.AlsoOnHolidays)))
            .Add(fact.Channels.Bits).Add(fact.CreditorId).Add(fact.GivenAt).Add(fact.ExpiresAt).Add(fact.Method);
        d.Add(fact.Purposes.Length);
        foreach (var purpose in fact.Purposes) d.Add((int)purpose);
        d.Add(fact.Points.Length);
        foreach (var point in fact.Points) d.Add(point.Value);
        d.Add(fact.Hours.Length);
        foreach (var hours in fact.Hours) d.Add(hours.Days).Add(hours.StartMinute).Add(hours.EndMinute);
    }

    /// <summary>Holds and promises.</summary>
    private static void AddStops(ref FieldDigest d, DebtorState debtor)
    {
        d.Add(debtor.Holds.Length);
        foreach (var hold in debtor.Holds)
        {
            d.Add(hold.Id).Add((int)hold.Kind).Add(hold.CreditorId).Add(hold.Channels.Bits).Add(hold.Start).Add(hold.End);
            Add(ref d, hold.Accounts);
        }

        d.Add(debtor.Promises.Length);
        foreach (var promise in debtor.Promises)
        {
            d.Add(promise.Id).Add((int)promise.State).Add(promise.DueOn);
            Add(ref d, promise.Accounts);
        }
    }

    private static void AddContacts(ref FieldDigest d, in PolicyQuestion question)
    {
        foreach (var contact in question.Debtor.Contacts)
        {
            if (!question.Leaves(contact.Id)) Add(ref d, contact);
        }

        foreach (var shared in question.Shared.IsDefault ? [] : question.Shared)
        {
            Add(ref d, shared.Contact);
            d.Add(Pack(Bit(shared.IsHousehold), shared.Weight));
            Add(ref d, shared.Debts);
            Add(ref d, shared.DebtsDiscussed);
        }
    }

    private static void Add(ref FieldDigest d, ContactRecord contact)
    {
        var facts = contact.Facts;
        d.Add(contact.Id).Add(contact.PlacedAt).Add(contact.DeliveredAt).Add(contact.FirstDate).Add(contact.LastDate).Add(contact.SessionExpiresAt)
            .Add(contact.CreditorId).Add(contact.Point.Value)
            .Add(Pack((int)contact.Channel, (int)contact.Purpose, (int)contact.Place, (int)contact.Standing, Bit(contact.IsInbound), Bit(contact.IsCounted)))
            .Add(Pack((int)facts.SpokeWith, Bit(facts.Placed), Bit(facts.AddressReached), Bit(facts.Delivered), Bit(facts.Perceived), Bit(facts.MessageLeft), Bit(facts.MessagePossible), Bit(facts.TwoWay)));
        Add(ref d, contact.Accounts);
        Add(ref d, contact.Discussed);
    }

    private static void Add(ref FieldDigest d, ImmutableArray<AccountId> accounts)
    {
        d.Add(accounts.IsDefault ? 0 : accounts.Length);
        foreach (var account in accounts.IsDefault ? [] : accounts) d.Add(account.Value);
    }

    private static void Add(ref FieldDigest d, ImmutableArray<string> words)
    {
        d.Add(words.IsDefault ? 0 : words.Length);
        foreach (var word in words.IsDefault ? [] : words) d.Add(word);
    }

    /// <summary>Small values side by side: eight bits each.</summary>
    private static long Pack(params ReadOnlySpan<int> values)
    {
        var packed = 0UL;
        foreach (var value in values) packed = (packed << 8) | unchecked((byte)value);
        return unchecked((long)packed);
    }

    private static int Bit(bool? fact) => fact switch { null => 2, true => 1, false => 0 };
}
