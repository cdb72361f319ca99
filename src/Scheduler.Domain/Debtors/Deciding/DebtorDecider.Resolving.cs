using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Contacts of which nobody knows, and what an operator says of them.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// The statement stands as an outcome that came late would: the plan is not changed by it, and what is reported afterwards is joined with it,
    /// the stricter standing. Said twice it changes nothing; said of a contact that is settled it is refused.
    /// </summary>
    public static Decision<ResolveReply> Resolve(DebtorState state, ResolveCommand c, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        if (d.State.FindContact(c.Dispatch.Value) is not { GatewayId.Length: > 0, IsInbound: false } known) return Unwritten(Rejected(RefusalReasons.UnknownDispatch, "No such dispatch is kept."));
        if (known.Standing != ContactStanding.Unresolved) return Unwritten(Settled(known, c.Resolution));
        if (c.Resolution == ContactResolution.NotPlaced && FactJoin.SaysPlaced(known.ReceiptKinds))
        {
            return Unwritten(Rejected(RefusalReasons.SaidPlaced, "It was reported as placed."));
        }

        Apply(d, known, c.Resolution);
        d.Record(new DebtorEvent.ContactResolved(now, c.Dispatch, c.Resolution, c.ActorId, c.Reason));
        d.DropOldContacts();
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(new ResolveReply(ApplyState.Recorded, null));
    }

    private static ResolveReply Rejected(string reason, string detail) => new(ApplyState.Rejected, new Refusal(reason, "", detail));

    private static ResolveReply Settled(ContactRecord known, ContactResolution resolution)
    {
        var isSame = resolution == ContactResolution.NotPlaced
            ? known.IsUnplaced()
            : known.Standing == ContactStanding.Settled && FactJoin.Join(known.Facts, FactsOf(resolution)) == known.Facts;
        return isSame ? new ResolveReply(ApplyState.Duplicate, null) : Rejected(RefusalReasons.NotUnresolved, "It is known how the contact went, or it is still under way.");
    }

    private static void Apply(Draft d, ContactRecord known, ContactResolution resolution)
    {
        if (resolution == ContactResolution.NotPlaced)
        {
            d.Put(known.AsUnplaced() with { ReceiptKinds = known.ReceiptKinds | FactJoin.NotPlacedReported });
            d.Record(new DebtorEvent.ContactNotPlaced(d.Now, new DispatchId(known.Id), NotPlacedReason.Unknown, FaultScope.Dispatch, null, "", Stale: true));
            return;
        }

        var contact = known with { Facts = FactJoin.Join(known.Facts, FactsOf(resolution)), Standing = ContactStanding.Settled, SettlesAt = null };
        d.Put(contact);
        d.Record(new DebtorEvent.ContactPlaced(contact.PlacedAt, contact, Disposition.Unknown, "", "", Stale: true, []));
    }

    private static ContactFacts FactsOf(ContactResolution resolution) => resolution switch
    {
        ContactResolution.NotReached => new() { Placed = true, Delivered = false, Perceived = false, MessageLeft = false, TwoWay = false },
        ContactResolution.Delivered => new() { Placed = true, AddressReached = true, Delivered = true, TwoWay = false },
        _ => new() { Placed = true, AddressReached = true, Delivered = true, Perceived = true, TwoWay = true },
    };
}
