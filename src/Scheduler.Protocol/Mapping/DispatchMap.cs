using System.Buffers.Binary;
using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Leases as gateways hold them. The token is opaque to them and carries the fence.</summary>
public static class DispatchMap
{
    /// <summary>A format mark, so that a token of another format is a stale one and not another lease's.</summary>
    private const byte TokenFormat = 1;
    private const int TokenLength = 9;

    /// <param name="step">The step in force; null where it is no longer known: notices are empty then.</param>
    public static V1.Dispatch Write(DebtorState debtor, Lease lease, Step? step, V1.Verdict? verdict, ImmutableArray<DispatchDemand> demands)
    {
        var point = debtor.Points.FirstOrDefault(p => p.Id == lease.Point);
        var dispatch = new V1.Dispatch
        {
            DispatchId = lease.Dispatch.Value,
            TenantId = debtor.Key.Tenant,
            DebtorId = debtor.Key.Debtor,
            PartyRole = lease.Role.ToProto(),
            Channel = lease.Channel.ToProto(),
            PlacementMode = lease.Mode.ToProto(),
            Purpose = lease.Purpose.ToProto(),
            PointId = lease.Point.Value ?? "",
            Address = point?.Address ?? "",
            SenderId = lease.SenderId,
            Content = WriteContent(debtor, lease, step),
            LeaseToken = Token(lease.Fence),
            LeaseExpireTime = ScalarMap.ToProto(lease.ExpiresAt),
            NotBeforeTime = ScalarMap.ToProto(lease.LeasedAt),
            NotAfterTime = ScalarMap.ToProto(lease.NotAfter),
            DeliverBeforeTime = ScalarMap.ToProto(lease.DeliverBefore),
            ConfirmRequired = lease.ConfirmRequired,
            DeliveryCount = lease.DeliveryCount,
            Priority = lease.Priority,
            Plan = new V1.PlanState { AccountId = lease.PlannedFor.Value, StrategyVersion = lease.StrategyVersion, StepId = lease.StepId },
            Verdict = verdict,
        };
        foreach (var id in lease.Accounts)
        {
            if (debtor.Accounts.FirstOrDefault(a => a.Id == id) is { } account) dispatch.Accounts.Add(Write(account));
        }

        foreach (var demand in demands)
        {
            var written = new V1.Demand { Kind = demand.Kind.ToProto(), RuleId = demand.RuleId };
            written.Terms.AddRange(demand.Of);
            dispatch.Demands.Add(written);
        }

        return dispatch;
    }

    public static ByteString Token(long fence)
    {
        Span<byte> token = stackalloc byte[TokenLength];
        token[0] = TokenFormat;
        BinaryPrimitives.WriteInt64BigEndian(token[1..], fence);
        return ByteString.CopyFrom(token);
    }

    /// <summary>0 for what is not one of our tokens: no lease has that fence.</summary>
    public static long Fence(ReadOnlySpan<byte> token) =>
        token.Length == TokenLength && token[0] == TokenFormat ? BinaryPrimitives.ReadInt64BigEndian(token[1..]) : 0;

    public static LeaseRef Read(V1.LeaseRef source, FieldViolations v)
    {
        v.Id("tenant_id", source.TenantId);
        v.Id("debtor_id", source.DebtorId);
        var dispatch = ReadId("dispatch_id", source.DispatchId, v);
        if (dispatch.TryParse(out var debtor, out _) && debtor != source.DebtorId && source.DebtorId.Length > 0)
        {
            v.Add("dispatch_id", FieldReasons.Inconsistent, "a dispatch of another debtor");
        }

        if (source.LeaseToken.IsEmpty) v.Add("lease_token", FieldReasons.Required, "the token of the dispatch");
        return new LeaseRef(dispatch, Fence(source.LeaseToken.Span));
    }

    public static DispatchId ReadId(string field, string source, FieldViolations v)
    {
        var dispatch = new DispatchId(source);
        if (source.Length == 0) v.Add(field, FieldReasons.Required, "an id is required");
        else if (!dispatch.TryParse(out var debtor, out _) || !FieldReader.IsId(debtor)) v.Add(field, FieldReasons.IdMalformed, "not an id of a dispatch");
        return dispatch;
    }

    private static V1.DispatchAccount Write(Account account) => new()
    {
        AccountId = account.Id.Value,
        CreditorId = account.CreditorId,
        Balance = ScalarMap.ToProto(account.Balance),
        BalanceTime = ScalarMap.ToProto(account.BalanceAt),
    };

    private static V1.Content WriteContent(DebtorState debtor, Lease lease, Step? step)
    {
        var content = new V1.Content { TemplateVersion = lease.Template, Language = debtor.Profile.Language };
        if (debtor.Accounts.FirstOrDefault(a => a.Id == lease.PlannedFor) is { } account)
        {
            foreach (var (name, value) in account.Variables) content.Variables[name] = value;
        }

        if (step is not null) content.RequiredNotices.AddRange(step.Notices);
        return content;
    }
}
