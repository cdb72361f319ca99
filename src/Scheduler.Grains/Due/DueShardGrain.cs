using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Due;

/// <summary>What every shard is given.</summary>
public sealed record DueTools(IDueIndex Due, ILaneCatalogue Lanes, TimeProvider Clock, TransportClock Transport, ContactCounters Counters, PauseBoard Pauses);

/// <summary>
/// Ticks, refills its memory from the due index lane by lane, and wakes debtors: those of lanes whose queue has room, and always those whose wake
/// needs no gateway.
/// </summary>
/// <remarks>
/// Wakes are one-way and never awaited: a shard that awaits a debtor that awaits a shard hangs. Failure: a tick that throws is logged by the runtime
/// and the next tick goes on from memory; a shard that dies begins from the store.
/// </remarks>
[GrainType("due-shard")]
[KeepAlive]
public sealed partial class DueShardGrain(DueTools tools) : Grain, IDueShardGrain
{
    private const string ReminderName = "alive";

    /// <summary>Wakes of one tick and lane; the rest waits for the next.</summary>
    private const int WakesAtOnce = 1_000;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly DueMemory _memory = new();
    private readonly Dictionary<ContactChannel, long> _incarnations = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = TickPeriod, KeepAlive = true });
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
    }

    public async Task<int> Rouse(bool sweep)
    {
        await LookAsync(sweep);
        return _memory.Count;
    }

    /// <summary>The reminder's only work is to bring the shard back to life.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public async Task Hint(DueHint hint)
    {
        var lane = hint.DueAt is null ? null : await FindLaneAsync(hint.Lane);
        var now = Now;
        _memory.NearUntil = Near(now);
        _memory.Hint(hint, lane, Horizon(now));
    }

    public async Task RequestOffers(OfferRequest request)
    {
        var now = Now;
        _memory.NearUntil = Near(now);
        if (_incarnations.TryGetValue(request.Channel, out var known) && known != request.Incarnation) _memory.ForgetWakes(request.Channel, now);
        _incarnations[request.Channel] = request.Incarnation;
        foreach (var lane in _memory.Lanes)
        {
            if (lane.Channel != request.Channel) continue;
            lane.Room = request.Room;
            lane.RoomUntil = now + RoomFor;
            foreach (var named in request.Lanes)
            {
                if (named.Lane == lane.Lane) lane.Room = named.Room;
            }
        }

        await RefillAsync(now, askedFor: request.Channel);
        WakeDue(now);
    }

    private Task TickAsync(CancellationToken cancellationToken) => LookAsync(sweep: false);

    private async Task LookAsync(bool sweep)
    {
        var now = Now;
        _memory.NearUntil = Near(now);
        await RefillAsync(now, askedFor: null);
        await SweepAsync(now, sweep);
        WakeDue(now);
    }

    private void WakeDue(long now)
    {
        foreach (var lane in _memory.Lanes)
        {
            var room = lane.IsUpkeep ? WakesAtOnce : TakesMore(lane, now) ? Math.Min(lane.Room, WakesAtOnce) : 0;
            while (room > 0 && _memory.TakeDue(lane, now) is { } entry)
            {
                Wake(entry);
                room--;
                if (!lane.IsUpkeep) lane.Room--;
            }
        }
    }

    /// <summary>Its queue has asked lately, and nothing stops the lane.</summary>
    private bool TakesMore(DueLane lane, long now) =>
        lane.RoomUntil > now && tools.Pauses.Current.OfLane(lane.Tenant, lane.Channel, NodaTime.Instant.FromUnixTimeMilliseconds(now)) is null;

    private void Wake(DueEntry entry) => _ = GrainFactory.GetGrain<IDebtorGrain>(entry.Debtor).Wake(new WakeHint(entry.Version));

    private long Now => tools.Clock.Now().ToUnixTimeMilliseconds();

    private static long Near(long now) => now + (long)DueHorizon.Near.TotalMilliseconds;

    private static long Horizon(long now) => now + (long)DueHorizon.Ahead.TotalMilliseconds;
}
