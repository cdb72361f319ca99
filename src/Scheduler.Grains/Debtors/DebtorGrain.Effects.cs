using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Due;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>What follows a decision. All of it is one-way and may be lost: time repairs it.</content>
public sealed partial class DebtorGrain
{
    private async ValueTask ActAsync<TReply>(Decision<TReply> decision, DebtorRecord? before, bool wrote)
    {
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case Effect.Revoked revoked:
                    PublishRevocation(revoked.Lease);
                    break;
                case Effect.Offer offer:
                    await OfferAsync(offer);
                    break;
            }
        }

        foreach (var one in decision.Events)
        {
            if (one is Domain.Debtors.DebtorEvent.ContactRefused refused) tools.Counters.Add(CounterNames.RefusedBy + refused.RuleId);
        }

        if (wrote) tools.Counters.Instruments.Written(decision.Events);
        if (wrote && Record is { } record) HintShard(record, before?.DueAt, tools.Clock.Now());
        if (wrote) EndRoom(before);
    }

    private void PublishRevocation(Domain.Attempts.Lease lease)
    {
        tools.Counters.Add(CounterNames.LeasesRevoked);
        tools.Counters.Instruments.Revoked(lease.RevokedFor);
        _ = GrainFactory.GetGrain<IGatewayGrain>(lease.GatewayId).Publish(Notice(lease));
    }

    private RevocationNotice Notice(Domain.Attempts.Lease lease)
    {
        var key = Key;
        return new RevocationNotice(
            key.Tenant, key.Debtor, lease.Dispatch.Value, lease.InstanceId, lease.RevokedFor, Answers.Of(lease.RevokedAt) ?? tools.Clock.GetUtcNow());
    }

    /// <param name="dueAt">When the debtor had been due; null where it was offered for another reason.</param>
    private async ValueTask OfferAsync(Effect.Offer offer, long? dueAt = null)
    {
        if (Record is not { } record) return;
        var lane = await tools.Lanes.GetOrAddLaneAsync(LaneNames.Of(record.State.Key.Tenant, offer.Channel, offer.Priority));
        var candidate = new Candidate(
            this.GetPrimaryKeyString(), record.Version, lane, offer.Channel, Domain.Debtors.Wake.BandOf(offer.Priority), offer.Until.ToUnixTimeMilliseconds(), offer.Point.Value ?? "");
        tools.Counters.Add(CounterNames.Offers);
        if (dueAt is { } due) tools.Counters.Instruments.Released(offer.Channel, tools.Clock.Now() - Instant.FromUnixTimeMilliseconds(due));
        _ = GrainFactory.GetGrain<IReadyQueueGrain>(LaneNames.NameOf(offer.Channel)).Offer(candidate);
    }

    /// <summary>Tells the shard only what concerns the minutes that it keeps in memory.</summary>
    private void HintShard(DebtorRecord record, long? dueBefore, Instant now)
    {
        var horizon = (now + DueHorizon.Ahead).ToUnixTimeMilliseconds();
        if (record.DueAt is { } due && due <= horizon)
        {
            SendHint(new DueHint(this.GetPrimaryKeyString(), record.Version, due, record.Lane ?? 0));
        }
        else if (dueBefore is { } former && former <= horizon)
        {
            SendHint(new DueHint(this.GetPrimaryKeyString(), record.Version, null, record.Lane ?? 0));
        }
    }

    /// <summary>Nothing was to be done although the debtor was due, and nothing was written: the shard lets it rest.</summary>
    private void Postpone(DebtorRecord record, Duration rest)
    {
        var at = (tools.Clock.Now() + rest).ToUnixTimeMilliseconds();
        SendHint(new DueHint(this.GetPrimaryKeyString(), record.Version, at, record.Lane ?? 0));
    }

    private void SendHint(DueHint hint) => _ = GrainFactory.GetGrain<IDueShardGrain>(ShardMap.ShardOf(RowKey().Slice)).Hint(hint);
}
