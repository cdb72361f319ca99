using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>
/// Joins what is reported about one contact, in any order and any number of times, to the same record: of two answers the stricter stands.
/// </summary>
public static class FactJoin
{
    /// <summary>Bits of <see cref="ContactRecord.ReceiptKinds"/> beside those of the kinds (1-12) and of kinds for a part (13-24).</summary>
    public const uint NotPlacedReported = 1u << 28;
    public const uint PlacedReported = 1u << 29;
    public const uint FinalReceipt = 1u << 30;

    private const int PartShift = 12;

    /// <summary>What was recorded says that the contact was placed. That it was blocked, refused or the last of its receipts does not.</summary>
    public static bool SaysPlaced(uint receiptKinds) =>
        (receiptKinds & ~(NotPlacedReported | FinalReceipt | BitOf(ReceiptKind.Blocked, 0) | BitOf(ReceiptKind.Blocked, 1))) != 0;

    /// <summary>Yes stands over no, no over not known.</summary>
    public static ContactFacts Join(ContactFacts a, ContactFacts b) => new()
    {
        Placed = a.Placed || b.Placed,
        AddressReached = Join(a.AddressReached, b.AddressReached),
        Delivered = Join(a.Delivered, b.Delivered),
        Perceived = Join(a.Perceived, b.Perceived),
        MessageLeft = Join(a.MessageLeft, b.MessageLeft),
        MessagePossible = Join(a.MessagePossible, b.MessagePossible),
        TwoWay = Join(a.TwoWay, b.TwoWay),
        Abandoned = Join(a.Abandoned, b.Abandoned),
        SpokeWith = Join(a.SpokeWith, b.SpokeWith),
    };

    /// <summary>Two records of one contact, of which neither is newer: yes stands over not known, which may count as the worst, and only two noes are a no.</summary>
    public static ContactFacts Worse(ContactFacts a, ContactFacts b) => new()
    {
        Placed = a.Placed || b.Placed,
        AddressReached = Worse(a.AddressReached, b.AddressReached),
        Delivered = Worse(a.Delivered, b.Delivered),
        Perceived = Worse(a.Perceived, b.Perceived),
        MessageLeft = Worse(a.MessageLeft, b.MessageLeft),
        MessagePossible = Worse(a.MessagePossible, b.MessagePossible),
        TwoWay = Worse(a.TwoWay, b.TwoWay),
        Abandoned = Worse(a.Abandoned, b.Abandoned),
        SpokeWith = Join(a.SpokeWith, b.SpokeWith),
    };

    /// <summary>What the gateway said in so many words, and where it said nothing, what its disposition implies.</summary>
    public static ContactFacts Of(Outcome.Placed placed)
    {
        var said = placed.Facts;
        var implied = Implied(placed.Disposition);
        return new ContactFacts
        {
            Placed = true,
            AddressReached = said.AddressReached ?? implied.AddressReached,
            Delivered = said.Delivered ?? implied.Delivered,
            Perceived = said.Perceived ?? implied.Perceived,
            MessageLeft = said.MessageLeft ?? implied.MessageLeft,
            MessagePossible = said.MessagePossible ?? implied.MessagePossible,
            TwoWay = said.TwoWay ?? implied.TwoWay,
            Abandoned = said.Abandoned ?? implied.Abandoned,
            SpokeWith = said.SpokeWith == PartyRole.Unknown ? implied.SpokeWith : said.SpokeWith,
        };
    }

    /// <summary>The bit that says that such a receipt was recorded.</summary>
    public static uint BitOf(ReceiptKind kind, int part) => 1u << ((int)kind + (part > 0 ? PartShift : 0));

    /// <summary>Such a receipt says that the message reached the device or mailbox.</summary>
    public static bool SaysDelivered(ReceiptKind kind) =>
        kind is ReceiptKind.Delivered or ReceiptKind.Read or ReceiptKind.Opened or ReceiptKind.Clicked or ReceiptKind.Complaint or ReceiptKind.Unsubscribed;

    /// <summary>Such a receipt, about the whole message, says that it did not.</summary>
    public static bool SaysUndelivered(ReceiptKind kind) => kind is ReceiptKind.Failed or ReceiptKind.Expired or ReceiptKind.BouncedHard;

