using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;

namespace Scheduler.Grains.Pulls;

/// <content>What the queues give to a pull.</content>
public sealed partial class DispatchPull
{
    /// <summary>One look at one queue, so that a caller's leaving and draining are noticed.</summary>
    private static readonly TimeSpan WaitSlice = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WaitSliceOfMany = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks at every queue once, then waits in short turns until there is something, time is over or nobody waits any more.</summary>
    private async Task<ImmutableArray<Picked>> CollectAsync(PullOrder order, PacedRoom room, WithheldTally withheld, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<Picked>();
        var started = transport.Time.GetTimestamp();
        var slice = TimeSpan.Zero;
        while (true)
        {
            var look = new WithheldTally();
            await LookAsync(order, room, found, look, slice);
            var left = order.Wait - transport.Time.GetElapsedTime(started);
            var isLeft = cancellationToken.IsCancellationRequested;
            if (isLeft || drain.IsDraining)
            {
                GiveBack(found);
                return [];
            }

            if (found.Count > 0 || left <= TimeSpan.Zero)
            {
                foreach (var one in look.Read()) withheld.Add(one);
                if (found.Count == 0 && look.IsEmpty) withheld.Add(new Withheld(WithheldReason.NothingDue, 0, null));
                return found.ToImmutable();
            }

            slice = order.Channels.Length > 1 ? WaitSliceOfMany : WaitSlice;
            if (slice > left) slice = left;
        }
    }

    private async Task LookAsync(PullOrder order, PacedRoom room, ImmutableArray<Picked>.Builder found, WithheldTally withheld, TimeSpan slice)
    {
        var hasWaited = false;
        var isClosed = rules.Current.ClosedFor.Length > 0;
        if (isClosed) withheld.Add(new Withheld(WithheldReason.Closed, 0, null));
        foreach (var channel in isClosed ? [] : order.Channels)
        {
            if (found.Count >= order.MaxDispatches) return;
            if (PauseOf(order, channel) is { } pause)
            {
                withheld.Add(new Withheld(WithheldReason.Paused, 0, pause.End?.ToUnixTimeMilliseconds()));
                continue;
            }

            var senders = OpenSenders(order, channel);
            if (senders.IsEmpty && !order.Senders.IsEmpty)
            {
                withheld.Add(new Withheld(WithheldReason.Paused, 0, null));
                continue;
            }

            var paced = await room.LookAsync(channel, senders);
            if (paced.Count <= 0)
            {
                withheld.Add(new Withheld(order.Senders.Any(static sender => sender.Free > 0) || order.Senders.IsEmpty ? WithheldReason.Paced : WithheldReason.SenderFull, 0, paced.Next));
                continue;
            }

            hasWaited = true;
            var queue = grains.GetGrain<IReadyQueueGrain>(LaneNames.NameOf(channel));
            var wanted = Math.Min(order.MaxDispatches - found.Count, paced.Count);
            var answer = await queue.Take(new TakeRequest(order.Tenants, wanted, found.Count > 0 ? TimeSpan.Zero : slice, paced.FullTenants));
            if (!paced.FullTenants.IsEmpty) withheld.Add(new Withheld(WithheldReason.Paced, answer.Passed, paced.Next));
            await PickAsync(room, answer.Candidates, senders, found, withheld);
            if (answer.IsPaused) withheld.Add(new Withheld(WithheldReason.Paused, answer.Paused, null));
        }

        if (!hasWaited && slice > TimeSpan.Zero) await transport.DelayAsync(slice);
    }

    /// <summary>What has no room goes back to its queue.</summary>
    private async Task PickAsync(
        PacedRoom room, ImmutableArray<Candidate> candidates, ImmutableArray<SenderRoom> senders, ImmutableArray<Picked>.Builder found, WithheldTally withheld)
    {
        var grants = await room.ReserveAsync(candidates, senders, clock.GetUtcNow());
        for (var i = 0; i < candidates.Length; i++)
        {
            if (grants[i].Reason == WithheldReason.None)
            {
                found.Add(new Picked(candidates[i], grants[i].SenderId));
                continue;
            }

            withheld.Add(new Withheld(grants[i].Reason, 1, grants[i].Next));
            GiveBack([candidates[i]]);
        }
    }

    /// <summary>The pull's senders that no pause stops.</summary>
    private ImmutableArray<SenderRoom> OpenSenders(PullOrder order, ContactChannel channel)
    {
        var now = clock.Now();
        var pauses = rules.For("", now).Context.Pauses;
        return pauses.IsEmpty
            ? order.Senders
            : order.Senders.RemoveAll(sender => pauses.Find(new PausableWork("", channel, GatewayId: order.GatewayId, SenderId: sender.SenderId), now) is not null);
    }

    /// <summary>What stops the whole channel for this gateway, whosever the debtors are; a tenant's pauses are the queue's affair.</summary>
    private Pause? PauseOf(PullOrder order, ContactChannel channel)
    {
        var now = clock.Now();
        return rules.For("", now).Context.Pauses.Find(new PausableWork("", channel, GatewayId: order.GatewayId), now);
    }
}
