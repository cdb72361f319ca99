using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>How leases end, and receipts.</summary>
public static class OutcomeMap
{
    public static OutcomeCommand Read(V1.Outcome source, string gatewayId, FieldViolations v, Instant now)
    {
        var lease = ReadLease(source.Lease, v);
        return new OutcomeCommand
        {
            Lease = lease,
            GatewayId = gatewayId,
            Outcome = ReadResult(source, v, now),
            ReportedAt = v.InstantOrNull("report_time", source.ReportTime),
        };
    }

    /// <summary>A receipt by dispatch id; one by the provider's id is looked up first and passed on with the dispatch's.</summary>
    public static ReceiptCommand Read(V1.Receipt source, FieldViolations v, Instant now)
    {
        switch (source.ContactCase)
        {
            case V1.Receipt.ContactOneofCase.DispatchId:
                DispatchMap.ReadId("dispatch_id", source.DispatchId, v);
                break;
            case V1.Receipt.ContactOneofCase.ProviderContactId:
                if (source.ProviderContactId.Length == 0) v.Add("provider_contact_id", FieldReasons.Required, "an id is required");
                v.Text("provider_contact_id", source.ProviderContactId, BorderLimits.ReferenceLength);
                break;
            default:
                v.Add("contact", FieldReasons.Required, "dispatch_id or provider_contact_id");
                break;
        }

        if (source.Part is < 0 or > 255) v.Add("part", FieldReasons.OutOfRange, "0 to 255");
        var received = v.PastOrNull("receive_time", source.ReceiveTime, now) ?? now;
        return new ReceiptCommand
        {
            Dispatch = new DispatchId(source.DispatchId),
            Kind = v.Known("kind", source.Kind).ToDomain(),
            OccurredAt = v.PastOrNull("occur_time", source.OccurTime, now) ?? received,
            ProviderCode = v.Text("provider_code", source.ProviderCode, BorderLimits.WordLength),
            Part = source.Part,
            IsFinal = source.Final,
            Evidence = v.Known("evidence", source.Evidence, required: false).ToDomain(),
        };
    }

    private static LeaseRef ReadLease(V1.LeaseRef? source, FieldViolations v)
    {
        if (source is null)
        {
            v.Add("lease", FieldReasons.Required, "the lease that ended");
            return default;
        }

        using var scope = v.In("lease");
        return DispatchMap.Read(source, v);
    }

    private static Outcome ReadResult(V1.Outcome source, FieldViolations v, Instant now)
    {
        switch (source.ResultCase)
        {
            case V1.Outcome.ResultOneofCase.NotPlaced:
                {
                    using var scope = v.In("not_placed");
                    return new Outcome.NotPlaced(
                        v.Known("reason", source.NotPlaced.Reason, required: false).ToDomain(),
                        v.Known("scope", source.NotPlaced.Scope, required: false).ToDomain(),
                        v.InstantOrNull("retry_time", source.NotPlaced.RetryTime),
                        v.Text("provider_code", source.NotPlaced.ProviderCode, BorderLimits.WordLength));
                }

            case V1.Outcome.ResultOneofCase.Placed:
                {
                    using var scope = v.In("placed");
                    return ReadPlaced(source.Placed, v, now);
                }

            default:
                v.Add("result", FieldReasons.Required, "placed or not_placed");
                return new Outcome.NotPlaced(default, default, null, "");
        }
    }

    private static Outcome.Placed ReadPlaced(V1.Placed source, FieldViolations v, Instant now)
    {
        var placedAt = v.Past("place_time", source.PlaceTime, now);
        var endedAt = v.PastOrNull("end_time", source.EndTime, now);
        if (endedAt < placedAt) v.Add("end_time", FieldReasons.Inconsistent, "not before place_time");
        if (source.PartCount is < 0 or > 255) v.Add("part_count", FieldReasons.OutOfRange, "0 to 255");
        return new Outcome.Placed
        {
            PlacedAt = placedAt,
            EndedAt = endedAt,
            ProviderContactId = v.Text("provider_contact_id", source.ProviderContactId, BorderLimits.ReferenceLength),
            SenderId = v.Text("sender_id", source.SenderId, BorderLimits.IdLength),
            Disposition = v.Known("disposition", source.Disposition, required: false).ToDomain(),
            Facts = ContactMap.Read(source.Facts, v) with { Placed = true },
            Discussed = ContactMap.ReadDiscussed(source.Facts, v),
            PartCount = source.PartCount,
            Cost = v.AmountOrNull("cost", source.Cost),
            AgentId = v.Text("agent_id", source.AgentId, BorderLimits.IdLength),
            ReceiptsExpected = source.ReceiptsExpected,
            Signals = ReadSignals(source, v, now),
            WrapUpCode = v.Text("wrap_up_code", source.WrapUpCode, BorderLimits.WordLength),
        };
    }

    private static ImmutableArray<SignalCommand> ReadSignals(V1.Placed source, FieldViolations v, Instant now)
    {
        if (source.Signals.Count == 0 || !v.AtMost("signals", source.Signals.Count, BorderLimits.OutcomeSignals)) return [];
        var signals = ImmutableArray.CreateBuilder<SignalCommand>(source.Signals.Count);
        for (var i = 0; i < source.Signals.Count; i++)
        {
            using var scope = v.In("signals", i);
            var signal = SignalMap.Read(source.Signals[i], v, now, needsTarget: false);
            // What is asked for in our own conversation is asked of us.
            signals.Add(signal.Fact is SignalFact.CallbackRequested asked ? signal with { Fact = asked with { GivenDirectly = true } } : signal);
        }

        return signals.MoveToImmutable();
    }
}
