using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Later facts about placed contacts: repeated, shuffled and days late, they settle to the same state.</content>
public static partial class DebtorDecider
{
    public static Decision<ReceiptReply> ReportReceipt(DebtorState state, ReceiptCommand c, DecisionContext ctx, Instant now)
    {
        if (c.Kind == ReceiptKind.Unknown) return Unwritten(new ReceiptReply(FactState.Invalid, new(RefusalReasons.Invalid, "kind", "Must be set.")));
        if (Requests.TooFarAhead(c.OccurredAt, now, "occur_time") is { } refusal) return Unwritten(new ReceiptReply(FactState.Invalid, refusal));
        var d = new Draft(state, ctx, now);
        var lease = state.Lease is { } live && live.Dispatch == c.Dispatch ? live : null;
        var known = state.FindContact(c.Dispatch.Value) ?? (lease is null ? null : d.RecordOf(lease, lease.LeasedAt));
        if (known is null) return Forgotten(d, c);

        var contact = d.WithDates(Revived(known, c).With(c));
        if (contact == known)
        {
            // Said twice with two times: of a withdrawal the later one stands. Nothing else is to be learnt from a repeat.
            if (SaysNo(c.Kind)) Withdraw(d, c, contact.Channel);
            if (!d.IsChanged) return Unwritten(new ReceiptReply(FactState.Duplicate, null));
            Planner.Plan(d);
            return d.Answer(new ReceiptReply(FactState.Recorded, null));
        }

        d.Put(contact);
        d.Record(new DebtorEvent.ReceiptRecorded(c.OccurredAt, contact.Id, c.Kind, c.Part, c.IsFinal, c.ProviderCode, contact.FirstDate, contact.LastDate));
        var isContradiction = known.IsUnplaced() && !contact.IsUnplaced();
        if (isContradiction) d.Record(new DebtorEvent.FactContradicted(now, c.Dispatch, "not placed", c.Kind.ToString()));
        Follow(d, c, contact);
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(new ReceiptReply(isContradiction ? FactState.Conflict : FactState.Recorded, null));
    }

    /// <summary>A contact held for not placed, of which a receipt tells, was placed after all: it counts as any other.</summary>
    private static ContactRecord Revived(ContactRecord known, ReceiptCommand c) =>
        known.IsUnplaced() && c.Kind != ReceiptKind.Blocked
            ? known with { Standing = ContactStanding.Unresolved, Facts = new ContactFacts { Placed = true } }
            : known;

    /// <summary>What a receipt says beyond its contact: about the point, and about the debtor's will.</summary>
    private static void Follow(Draft d, ReceiptCommand c, ContactRecord contact)
    {
        switch (c.Kind)
        {
            case ReceiptKind.BouncedHard:
                d.SetPoint(contact.Point, PointStatus.Unreachable, c.OccurredAt, contact.Id);
                break;
            case ReceiptKind.Blocked:
                d.TakeChannel(contact.Point, contact.Channel, c.OccurredAt, contact.Id);
                break;
            case var no when SaysNo(no):
                Withdraw(d, c, contact.Channel);
                break;
        }
    }

    private static bool SaysNo(ReceiptKind kind) => kind is ReceiptKind.Complaint or ReceiptKind.Unsubscribed;

    private static void Withdraw(Draft d, ReceiptCommand c, ContactChannel channel) =>
        d.WithdrawMedium(channel, $"receipt:{c.Dispatch}", c.OccurredAt, "receipt");
}
