using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Consent;

/// <summary>What is known of an address itself, whoever lists it. The numbers are stored.</summary>
public enum AddressFactKind : byte
{
    Unknown = 0,

    /// <summary>Who answers there said stop.</summary>
    Stopped = 1,

    /// <summary>Who answers there is not who was looked for.</summary>
    WrongPerson = 2,

    /// <summary>The number was given to somebody else.</summary>
    Reassigned = 3,

    /// <summary>It was a person's who has been erased: nobody may be contacted there without having agreed since.</summary>
    Erased = 4,
}

/// <summary>One fact about an address; it binds every debtor that comes to list the address later.</summary>
/// <param name="Channel">Of a stop: what was stopped; unknown: everything.</param>
/// <param name="At">What was agreed or confirmed after it stands against it.</param>
public readonly record struct AddressFact(AddressFactKind Kind, ContactChannel Channel, Instant At);

/// <summary>What a signal that names an address teaches about the address: facts that hold from then on, and facts that it takes back.</summary>
public readonly record struct AddressLesson(ImmutableArray<AddressFact> Learned, ImmutableArray<AddressFact> Taken)
{
    private static readonly AddressLesson None = new([], []);

    public bool IsEmpty => Learned.IsEmpty && Taken.IsEmpty;

    public static AddressLesson Of(SignalCommand c, Instant now)
    {
        var at = Instant.Min(c.OccurredAt, now);
        return c.Fact switch
        {
            SignalFact.Inbound inbound => Of(inbound.Intent, c.Channel, at),
            SignalFact.PointChanged changed => Of(changed.Status, at),
            SignalFact.ConsentSaid(var consent) => Of(consent, now),
            SignalFact.HoldPlaced({ Kind: HoldKind.Cease } hold) => Learn(Stops(hold.Channels, Instant.Min(hold.Start, now))),
            _ => None,
        };
    }

    private static AddressLesson Of(InboundIntent intent, ContactChannel channel, Instant at) => intent switch
    {
        InboundIntent.Stop => Learn([new AddressFact(AddressFactKind.Stopped, channel, at)]),
        InboundIntent.Cease => Learn([new AddressFact(AddressFactKind.Stopped, ContactChannel.Unknown, at)]),
        InboundIntent.WrongPerson => Learn([new AddressFact(AddressFactKind.WrongPerson, ContactChannel.Unknown, at)]),
        InboundIntent.Start => Take([new AddressFact(AddressFactKind.Stopped, channel, at)]),
        _ => None,
    };

    private static AddressLesson Of(PointStatus status, Instant at) => status switch
    {
        PointStatus.WrongPerson => Learn([new AddressFact(AddressFactKind.WrongPerson, ContactChannel.Unknown, at)]),
        PointStatus.Reassigned => Learn([new AddressFact(AddressFactKind.Reassigned, ContactChannel.Unknown, at)]),
        PointStatus.Confirmed => Take(
            [new AddressFact(AddressFactKind.WrongPerson, ContactChannel.Unknown, at), new AddressFact(AddressFactKind.Reassigned, ContactChannel.Unknown, at)]),
        _ => None,
    };

    /// <summary>A withdrawal for some other purpose than collecting, or from one creditor, says nothing about the address.</summary>
    private static AddressLesson Of(ConsentFact consent, Instant now)
    {
        var isWhole = (consent.Purposes.IsEmpty || consent.Purposes.Contains(ContactPurpose.Collection)) && consent.CreditorId.Length == 0;
        return isWhole && consent.Kind == ConsentKind.Withdrawn ? Learn(Stops(consent.Channels, Instant.Min(consent.GivenAt, now))) : None;
    }

    private static ImmutableArray<AddressFact> Stops(ChannelSet channels, Instant at)
    {
        if (channels.IsEmpty) return [new AddressFact(AddressFactKind.Stopped, ContactChannel.Unknown, at)];
        var stops = ImmutableArray.CreateBuilder<AddressFact>();
        for (var channel = ContactChannel.Whatsapp; channel <= ContactChannel.Visit; channel++)
        {
            if (channels.Contains(channel)) stops.Add(new AddressFact(AddressFactKind.Stopped, channel, at));
        }

        return stops.ToImmutable();
    }

    private static AddressLesson Learn(ImmutableArray<AddressFact> facts) => new(facts, []);

    private static AddressLesson Take(ImmutableArray<AddressFact> facts) => new([], facts);
}
