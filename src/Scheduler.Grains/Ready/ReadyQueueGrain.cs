using System.Collections.Immutable;
using System.Security.Cryptography;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Due;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;

namespace Scheduler.Grains.Ready;

/// <summary>What every ready queue is given.</summary>
public sealed record ReadyTools(TimeProvider Clock, TransportClock Transport, ContactCounters Counters, PauseBoard Pauses, PacingBook Pacing);

/// <summary>
/// Hands out candidates to pulls and asks the shards for what it has room for, so that a pull also revives a shard that died.
/// </summary>
/// <remarks>
/// Threading: pulls interleave at their waits only; candidates are never touched across one. Failure: its memory may vanish at any time; a new
/// incarnation tells the shards so.
/// </remarks>
[GrainType("ready-queue")]
[KeepAlive]
public sealed class ReadyQueueGrain(ReadyTools tools) : Grain, IReadyQueueGrain
{
    /// <summary>A pull that waits looks up at least this often, and asks the shards again.</summary>
    private static readonly TimeSpan WaitSlice = TimeSpan.FromMilliseconds(500);

    /// <summary>After the first candidate a waiting pull waits this much longer for company.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);

    private const int LeastRoom = 8;

    private readonly ReadyCandidates _candidates = new(tools.Counters);
    private readonly long _incarnation = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private TaskCompletionSource _arrival = NewSignal();
    private long _askedAt;
    private int _wanted;

    public Task Offer(Candidate candidate)
    {
        _candidates.Add(candidate, Now);
        if (_candidates.Count > 0) _arrival.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<TakeAnswer> Take(TakeRequest request)
    {
        _wanted = Math.Max(request.Count, _wanted * 7 / 8);
        var terms = Terms(request);
        var taken = _candidates.Take(terms, request.Count, Now);
        AskShards(force: taken.Length < request.Count);
        var started = tools.Transport.Time.GetTimestamp();
        while (taken.Length == 0)
        {
            var left = request.Wait - tools.Transport.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) break;
            if (await ArrivesAsync(left < WaitSlice ? left : WaitSlice)) await tools.Transport.DelayAsync(Linger);
            terms = Terms(request);
            taken = _candidates.Take(terms, request.Count, Now);
            AskShards(force: false);
        }

        return new TakeAnswer(taken, IsAnyPaused(terms), _candidates.CountPaused(terms), _candidates.CountPassed(terms));
    }

    public Task<int> Count() => Task.FromResult(_candidates.Count);

    private async Task<bool> ArrivesAsync(TimeSpan atMost)
    {
        if (_arrival.Task.IsCompleted) _arrival = NewSignal();
        var arrival = _arrival.Task;
        using var stop = new CancellationTokenSource();
        var first = await Task.WhenAny(arrival, tools.Transport.DelayAsync(atMost, stop.Token));
        await stop.CancelAsync();
        return first == arrival;
    }

    /// <summary>Tells every shard how much of each lane it may offer: together twice the largest pull of late.</summary>
    private void AskShards(bool force)
    {
        var time = tools.Transport.Time;
        if (_askedAt != 0 && time.GetElapsedTime(_askedAt) < AskEvery) return;
        var target = Math.Min(_wanted * 2, ReadyLane.Capacity);
        if (!force && _candidates.Count >= target) return;
        _askedAt = time.GetTimestamp();
        var named = _candidates.Lanes.Where(static l => l.Count > 0).Select(l => new LaneRoom(l.Lane, RoomPerShard(target - l.Count))).ToImmutableArray();
        var request = new OfferRequest(Channel, _incarnation, RoomPerShard(target), named);
        for (var shard = 0; shard < ShardMap.ShardCount; shard++) _ = GrainFactory.GetGrain<IDueShardGrain>(shard).RequestOffers(request);
    }

    private bool IsAnyPaused(TakeTerms terms) =>
        terms.IsPaused is not null && (terms.Tenants.IsDefaultOrEmpty ? _candidates.IsAnyPaused(terms) : terms.Tenants.Any(terms.Stops));

    private TakeTerms Terms(TakeRequest request)
    {
        var (pauses, channel, now) = (tools.Pauses.Current, Channel, tools.Clock.Now());
        return TakeTerms.All with { Tenants = request.Tenants, Weights = tools.Pacing.Current.Weights, FullTenants = request.FullTenants, IsPaused = pauses.IsEmpty ? null : tenant => pauses.OfLane(tenant, channel, now) is not null };
    }

    private static int RoomPerShard(int room) => room <= 0 ? 0 : Math.Max(LeastRoom, room / ShardMap.ShardCount);

    private ContactChannel Channel => LaneNames.ChannelOf(this.GetPrimaryKeyString());

    private long Now => tools.Clock.Now().ToUnixTimeMilliseconds();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
