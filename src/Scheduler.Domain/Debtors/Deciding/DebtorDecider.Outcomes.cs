using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>How leases ended. A lease is ours, a fact is the world's: a stale token changes no lease, and a fact counts once, however late.</content>
public static partial class DebtorDecider
{
    /// <summary>The contact was placed when its lease said that it may no longer be.</summary>
    public const string PlacedTooLate = "placed.after_not_after";

    /// <summary>The contact was placed though its lease had never been confirmed, or had been given back.</summary>
    public const string PlacedWithoutGo = "placed.without_confirmation";

    /// <summary>The contact is said to have been placed well before it was handed out: a clock is wrong, and the time of handing out stands.</summary>
    public const string PlacedBeforeLease = "placed.before_lease";

    public static Decision<OutcomeReply> ReportOutcome(DebtorState state, OutcomeCommand c, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        var lease = state.Lease is { } live && live.Dispatch == c.Lease.Dispatch && live.Fence == c.Lease.Fence ? live : null;
        var known = state.FindContact(c.Lease.Dispatch.Value);
        if (lease is null && state.Lease?.Dispatch == c.Lease.Dispatch)
        {
            // Right dispatch, wrong fence: never one of our tokens.
            return Unwritten(new OutcomeReply(FactState.Invalid, [], [], Stale));
        }

        c = AliasNames.Translate(state, c);
        var reply = c.Outcome switch
        {
            Outcome.Placed placed when lease is null && known is null => Forgotten(d, c, placed),
            _ when lease is null && known is null => new OutcomeReply(FactState.Unknown, [], [], null),
            Outcome.Placed placed => Placed(d, c, placed, lease, known),
            Outcome.NotPlaced notPlaced => NotPlaced(d, c, notPlaced, lease, known),
            _ => new OutcomeReply(FactState.Invalid, [], [], new Refusal(RefusalReasons.Invalid, "result", "Neither placed nor not placed.")),
        };
        if (!d.IsChanged) return Unwritten(reply);
        if (lease is not null) d.DropOldContacts();
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(reply);
    }

    private static OutcomeReply Placed(Draft d, OutcomeCommand c, Outcome.Placed placed, Lease? lease, ContactRecord? known)
    {
        if (Requests.TooFarAhead(placed.PlacedAt, d.Now, "placed.place_time") is { } refusal) return new OutcomeReply(FactState.Invalid, [], [], refusal);
        var broken = ImmutableArray.CreateBuilder<string>();
        if (lease is not null && placed.PlacedAt >= lease.NotAfter) broken.Add(PlacedTooLate);
        if (lease is { IsReserved: false } || (lease is null && known!.IsUnplaced())) broken.Add(PlacedWithoutGo);
        if (PlacedAtLeast(lease, known) is { } least && placed.PlacedAt < least - DebtorLimits.ClockBehind)
        {
            broken.Add(PlacedBeforeLease);
            placed = placed with { PlacedAt = least };
        }

        var isContradiction = lease is null && (known!.ReceiptKinds & FactJoin.NotPlacedReported) != 0;

        var contact = Joined(d, known ?? d.RecordOf(lease!, placed.PlacedAt), placed);
        var isNews = known is null || contact != known;
        if (!isNews && lease is null) return Repeated(d, placed);
        if (isNews) d.Put(contact);
        if (lease is not null)
        {
            d.State = d.State with { Lease = null };
            Plans.StepDone(d, lease);
        }

        d.Record(new DebtorEvent.ContactPlaced(placed.PlacedAt, contact, placed.Disposition, placed.ProviderContactId, placed.WrapUpCode, lease is null, broken.ToImmutable()));
        if (isContradiction) d.Record(new DebtorEvent.FactContradicted(d.Now, c.Lease.Dispatch, "not placed", "placed"));
        TeachPoint(d, contact, placed);
        var signals = ApplyAll(d, placed.Signals);
        var state = isContradiction ? FactState.Conflict : lease is null ? FactState.RecordedStale : FactState.Recorded;
        return new OutcomeReply(state, broken.ToImmutable(), signals, null);
    }

    /// <summary>It cannot have been placed before it was handed out; null once its time is known.</summary>
    private static Instant? PlacedAtLeast(Lease? lease, ContactRecord? known) =>
        known is not null && (known.ReceiptKinds & FactJoin.PlacedReported) != 0 ? null : lease?.LeasedAt ?? known?.PlacedAt;

    /// <summary>Nothing new about the contact; signals that came with it are applied if they were not.</summary>
    private static OutcomeReply Repeated(Draft d, Outcome.Placed placed) => new(FactState.Duplicate, [], ApplyAll(d, placed.Signals), null);

    private static ImmutableArray<SignalReply> ApplyAll(Draft d, ImmutableArray<SignalCommand> signals)
    {
        if (signals.IsEmpty) return [];
        var replies = ImmutableArray.CreateBuilder<SignalReply>(signals.Length);
        foreach (var signal in signals) replies.Add(Apply(d, signal));
        return replies.DrainToImmutable();
    }

