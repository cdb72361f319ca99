using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
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
            new DateTimeOffset(deadline, TimeSpan.Zero));
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

    /// <summary>Where a pause with a known end is all there is, not much before it; somebody may end it early, so never far away.</summary>
    private static Instant NextPoll(PulledBatch batch, Instant now)
    {
        var soonest = now + IdlePoll;
        if (batch.Withheld.IsEmpty || batch.Withheld.Any(static one => one.Reason != WithheldReason.Paused || one.Next is null)) return soonest;
        var end = batch.Withheld.Min(static one => Instant.FromUnixTimeMilliseconds(one.Next!.Value));
        return Instant.Max(soonest, Instant.Min(end, now + LongestIdlePoll));
    }

    private static WithheldCount Write(Withheld source) => new()
    {
        Reason = (V1.WithheldReason)(int)source.Reason,
        Count = source.Count,
        NextTime = source.Next is { } next ? ScalarMap.ToProto(Instant.FromUnixTimeMilliseconds(next)) : null,
    };
}
