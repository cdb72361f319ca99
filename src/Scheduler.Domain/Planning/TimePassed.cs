using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Planning;

/// <summary>What time alone has done since the last decision: leases lapse, contacts settle, holds end, promises break. Applying it twice changes nothing.</summary>
internal static class TimePassed
{
    public static void Settle(Draft d)
    {
        GapContacts.Count(d);
        LapseLease(d);
        SettleContacts(d);
        EndHolds(d);
        BreakPromises(d);
        MissCallback(d);
        if (d.IsChanged) d.DropOldContacts();
    }

    /// <summary>The next instant at which <see cref="Settle"/> would do something that planning depends on.</summary>
    public static Instant? NextEnd(Draft d)
    {
        Instant? next = null;
        foreach (var hold in d.State.Holds) next = Earlier(next, hold.End);
        foreach (var promise in d.State.Promises) next = Earlier(next, BreaksAt(d, promise));
        return Earlier(next, d.State.Callback?.Latest);
    }

    /// <summary>First instant at which the promise's accounts may be contacted again: the day after the promised date, everywhere.</summary>
    public static Instant PausedUntil(Draft d, Promise promise) => d.Zones.StartEverywhere(promise.DueOn.PlusDays(1));

    public static Instant BreaksAt(Draft d, Promise promise) =>
        d.Zones.StartEverywhere(promise.DueOn.PlusDays(1 + d.Context.Terms.PromiseGraceDays));

    public static Instant? Earlier(Instant? a, Instant? b) => a is not { } x ? b : b is not { } y ? a : Instant.Min(x, y);

    private static void LapseLease(Draft d)
    {
        if (d.State.Lease is not { } lease || d.Now < lease.ExpiresAt + d.Context.Terms.Skew) return;
        d.Record(new DebtorEvent.LeaseLapsed(lease.ExpiresAt, lease.Dispatch, lease.IsReserved));
        d.State = d.State with { Lease = null };
        if (lease.IsReserved)
        {
            if (d.State.FindContact(lease.Dispatch.Value) is { Standing: ContactStanding.Reserved } contact)
            {
                d.Put(contact with { Standing = ContactStanding.Unresolved });
            }

            Plans.StepDone(d, lease);
        }
        else
        {
            Unconfirmed(d, lease);
        }
    }

    /// <summary>
    /// What was to be confirmed and was not is proof of not placed: nothing counts and the step is due again. Where a receipt says that it
    /// was placed all the same, it counts, and the step is done.
    /// </summary>
    public static void Unconfirmed(Draft d, Lease lease)
    {
        var contact = d.State.FindContact(lease.Dispatch.Value) ?? d.RecordOf(lease, lease.LeasedAt);
        if (!FactJoin.SaysPlaced(contact.ReceiptKinds))
        {
            d.Put(contact.AsUnplaced());
            Returns.GivenBack(d, lease);
            return;
        }

        if (contact.Standing == ContactStanding.Reserved) d.Put(contact with { Standing = ContactStanding.Unresolved });
        Plans.StepDone(d, lease);
    }

    private static void SettleContacts(Draft d)
    {
        foreach (var contact in d.State.Contacts)
        {
            if (contact.SettlesAt is not { } at || at > d.Now) continue;
            if (!FactJoin.IsSettledBySilence(contact.Channel, contact.Facts))
            {
                d.Put(contact with { Standing = ContactStanding.Unresolved, SettlesAt = null });
                continue;
            }

            d.Put(contact with { Standing = ContactStanding.Settled, SettlesAt = null });
            d.Record(new DebtorEvent.ContactSettled(at, contact.Id));
        }
    }

    private static void EndHolds(Draft d)
    {
        foreach (var hold in d.State.Holds)
        {
            if (hold.End is not { } end || end > d.Now) continue;
            d.State = d.State with { Holds = d.State.Holds.Remove(hold) };
            d.Record(new DebtorEvent.HoldEnded(end, hold.Id, hold.Kind, Lifted: false));
        }
    }

    private static void BreakPromises(Draft d)
    {
        foreach (var promise in d.State.Promises)
        {
            var breaks = BreaksAt(d, promise);
            if (breaks > d.Now) continue;
            d.State = d.State with { Promises = d.State.Promises.Remove(promise) };
            d.Record(new DebtorEvent.PromiseChanged(breaks, promise with { State = PromiseState.Broken }));
        }
    }

    private static void MissCallback(Draft d)
    {
        if (d.State.Callback is not { } callback || callback.Latest > d.Now || d.State.Lease is { StepId: Plans.CallbackStep }) return;
        d.State = d.State with { Callback = null };
        d.Record(new DebtorEvent.Noted(callback.Latest, callback.SignalId, "callback_missed", "", ContactChannel.Call));
    }
}
