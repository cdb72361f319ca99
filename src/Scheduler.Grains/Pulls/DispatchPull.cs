using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Pulls;

/// <summary>What pulls are given beside the store, the grains, the rules and the clocks.</summary>
public sealed record PullTools(DrainSwitch Drain, ContactCounters Counters, PacingBook Pacing);

/// <summary>
/// One pull: replay it if it was made before; else pop candidates, store which, lease each, answer. Its keys are durable before the first lease,
/// so that a lost answer can be asked for again, also after a crash.
/// </summary>
/// <remarks>
/// Threading: any number of pulls at once, one call of the same pull at a time. Failure: whatever is lost on the way is due again after its offer's or
/// its lease's end.
/// </remarks>
public sealed partial class DispatchPull : IDispatchPull
{
    /// <summary>An answer's dispatches together; the call's limit is 4 MiB.</summary>
    private const int AnswerBytes = 3 * 1024 * 1024;

    private readonly ISchedulerStore store;
    private readonly IGrainFactory grains;
    private readonly IRuleSource rules;
    private readonly TimeProvider clock;
    private readonly TransportClock transport;
    private readonly DrainSwitch drain;
    private readonly ContactCounters counters;
    private readonly PacingBook pacing;
    private readonly PullTurns turns = new();
    private readonly AbandonedPulls abandoned;

    public DispatchPull(
        ISchedulerStore store, IGrainFactory grains, IRuleSource rules, TimeProvider clock, TransportClock transport, PullTools tools)
    {
        this.store = store;
        this.grains = grains;
        this.rules = rules;
        this.clock = clock;
        this.transport = transport;
        (drain, counters, pacing) = (tools.Drain, tools.Counters, tools.Pacing);
        abandoned = new AbandonedPulls(
            turns,
            clock,
            (gateway, pull) => ReleasePullAsync(gateway, pull, (int)Domain.Attempts.NotPlacedReason.GatewayError, CancellationToken.None),
            drain.Draining);
    }

    public Task<TAnswer> PullAsync<TAnswer>(PullOrder order, Func<PulledBatch, Task<TAnswer>> answer, CancellationToken cancellationToken) =>
        turns.RunAsync((order.GatewayId, order.PullId), () => PullInTurnAsync(order, answer, cancellationToken), cancellationToken);

    public Task SettledAsync() => abandoned.SettledAsync();

    private async Task<TAnswer> PullInTurnAsync<TAnswer>(PullOrder order, Func<PulledBatch, Task<TAnswer>> answer, CancellationToken cancellationToken)
    {
        if (await store.Pulls.ReadPullAsync(order.GatewayId, order.PullId, cancellationToken) is { } former)
        {
            return await ReplayAsync(former, answer, cancellationToken);
        }

        if (drain.IsDraining) return await answer(new PulledBatch([], IsQuiet: true, IsReplay: false));
        var withheld = new WithheldTally();
        await pacing.LoadAsync(cancellationToken);
        await using var room = new PacedRoom(grains, pacing, order);
        var candidates = await CollectAsync(order, room, withheld, cancellationToken);
        if (candidates.IsEmpty) return await answer(new PulledBatch([], drain.IsDraining, IsReplay: false) { Withheld = withheld.Read() });
        var keys = candidates.Select(static c => RowKey.Parse(c.Candidate.Debtor)).ToImmutableArray();
        var row = new PullRow(order.GatewayId, order.PullId, order.InstanceId, clock.Now().ToUnixTimeMilliseconds(), keys);
        if (await store.Pulls.AddPullAsync(row, CancellationToken.None) == PullAnswer.Added)
        {
            return await LeaseAndAnswerAsync(order, candidates, room, withheld, answer, cancellationToken);
        }

        GiveBack(candidates);
        return await store.Pulls.ReadPullAsync(order.GatewayId, order.PullId, cancellationToken) is { } other
            ? await ReplayAsync(other, answer, cancellationToken)
            : await answer(new PulledBatch([], drain.IsDraining, IsReplay: false));
    }

