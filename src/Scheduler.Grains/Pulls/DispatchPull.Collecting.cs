using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
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
    private async Task<ImmutableArray<Candidate>> CollectAsync(PullOrder order, WithheldTally withheld, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<Candidate>();
        var started = transport.Time.GetTimestamp();
        var slice = TimeSpan.Zero;
        while (true)
        {
            var look = new WithheldTally();
            await LookAsync(order, found, look, slice);
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

    private async Task LookAsync(PullOrder order, ImmutableArray<Candidate>.Builder found, WithheldTally withheld, TimeSpan slice)
    {
        var isAnyOpen = false;
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

            isAnyOpen = true;
            var queue = grains.GetGrain<IReadyQueueGrain>(LaneNames.NameOf(channel));
            var answer = await queue.Take(new TakeRequest(order.Tenants, order.MaxDispatches - found.Count, found.Count > 0 ? TimeSpan.Zero : slice));
            found.AddRange(answer.Candidates);
            if (answer.IsPaused) withheld.Add(new Withheld(WithheldReason.Paused, answer.Paused, null));
        }

        if (!isAnyOpen && slice > TimeSpan.Zero) await Task.Delay(slice, transport.Time);
    }

    /// <summary>What stops the whole channel for this gateway, whosever the debtors are; a tenant's pauses are the queue's affair.</summary>
    private Pause? PauseOf(PullOrder order, ContactChannel channel)
    {
        var now = clock.Now();
        return rules.For("", now).Context.Pauses.Find(new PausableWork("", channel, GatewayId: order.GatewayId), now);
    }
}
