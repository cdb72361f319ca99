using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Ready;

namespace Scheduler.Grains.Pulls;

/// <summary>A candidate that may be leased, and the sender that is to place it.</summary>
internal readonly record struct Picked(Candidate Candidate, string SenderId);

/// <summary>The room under pacing that one pull has taken: what is not leased goes back, whatever ends the pull.</summary>
internal sealed class PacedRoom(IGrainFactory grains, PacingBook pacing, PullOrder order) : IAsyncDisposable
{
    /// <summary>Until a lease of the pull is granted, at the latest; else the debtor's grain tells of its end.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(60);

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>What each sender was given in this pull, whatever the channel.</summary>
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    /// <summary>Nothing is limited, and the pull names no senders: nobody is asked.</summary>
    private bool IsIdle => pacing.Current.Limits.IsEmpty && order.Senders.IsEmpty;

    private IPacingGrain Grain => grains.GetGrain<IPacingGrain>(0);

    /// <summary>Recipients are counted: a lease must then be for the very point that room was made for.</summary>
    public bool BindsPoint => pacing.Current.CountsRecipients;

    public async Task<PacingRoom> LookAsync(ContactChannel channel, ImmutableArray<SenderRoom> senders) => IsIdle
        ? new PacingRoom(int.MaxValue, [], null)
        : await Grain.Look(new PacingQuestion(channel, Left(senders)));

    /// <returns>One grant per candidate, in order.</returns>
    public async Task<ImmutableArray<PacingGrant>> ReserveAsync(ImmutableArray<Candidate> candidates, ImmutableArray<SenderRoom> senders, DateTimeOffset now)
    {
        if (IsIdle || candidates.IsEmpty) return [.. candidates.Select(static _ => default(PacingGrant) with { SenderId = "" })];
        try
        {
            var grants = await Grain.Reserve(new PacingOrder(candidates, Left(senders), (now + order.LeaseDuration + Slack).ToUnixTimeMilliseconds()));
            for (var i = 0; i < grants.Length; i++)
            {
                if (grants[i].Reason != WithheldReason.None) continue;
                _taken.Add(candidates[i].Debtor);
                _used[grants[i].SenderId] = _used.GetValueOrDefault(grants[i].SenderId) + 1;
            }

            return grants;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // Room that nobody could write down is no room.
            return [.. candidates.Select(static _ => new PacingGrant(WithheldReason.Unavailable, "", null))];
        }
    }

    public async Task SettleAsync(IEnumerable<(string Debtor, LeaseAnswer Lease)> leased)
    {
        if (_taken.Count == 0) return;
        var results = leased.Where(one => _taken.Remove(one.Debtor)).Select(static one => new PacingResult(one.Debtor, FenceOf(one.Lease))).ToImmutableArray();
        try
        {
            await Grain.Settle(results);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // What is not settled stays taken until it must have ended.
        }
    }

    public async ValueTask DisposeAsync() =>
        await SettleAsync([.. _taken.Select(static debtor => (debtor, LeaseAnswer.Refused(LeaseRefusal.TooLate)))]);

    private ImmutableArray<SenderRoom> Left(ImmutableArray<SenderRoom> senders) =>
        [.. senders.Select(sender => sender with { Free = Math.Max(0, sender.Free - _used.GetValueOrDefault(sender.SenderId)) })];

    private static long FenceOf(LeaseAnswer lease) => lease.Refusal == LeaseRefusal.None && new DispatchId(lease.DispatchId).TryParse(out _, out var fence) ? fence : 0;
}
