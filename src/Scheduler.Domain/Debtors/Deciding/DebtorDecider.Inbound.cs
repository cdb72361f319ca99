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
        RecordInbound(d, c, inbound);
        if (HoldFor(d, c, inbound) is { } hold)
        {
            d.PlaceRefusal(hold, c.SignalId);
            return null;
        }

        switch (inbound.Intent)
        {
            case InboundIntent.Stop:
                d.WithdrawMedium(c.Channel, $"stop:{c.SignalId}", c.OccurredAt, Inbound);
                break;
            case InboundIntent.Start:
                Restart(d, c);
                break;
            case InboundIntent.WrongPerson:
                foreach (var point in PointsOf(d, c, inbound.Point)) d.SetPoint(point, PointStatus.WrongPerson, c.OccurredAt, c.SignalId);
                break;
            case InboundIntent.WantsAgent:
                ExpectCall(d, c, c.OccurredAt, c.OccurredAt + AgentWithin, inbound.Point, isDirect: true);
                break;
        }

        return null;
    }

    /// <summary>Intents that stop contact until somebody has looked; the unclear ones only for a day.</summary>
    private static Hold? HoldFor(Draft d, SignalCommand c, SignalFact.Inbound inbound) => inbound.Intent switch
    {
        InboundIntent.Cease => Held(d, c, HoldKind.Cease, []),
        InboundIntent.PaymentClaimed => Held(d, c, HoldKind.PaymentClaimed, inbound.Discussed),
        InboundIntent.Dispute => Held(d, c, HoldKind.Dispute, inbound.Discussed),
        InboundIntent.Vulnerable => Held(d, c, HoldKind.Hardship, []),
        InboundIntent.Complaint => Held(d, c, HoldKind.Complaint, []),
        InboundIntent.Unclear or InboundIntent.Unknown => Paused(d, c),
        InboundIntent.WrongPerson when inbound.Point == default => Paused(d, c),
        _ => null,
    };

    /// <summary>Binds from now where the sender's clock is ahead. Said again of the same accounts it is the same hold.</summary>
    private static Hold Held(Draft d, SignalCommand c, HoldKind kind, ImmutableArray<AccountId> accounts)
    {
        foreach (var known in d.State.Holds)
        {
            var isSame = known is { Method: Inbound, End: null } && known.Kind == kind && known.Accounts.AsSpan().SequenceEqual(accounts.AsSpan());
            if (isSame) return known with { Start = Instant.Min(known.Start, c.OccurredAt) };
        }

        return new() { Id = $"inbound:{c.SignalId}", Kind = kind, Accounts = accounts, Start = Instant.Min(c.OccurredAt, d.Now), Method = Inbound };
    }

    /// <summary>One pause, however much is written that nobody understands: the last of it sets its end.</summary>
    private static Hold Paused(Draft d, SignalCommand c)
    {
        var start = Instant.Min(c.OccurredAt, d.Now);
        var end = c.OccurredAt + UnclearPause;
        foreach (var known in d.State.Holds)
        {
            if (known.Id == UnclearHold) (start, end) = (Instant.Min(known.Start, start), Instant.Max(known.End ?? end, end));
        }

        return new() { Id = UnclearHold, Kind = HoldKind.Operator, Start = start, End = end, Method = Inbound };
    }

    private const string Inbound = "inbound";
    private const string UnclearHold = "inbound:unclear";

    /// <summary>The newest stop of the medium is answered by a grant of it, in a message of the debtor's own.</summary>
    private static void Restart(Draft d, SignalCommand c)
    {
        var grant = new ConsentFact
        {
            Id = $"{Start}{c.SignalId}",
            Kind = ConsentKind.Granted,
            Channels = c.Channel == ContactChannel.Unknown ? default : ChannelSet.Of(c.Channel),
            Points = c.Address.Length > 0 ? PointsAt(d.State, c.Address) : [],
            GivenAt = Instant.Min(c.OccurredAt, d.Now),
            Method = Inbound,
            Instrument = ConsentInstrument.Message,
            GivenDirectly = true,
        };
        if (c.Address.Length > 0 && grant.Points.IsEmpty) return;
        var former = d.State.Consents.FirstOrDefault(fact =>
            fact.Id.StartsWith(Start, StringComparison.Ordinal) && fact.Channels == grant.Channels && fact.Points.AsSpan().SequenceEqual(grant.Points.AsSpan()));
        if (former is not null)
        {
            if (former.GivenAt > grant.GivenAt) return;
            d.State = d.State with { Consents = d.State.Consents.Remove(former) };
        }

        d.RecordConsent(grant, c.SignalId);
    }

    private const string Start = "start:";

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
                Placed = true,
                AddressReached = true,
                Delivered = true,
                Perceived = true,
                TwoWay = inbound.IsTwoWay,
                SpokeWith = inbound.Intent == InboundIntent.WrongPerson ? PartyRole.ThirdParty : PartyRole.Principal,
            },
            Standing = ContactStanding.Settled,
            SessionExpiresAt = inbound.SessionExpiresAt,
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