    /// <summary>In such a channel people speak with each other, or may have.</summary>
    public static bool IsSpoken(ContactChannel channel) => channel is ContactChannel.Call or ContactChannel.Ivr or ContactChannel.Visit or ContactChannel.Chat;

    /// <summary>Nothing that silence could settle is open: of a message nothing ever is, of a spoken contact whether people spoke.</summary>
    public static bool IsSettledBySilence(ContactChannel channel, ContactFacts facts) =>
        !IsSpoken(channel) || facts.TwoWay is not null || facts.AddressReached == false || facts.Delivered == false;

    /// <summary>The record with one more receipt. Equal to itself when the receipt says nothing new.</summary>
    public static ContactRecord With(this ContactRecord contact, ReceiptCommand receipt)
    {
        var facts = Join(contact.Facts, FactsOf(receipt));
        var isDelivered = SaysDelivered(receipt.Kind);
        var bits = contact.ReceiptKinds | BitOf(receipt.Kind, receipt.Part) | (receipt.IsFinal ? FinalReceipt : 0);
        // A receipt knows of messages; whether two people spoke, only who placed the contact can say.
        var settles = !IsSpoken(contact.Channel) && (isDelivered || receipt.IsFinal || (receipt.Part == 0 && SaysUndelivered(receipt.Kind)));
        var deliveredAt = isDelivered && (contact.DeliveredAt is not { } known || receipt.OccurredAt < known) ? receipt.OccurredAt : contact.DeliveredAt;
        return contact with
        {
            Facts = facts,
            ReceiptKinds = bits,
            DeliveredAt = deliveredAt,
            Standing = settles ? ContactStanding.Settled : contact.Standing,
            SettlesAt = settles ? null : contact.SettlesAt,
        };
    }

    private static ContactFacts FactsOf(ReceiptCommand receipt) => receipt.Kind switch
    {
        ReceiptKind.Read => new() { Placed = true, AddressReached = true, Delivered = true, Perceived = true },
        _ when SaysDelivered(receipt.Kind) => new() { Placed = true, AddressReached = true, Delivered = true },
        ReceiptKind.BouncedHard when receipt.Part == 0 => new() { Placed = true, AddressReached = false, Delivered = false },
        _ when SaysUndelivered(receipt.Kind) && receipt.Part == 0 => new() { Placed = true, Delivered = false },
        ReceiptKind.Blocked => default,
        _ => new() { Placed = true },
    };

    private static ContactFacts Implied(Disposition disposition) => disposition switch
    {
        Disposition.Busy or Disposition.NoAnswer or Disposition.Rejected => NotReached with { AddressReached = true, MessagePossible = false },
        Disposition.NotInService => NotReached with { AddressReached = false, MessagePossible = false },
        Disposition.NetworkFailure => NotReached with { MessagePossible = false },
        Disposition.Fax => NotReached with { AddressReached = true, MessagePossible = false },
        Disposition.MachineNoMessage => NotReached with { AddressReached = true, MessagePossible = true },
        Disposition.MachineMessageLeft => new() { AddressReached = true, MessagePossible = true, MessageLeft = true, Perceived = false, TwoWay = false },
        Disposition.Abandoned => Answered with { TwoWay = false, Abandoned = true },
        Disposition.HungUp => Answered with { TwoWay = false },
        Disposition.WrongParty or Disposition.ThirdParty => NotReached with { AddressReached = true, SpokeWith = PartyRole.ThirdParty },
        Disposition.RightParty => Answered with { TwoWay = true, SpokeWith = PartyRole.Principal },
        _ => default,
    };

    private static ContactFacts NotReached => new() { Delivered = false, Perceived = false, MessageLeft = false, TwoWay = false };

    private static ContactFacts Answered => new() { AddressReached = true, Delivered = true, Perceived = true, MessageLeft = false };

    private static bool? Worse(bool? a, bool? b) => a == true || b == true ? true : a == false && b == false ? false : null;

    private static bool? Join(bool? a, bool? b) => a == true || b == true ? true : a ?? b;

    /// <summary>The debtor stands over anybody else, anybody over not known.</summary>
    private static PartyRole Join(PartyRole a, PartyRole b) => a == PartyRole.Unknown || (b != PartyRole.Unknown && b < a) ? b : a;
}
