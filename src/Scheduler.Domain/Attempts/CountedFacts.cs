using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>The facts of a contact as rules count them: each is decided, none is open.</summary>
[Flags]
public enum CountedFacts : ushort
{
    None = 0, Placed = 1, AddressReached = 2, Delivered = 4, Perceived = 8, MessageLeft = 16, MessagePossible = 32, TwoWay = 64, Outbound = 128, Inbound = 256,
}

/// <summary>Worst case until denied: turns what is known of a contact into what is counted.</summary>
public static class WorstCase
{
    private const CountedFacts Spoken = CountedFacts.Delivered | CountedFacts.Perceived | CountedFacts.TwoWay;

    /// <summary>
    /// Until a contact is settled, a fact not known is what its channel allows at worst. Silence proves nothing: that it was delivered or
    /// that two people spoke stays the worst after that too, unless something reported denies it. That the address was reached, or that a
    /// message could have been left, is an excuse when denied: unless denied it is taken as so.
    /// </summary>
    public static CountedFacts Effective(this ContactRecord contact)
    {
        var known = contact.Facts;
        var isOpen = contact.Standing != ContactStanding.Settled;
        var worst = WorstOf(contact, isOpen);
        var facts = contact.IsInbound ? CountedFacts.Inbound : CountedFacts.Outbound;
        if (known.Placed || isOpen) facts |= CountedFacts.Placed;
        if (known.AddressReached != false) facts |= CountedFacts.AddressReached;
        if (known.MessagePossible != false) facts |= CountedFacts.MessagePossible;
        facts |= Either(known.Delivered ?? (contact.DeliveredAt is null ? null : true), CountedFacts.Delivered, worst);
        facts |= Either(known.Perceived, CountedFacts.Perceived, worst);
        facts |= Either(known.MessageLeft, CountedFacts.MessageLeft, worst);
        facts |= Either(known.TwoWay, CountedFacts.TwoWay, worst);
        return facts;
    }

    private static CountedFacts WorstOf(ContactRecord contact, bool isOpen)
    {
        var known = contact.Facts;
        if ((!isOpen && !known.Placed) || known.AddressReached == false) return CountedFacts.None;
        var worst = Worst(contact.Channel);
        if (!isOpen) worst &= CountedFacts.Delivered | CountedFacts.TwoWay;
        return known.Delivered == false ? worst & ~Spoken : worst;
    }

    /// <summary>The most that a contact through the channel may turn out to have been.</summary>
    public static CountedFacts Worst(ContactChannel channel) => channel switch
    {
        ContactChannel.Call or ContactChannel.Ivr or ContactChannel.Visit or ContactChannel.Chat or ContactChannel.Unknown => Spoken | CountedFacts.MessageLeft,
        ContactChannel.VoicemailDrop => CountedFacts.Delivered | CountedFacts.MessageLeft,
        _ => CountedFacts.Delivered,
    };

    private static CountedFacts Either(bool? known, CountedFacts fact, CountedFacts worst) => (known ?? ((worst & fact) != 0)) ? fact : CountedFacts.None;
}