    /// <summary>The record with what the outcome says; the first report of placing sets its time.</summary>
    private static ContactRecord Joined(Draft d, ContactRecord contact, Outcome.Placed placed)
    {
        var isFirst = (contact.ReceiptKinds & FactJoin.PlacedReported) == 0;
        var facts = FactJoin.Join(contact.Facts, FactJoin.Of(placed));
        var joined = contact with
        {
            Facts = facts,
            PlacedAt = isFirst ? placed.PlacedAt : contact.PlacedAt,
            Discussed = Union(contact.Discussed, placed.Discussed),
            ReceiptKinds = contact.ReceiptKinds | FactJoin.PlacedReported,
        };
        if (isFirst || joined.Standing is ContactStanding.Unresolved)
        {
            var settles = d.Context.Terms.SettlesAfter(contact.Channel);
            joined = HasSettled(contact) ? joined with { Standing = ContactStanding.Settled, SettlesAt = null }
                : placed.ReceiptsExpected && isFirst ? joined with { Standing = ContactStanding.Placed, SettlesAt = placed.PlacedAt + settles }
                : FactJoin.IsSettledBySilence(contact.Channel, facts) ? joined with { Standing = ContactStanding.Settled, SettlesAt = null }
                : joined with { Standing = ContactStanding.Unresolved };
        }

        return d.WithDates(joined);
    }

    /// <summary>A receipt settled it before the outcome came.</summary>
    private static bool HasSettled(ContactRecord contact) => contact.Standing == ContactStanding.Settled && !contact.IsUnplaced();

    private static ImmutableArray<AccountId> Union(ImmutableArray<AccountId> a, ImmutableArray<AccountId> b)
    {
        foreach (var id in b)
        {
            if (!a.Contains(id)) a = a.Add(id);
        }

        return a;
    }

    private static void TeachPoint(Draft d, ContactRecord contact, Outcome.Placed placed)
    {
        var status = placed.Disposition switch
        {
            Disposition.RightParty => PointStatus.Confirmed,
            Disposition.WrongParty => PointStatus.WrongPerson,
            Disposition.NotInService => PointStatus.Unreachable,
            _ => PointStatus.Unknown,
        };
        if (status != PointStatus.Unknown) d.SetPoint(contact.Point, status, placed.PlacedAt, contact.Id);
    }

    private static OutcomeReply NotPlaced(Draft d, OutcomeCommand c, Outcome.NotPlaced report, Lease? lease, ContactRecord? known)
    {
        if (known is not null && FactJoin.SaysPlaced(known.ReceiptKinds)) return Contradicted(d, c, lease, known);
        if (lease is null && (known!.ReceiptKinds & FactJoin.NotPlacedReported) != 0) return new OutcomeReply(FactState.Duplicate, [], [], null);

        var contact = known ?? d.RecordOf(lease!, lease!.LeasedAt);
        d.Put(contact.AsUnplaced() with { ReceiptKinds = contact.ReceiptKinds | FactJoin.NotPlacedReported });
        d.Record(new DebtorEvent.ContactNotPlaced(d.Now, c.Lease.Dispatch, report.Reason, report.Scope, report.RetryAt, report.ProviderCode, lease is null));
        if (report.Reason is NotPlacedReason.AddressRefused or NotPlacedReason.Suppressed)
        {
            d.TakeChannel(contact.Point, contact.Channel, d.Now, contact.Id);
        }

        if (report.Scope == FaultScope.Point) Returns.RestPoint(d, contact.Point, report);
        if (lease is null) return new OutcomeReply(FactState.RecordedStale, [], [], null);
        d.State = d.State with { Lease = null };
        Returns.NotPlaced(d, lease, report);
        return new OutcomeReply(FactState.Recorded, [], [], null);
    }

    /// <summary>Not placed after something said that it was: kept, the stricter stands, the lease is over as if placed.</summary>
    private static OutcomeReply Contradicted(Draft d, OutcomeCommand c, Lease? lease, ContactRecord known)
    {
        if (lease is null && (known.ReceiptKinds & FactJoin.NotPlacedReported) != 0) return new OutcomeReply(FactState.Conflict, [], [], null);
        var contact = known with { ReceiptKinds = known.ReceiptKinds | FactJoin.NotPlacedReported };
        d.Put(contact);
        if (lease is not null) d.Record(new DebtorEvent.ContactPlaced(contact.PlacedAt, contact, Disposition.Unknown, "", "", Stale: false, []));
        d.Record(new DebtorEvent.FactContradicted(d.Now, c.Lease.Dispatch, "placed", "not placed"));
        if (lease is not null)
        {
            d.State = d.State with { Lease = null };
            Plans.StepDone(d, lease);
        }

        return new OutcomeReply(FactState.Conflict, [], [], null);
    }
}
