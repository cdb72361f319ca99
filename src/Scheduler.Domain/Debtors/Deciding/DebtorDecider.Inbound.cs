using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>The debtor wrote or called.</content>
public static partial class DebtorDecider
{
    /// <summary>Automatic contact pauses for this long after a message that could not be understood.</summary>
    private static readonly Duration UnclearPause = Duration.FromHours(24);

    /// <summary>A person is to call back within this time where the debtor asked for one.</summary>
    private static readonly Duration AgentWithin = Duration.FromHours(48);

    private static Refusal? Receive(Draft d, SignalCommand c, SignalFact.Inbound inbound)
    {
        if (HoldFor(c, inbound) is { } hold)
        {
            if (d.State.Holds.Length >= DebtorLimits.Holds && !d.State.Holds.Any(h => h.Id == hold.Id)) return TooMany("holds", DebtorLimits.Holds);
            RecordInbound(d, c, inbound);
            d.PlaceHold(hold, c.SignalId);
            return null;
        }

        RecordInbound(d, c, inbound);
        switch (inbound.Intent)
        {
            case InboundIntent.Stop:
                d.WithdrawMedium(c.Channel, $"stop:{c.SignalId}", c.OccurredAt, "inbound");
                break;
            case InboundIntent.Start:
                Restart(d, c);
                break;
            case InboundIntent.WrongPerson when PointOf(d.State.Points, inbound.Point) is not null:
                d.SetPoint(inbound.Point, PointStatus.WrongPerson, c.OccurredAt, c.SignalId);
                break;
            case InboundIntent.WantsAgent:
                d.State = d.State with { Callback = new Callback(c.SignalId, c.OccurredAt, c.OccurredAt + AgentWithin, inbound.Point) };
                d.Record(new DebtorEvent.CallbackAsked(c.OccurredAt, c.SignalId, c.OccurredAt, c.OccurredAt + AgentWithin, inbound.Point));
                break;
        }

        return null;
    }

    /// <summary>Intents that stop contact until somebody has looked; the unclear ones only for a day.</summary>
    private static Hold? HoldFor(SignalCommand c, SignalFact.Inbound inbound) => inbound.Intent switch
    {
        InboundIntent.Cease => Held(c, HoldKind.Cease, []),
        InboundIntent.PaymentClaimed => Held(c, HoldKind.PaymentClaimed, inbound.Discussed),
        InboundIntent.Dispute => Held(c, HoldKind.Dispute, inbound.Discussed),
        InboundIntent.Vulnerable => Held(c, HoldKind.Hardship, []),
        InboundIntent.Complaint => Held(c, HoldKind.Complaint, []),
        InboundIntent.Unclear or InboundIntent.Unknown => Paused(c),
        InboundIntent.WrongPerson when inbound.Point == default => Paused(c),
        _ => null,
    };

    private static Hold Held(SignalCommand c, HoldKind kind, ImmutableArray<AccountId> accounts) =>
        new() { Id = $"inbound:{c.SignalId}", Kind = kind, Accounts = accounts, Start = c.OccurredAt, Method = "inbound" };

    private static Hold Paused(SignalCommand c) => Held(c, HoldKind.Operator, []) with { End = c.OccurredAt + UnclearPause };

    /// <summary>The newest stop of the medium is answered by a grant of it, in a message of the debtor's own.</summary>
    private static void Restart(Draft d, SignalCommand c) => d.RecordConsent(
        new ConsentFact
        {
            Id = $"start:{c.SignalId}",
            Kind = ConsentKind.Granted,
            Channels = c.Channel == ContactChannel.Unknown ? default : ChannelSet.Of(c.Channel),
            GivenAt = c.OccurredAt,
            Method = "inbound",
            Instrument = ConsentInstrument.Message,
            GivenDirectly = true,
        },
        c.SignalId);

    /// <summary>
    /// The message or call as a contact that the debtor began. An exchange about debts counts for each of them, and for all where it is
    /// not said which. Who writes from a point has confirmed it.
    /// </summary>
    private static void RecordInbound(Draft d, SignalCommand c, SignalFact.Inbound inbound)
    {
        var accounts = inbound.Discussed.IsEmpty && inbound.IsTwoWay ? AccountsOf(d.State, "") : inbound.Discussed;
        var contact = d.WithDates(new ContactRecord
        {
            Id = inbound.ProviderContactId.Length > 0 && d.State.FindContact(inbound.ProviderContactId) is null ? inbound.ProviderContactId : c.SignalId,
            Channel = c.Channel,
            Point = inbound.Point,
            Place = ContactList.PlaceOf(d.State, inbound.Point),
            Accounts = accounts,
            Discussed = inbound.Discussed,
            CreditorId = accounts.IsEmpty ? "" : ContactList.CreditorOf(d.State, accounts[0]),
            Purpose = ContactPurpose.Unknown,
            IsInbound = true,
            PlacedAt = c.OccurredAt,
            FirstDate = default,
            LastDate = default,
            Facts = new ContactFacts
            {
                Placed = true, AddressReached = true, Delivered = true, Perceived = true, TwoWay = inbound.IsTwoWay,
                SpokeWith = inbound.Intent == InboundIntent.WrongPerson ? PartyRole.ThirdParty : PartyRole.Principal,
            },
            Standing = ContactStanding.Settled,
        });
        // Of messages without an exchange only the newest of a medium matters to any rule; who writes a lot must not fill the list.
        if (!inbound.IsTwoWay) d.State = d.State with { Contacts = d.State.Contacts.RemoveAll(former => former.IsInbound && former.Facts.TwoWay == false && former.Channel == c.Channel) };
        d.Put(contact);
        d.Record(new DebtorEvent.InboundReceived(c.OccurredAt, c.SignalId, inbound.Intent, contact));
        if (inbound.Intent != InboundIntent.WrongPerson && PointOf(d.State.Points, inbound.Point) is { IsOpen: true })
        {
            d.SetPoint(inbound.Point, PointStatus.Confirmed, c.OccurredAt, c.SignalId);
        }
    }
}
