using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pulls;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;
using Duration = NodaTime.Duration;
using WithheldReason = Scheduler.Grains.Pulls.WithheldReason;

namespace Scheduler.Services.Dispatches;

/// <summary>A gateway's pull: facts on the way first, since they change what may be leased, then leases, then news.</summary>
public sealed class Puller(
    IDispatchPull pulls, FactReports facts, RevocationInbox inbox, LeaseTerms terms, TimeProvider clock, ContactCounters counters)
{
    private static readonly Duration DefaultLease = Duration.FromSeconds(60);

    /// <summary>When a gateway that does not wait and got nothing should ask again.</summary>
    private static readonly Duration IdlePoll = Duration.FromSeconds(1);

    /// <summary>Senders that one pull names.</summary>
    private const int SenderLimit = 100;

    private static readonly Duration ShortestPacedPoll = Duration.FromMilliseconds(100);

    private static readonly Duration LongestIdlePoll = Duration.FromSeconds(15);

    public async Task<PullDispatchesResponse> PullAsync(PullDispatchesRequest request, ServerCallContext context)
    {
        var caller = AccessInterceptor.Caller(context);
        var tenants = caller.TenantsFor(request.TenantIds);
        var order = Read(request, tenants, context.Deadline);
        var response = new PullDispatchesResponse();
        if (request.Outcomes.Count > 0)
        {
            response.OutcomeResults.AddRange(await facts.ReportAsync(request.Outcomes, order.GatewayId, caller));
        }

        if (request.Receipts.Count > 0)
        {
            response.ReceiptResults.AddRange(await facts.ReportAsync(request.Receipts, order.GatewayId, caller));
        }

        // All of it inside the pull: leases whose answer fails on the way are given back.
        return await pulls.PullAsync(
            order,
            async batch =>
            {
                foreach (var body in batch.Dispatches) response.Dispatches.Add(Dispatch.Parser.ParseFrom(body.Span));
                response.Revocations.AddRange(await inbox.TakeAsync(order, batch.IsReplay, context.CancellationToken));
                Settle(response, batch, order);
                counters.Instruments.PullAnswered(response.Dispatches.Count, batch.IsReplay, batch.IsQuiet);
                foreach (var withheld in batch.Withheld) counters.Instruments.Withheld(withheld.Reason, withheld.Count);
                return response;
            },
            context.CancellationToken);
    }

    private PullOrder Read(PullDispatchesRequest request, ImmutableArray<string> tenants, DateTime deadline)
    {
        var v = new FieldViolations();
        using (v.In("gateway")) v.Id("instance_id", request.Gateway?.InstanceId ?? "");
        if (request.Channels.Count == 0) v.Add("channels", FieldReasons.Required, "one channel or more");
        var channels = PointMap.ReadChannels(request.Channels, v);
        if (request.MaxDispatches is < 1 or > BorderLimits.BatchItems) v.Add("max_dispatches", FieldReasons.OutOfRange, "1 to 1,000");
        v.Id("pull_id", request.PullId);
        var duration = LeaseSpan.Read("lease_duration", request.LeaseDuration, v, whenAbsent: DefaultLease);
        var wait = request.Wait is null ? Duration.Zero : LeaseSpan.ReadWait("wait", request.Wait, v);
        var senders = ReadSenders(request, v);
        BatchSize.Check("outcomes", request.Outcomes.Count, mayBeEmpty: true);
        BatchSize.Check("receipts", request.Receipts.Count, mayBeEmpty: true);
        Refuse.ThrowIfAny(v);
        return new PullOrder(
            request.Gateway!.GatewayId,
            request.Gateway.InstanceId,
            request.PullId,
            tenants,
            [.. ChannelsOf(channels)],
            request.MaxDispatches,
            terms.Clamp(duration).ToTimeSpan(),
            wait.ToTimeSpan(),
            request.ConfirmBeforePlacing,
            new DateTimeOffset(deadline, TimeSpan.Zero))
        {
            Senders = senders,
        };
    }

    /// <summary>Each once; what cannot take anything is named all the same, so that a pull says why it got nothing.</summary>
    private static ImmutableArray<SenderRoom> ReadSenders(PullDispatchesRequest request, FieldViolations v)
    {
        if (!v.AtMost("senders", request.Senders.Count, SenderLimit)) return [];
        var senders = ImmutableArray.CreateBuilder<SenderRoom>(request.Senders.Count);
        for (var i = 0; i < request.Senders.Count; i++)
        {
            using var scope = v.In("senders", i);
            var sender = request.Senders[i];
            if (sender.FreeCount is < 0 or > BorderLimits.BatchItems) v.Add("free_count", FieldReasons.OutOfRange, "0 to 1,000");
            if (senders.Any(known => known.SenderId == sender.SenderId)) v.Add("sender_id", FieldReasons.Duplicate, "a sender twice");
            senders.Add(new SenderRoom(v.Id("sender_id", sender.SenderId), v.IdOrEmpty("limit_group", sender.LimitGroup), sender.FreeCount));
        }

        return senders.DrainToImmutable();
    }

    private static IEnumerable<Domain.Debtors.ContactChannel> ChannelsOf(ChannelSet set)
    {
        for (var channel = Domain.Debtors.ContactChannel.Whatsapp; channel <= Domain.Debtors.ContactChannel.Visit; channel++)
        {
            if (set.Contains(channel)) yield return channel;
        }
    }

    private void Settle(PullDispatchesResponse response, PulledBatch batch, PullOrder order)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        response.DrainState = batch.IsQuiet ? DrainState.Quiet : DrainState.Run;
        response.Effective = new EffectiveSettings
        {
            LeaseDuration = ScalarMap.ToProto(Duration.FromTimeSpan(order.LeaseDuration)),
            MaxLease = ScalarMap.ToProto(terms.LongestWithExtensions),
            MaxDispatches = BorderLimits.BatchItems,
            PullReplayWindow = ScalarMap.ToProto(Duration.FromTimeSpan(order.ReplayTime)),
            ServerTime = ScalarMap.ToProto(now),
        };
        foreach (var withheld in batch.Withheld) response.Withheld.Add(Write(withheld));
        if (response.Dispatches.Count == 0 && order.Wait == TimeSpan.Zero) response.NextPollTime = ScalarMap.ToProto(NextPoll(batch, now));
    }

    /// <summary>Where pauses and pacing are all there is, not before they let something through; somebody may change them, so never far away.</summary>
    private static Instant NextPoll(PulledBatch batch, Instant now)
    {
        var soonest = now + IdlePoll;
        if (batch.Withheld.IsEmpty || batch.Withheld.Any(static one => one.Reason is not (WithheldReason.Paused or WithheldReason.Paced) || one.Next is null)) return soonest;
        var end = batch.Withheld.Min(static one => Instant.FromUnixTimeMilliseconds(one.Next!.Value));
        return Instant.Min(Instant.Max(end, now + ShortestPacedPoll), now + LongestIdlePoll);
    }

    private static WithheldCount Write(Withheld source) => new()
    {
        Reason = (V1.WithheldReason)(int)source.Reason,
        Count = source.Count,
        NextTime = source.Next is { } next ? ScalarMap.ToProto(Instant.FromUnixTimeMilliseconds(next)) : null,
    };
}