    /// <summary>From the first lease on, whoever does not answer gives back.</summary>
    private async Task<TAnswer> LeaseAndAnswerAsync<TAnswer>(
        PullOrder order, ImmutableArray<Picked> candidates, PacedRoom room, WithheldTally withheld, Func<PulledBatch, Task<TAnswer>> answer, CancellationToken cancellationToken)
    {
        var isTaken = false;
        try
        {
            var leased = await LeaseAllAsync(order, candidates, room.BindsPoint);
            await room.SettleAsync(candidates.Select((one, index) => (one.Candidate.Debtor, leased[index])));
            foreach (var refused in leased.Where(static lease => lease.Refusal != LeaseRefusal.None)) withheld.Add(refused.Withheld);
            var fitting = await KeepWhatFitsAsync(order.GatewayId, leased);
            var answered = await answer(new PulledBatch(fitting.Select(static l => l.Dispatch).ToImmutableArray(), drain.IsDraining, IsReplay: false) { Withheld = withheld.Read() });
            isTaken = !cancellationToken.IsCancellationRequested;
            return answered;
        }
        finally
        {
            if (!isTaken) abandoned.Add(order);
        }
    }

    public async Task<int> ReleasePullAsync(string gatewayId, string pullId, int reason, CancellationToken cancellationToken)
    {
        if (await store.Pulls.ReadPullAsync(gatewayId, pullId, cancellationToken) is not { } pull) return 0;
        var released = await Task.WhenAll(pull.Keys.Select(async key =>
        {
            var grain = grains.GetGrain<IDebtorGrain>(key.Text);
            var held = await grain.ListLease(new LeaseHolder(gatewayId, "", pullId));
            if (held.DispatchId.Length == 0 || held.Confirmed) return false;
            return (await grain.Release(new LeaseReturn(new LeaseClaim(gatewayId, held.DispatchId, held.Token), reason))).Done;
        }));
        return released.Count(static done => done);
    }

    private async Task<LeaseAnswer[]> LeaseAllAsync(PullOrder order, ImmutableArray<Picked> candidates, bool bindsPoint)
    {
        var deadline = transport.Translate(order.Deadline, clock);
        return await Task.WhenAll(candidates.Select(candidate => LeaseAsync(order, candidate, bindsPoint, deadline)));
    }

    private async Task<LeaseAnswer> LeaseAsync(PullOrder order, Picked picked, bool bindsPoint, DateTimeOffset deadline)
    {
        var candidate = picked.Candidate;
        var startedAt = transport.Time.GetUtcNow();
        try
        {
            var answer = await grains.GetGrain<IDebtorGrain>(candidate.Debtor).Lease(new LeaseRequest(
                order.GatewayId, order.InstanceId, order.PullId, candidate.Channel, order.LeaseDuration, order.ConfirmBeforePlacing, candidate.Version, deadline,
                picked.SenderId, bindsPoint ? candidate.Point : ""));
            if (answer.Refusal == LeaseRefusal.None) ContactTraces.Leased(candidate.Debtor, answer.DispatchId, LaneNames.NameOf(candidate.Channel), startedAt);
            return answer;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // One debtor that storage failed must not cost the others their answer; if the lease was written after all, a replay finds it.
            return LeaseAnswer.Refused(LeaseRefusal.NotPermitted) with { Withheld = new Withheld(WithheldReason.Unavailable, 1, null) };
        }
    }

    private async Task<ImmutableArray<LeaseAnswer>> KeepWhatFitsAsync(string gatewayId, LeaseAnswer[] leased)
    {
        var kept = ImmutableArray.CreateBuilder<LeaseAnswer>();
        var bytes = 0;
        foreach (var lease in leased)
        {
            if (lease.Refusal != LeaseRefusal.None) continue;
            bytes += lease.Dispatch.Length;
            if (bytes <= AnswerBytes || kept.Count == 0) kept.Add(lease);
            else await ReturnAsync(gatewayId, lease);
        }

        return kept.ToImmutable();
    }

    private async Task ReturnAsync(string gatewayId, LeaseAnswer lease)
    {
        var dispatch = V1.Dispatch.Parser.ParseFrom(lease.Dispatch.Span);
        var grain = grains.GetGrain<IDebtorGrain>(new RowKey(dispatch.TenantId, dispatch.DebtorId).Text);
        try
        {
            await grain.Release(new LeaseReturn(
                new LeaseClaim(gatewayId, dispatch.DispatchId, dispatch.LeaseToken.Memory), (int)Domain.Attempts.NotPlacedReason.NoCapacity));
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // It lapses by itself; the leases that fit must still reach their gateway.
        }
    }

    private void GiveBack(IEnumerable<Picked> candidates) => GiveBack(candidates.Select(static one => one.Candidate));

    private void GiveBack(IEnumerable<Candidate> candidates)
    {
        foreach (var candidate in candidates) _ = grains.GetGrain<IReadyQueueGrain>(LaneNames.NameOf(candidate.Channel)).Offer(candidate);
    }
}
