using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Planning;

/// <summary>Leases that ended with nothing placed: what they were for is due again, but never in an endless round.</summary>
internal static class Returns
{
    /// <summary>The step stays, and is due again at the time the gateway named or after a rest; too often in a row, and it lapses.</summary>
    public static void NotPlaced(Draft d, Lease lease, Outcome.NotPlaced report)
    {
        var rest = d.Now + d.Context.Terms.ShortestWait;
        if (report.RetryAt is { } retry && retry > rest) rest = retry;
        if (lease.StepId == Plans.CallbackStep)
        {
            RestCallback(d, rest, CallbacksReturned(d) >= DebtorLimits.UnplacedContacts);
            return;
        }

        foreach (var plan in d.State.Plans)
        {
            if (!Plans.IsOn(plan, lease)) continue;
            var count = plan.NotPlacedCount + 1;
            if (count < d.Context.Terms.NotPlacedLimit) Plans.Set(d, plan with { NotPlacedCount = count, DueAt = rest });
            else Plans.Pass(d, d.State.Accounts[Changes.IndexOf(d.State.Accounts, plan.Account)], plan, StepPassing.NotPlaced, d.Now, report.Reason.ToString());
        }
    }

    /// <summary>A point is left alone for this long at most, whatever its gateway asks: what is wrong for good is reported as such.</summary>
    private static readonly Duration LongestPointRest = Duration.FromDays(7);

    /// <summary>No step uses the point before the time the gateway named.</summary>
    public static void RestPoint(Draft d, PointId id, Outcome.NotPlaced report)
    {
        var until = Instant.Min(report.RetryAt ?? d.Now + d.Context.Terms.ShortestWait, d.Now + LongestPointRest);
        for (var index = 0; index < d.State.Points.Length; index++)
        {
            var point = d.State.Points[index];
            if (point.Id == id && until > d.Now && !(point.RestsUntil >= until)) d.State = d.State with { Points = d.State.Points.SetItem(index, point with { RestsUntil = until }) };
        }
    }

    /// <summary>Released, denied or never confirmed: due again at once, but each fifth time after a rest.</summary>
    public static void GivenBack(Draft d, Lease lease)
    {
        var rest = d.Now + d.Context.Terms.ShortestWait;
        if (lease.StepId == Plans.CallbackStep)
        {
            if (CallbacksReturned(d) >= DebtorLimits.UnplacedContacts) RestCallback(d, rest, isOver: false);
            return;
        }

        if (lease.DeliveryCount % d.Context.Terms.NotPlacedLimit != 0) return;
        foreach (var plan in d.State.Plans)
        {
            if (Plans.IsOn(plan, lease) && plan.DueAt < rest) Plans.Set(d, plan with { DueAt = rest });
        }
    }

    private static void RestCallback(Draft d, Instant until, bool isOver)
    {
        if (d.State.Callback is not { } callback) return;
        if (isOver || until >= callback.Latest)
        {
            d.State = d.State with { Callback = null };
            d.Record(new DebtorEvent.Noted(d.Now, callback.SignalId, "callback_missed", "", ContactChannel.Call));
        }
        else if (until > callback.Earliest)
        {
            d.State = d.State with { Callback = callback with { Earliest = until } };
        }
    }

    /// <summary>Call-backs among the last contacts that were proven not placed: as many as the list keeps of those.</summary>
    private static int CallbacksReturned(Draft d)
    {
        var count = 0;
        foreach (var contact in d.State.Contacts)
        {
            if (contact.IsUnplaced() && contact.StepId == Plans.CallbackStep && d.State.Callback is { } asked && contact.PlacedAt > asked.Latest - CallbackMemory) count++;
        }

        return count;
    }

    private static readonly Duration CallbackMemory = Duration.FromHours(48);
}
