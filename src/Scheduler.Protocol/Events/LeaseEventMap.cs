using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Events about leases.</summary>
internal static class LeaseEventMap
{
    /// <summary>False when the event is not one of these.</summary>
    public static bool Write(DebtorEvent source, V1.DebtorEvent target)
    {
        switch (source)
        {
            case DebtorEvent.Leased e:
                target.LeaseGranted = Write(e.Lease, e.Proof);
                return true;
            case DebtorEvent.LeaseConfirmed e:
                target.LeaseConfirmed = new()
                {
                    DispatchId = e.Dispatch.Value,
                    NotAfterTime = ScalarMap.ToProto(e.NotAfter),
                    DeliverBeforeTime = ScalarMap.ToProto(e.DeliverBefore),
                    Proof = ProofMap.Write(e.Proof),
                };
                return true;
            case DebtorEvent.LeaseDenied e:
                target.LeaseDenied = new() { DispatchId = e.Dispatch.Value, RuleId = e.RuleId, UntilTime = ScalarMap.ToProto(e.Until), Proof = ProofMap.Write(e.Proof) };
                return true;
            case DebtorEvent.LeaseExtended e:
                target.LeaseExtended = new() { DispatchId = e.Dispatch.Value, LeaseExpireTime = ScalarMap.ToProto(e.ExpiresAt) };
                return true;
            case DebtorEvent.LeaseReleased e:
                target.LeaseReleased = new() { DispatchId = e.Dispatch.Value, Reason = e.Reason.ToProto() };
                return true;
            case DebtorEvent.LeaseLapsed e:
                target.LeaseLapsed = new() { DispatchId = e.Dispatch.Value, Counted = e.Counted };
                return true;
            case DebtorEvent.LeaseRevoked e:
                target.LeaseRevoked = new() { DispatchId = e.Dispatch.Value, Reason = e.Reason, Unstoppable = e.Unstoppable };
                return true;
            default:
                return false;
        }
    }

    public static DebtorEvent? Read(V1.DebtorEvent source, Instant at) => source.EventCase switch
    {
        V1.DebtorEvent.EventOneofCase.LeaseGranted => new DebtorEvent.Leased(at, Read(source.LeaseGranted), ProofMap.Read(source.LeaseGranted.Proof)),
        V1.DebtorEvent.EventOneofCase.LeaseConfirmed => new DebtorEvent.LeaseConfirmed(
            at,
            new DispatchId(source.LeaseConfirmed.DispatchId),
            ScalarMap.ToInstant(source.LeaseConfirmed.NotAfterTime),
            Names.Instant(source.LeaseConfirmed.DeliverBeforeTime),
            ProofMap.Read(source.LeaseConfirmed.Proof)),
        V1.DebtorEvent.EventOneofCase.LeaseDenied => new DebtorEvent.LeaseDenied(
            at, new DispatchId(source.LeaseDenied.DispatchId), source.LeaseDenied.RuleId, Names.Instant(source.LeaseDenied.UntilTime), ProofMap.Read(source.LeaseDenied.Proof)),
        V1.DebtorEvent.EventOneofCase.LeaseExtended => new DebtorEvent.LeaseExtended(
            at, new DispatchId(source.LeaseExtended.DispatchId), ScalarMap.ToInstant(source.LeaseExtended.LeaseExpireTime)),
        V1.DebtorEvent.EventOneofCase.LeaseReleased => new DebtorEvent.LeaseReleased(
            at, new DispatchId(source.LeaseReleased.DispatchId), source.LeaseReleased.Reason.ToDomain()),
        V1.DebtorEvent.EventOneofCase.LeaseLapsed => new DebtorEvent.LeaseLapsed(
            at, new DispatchId(source.LeaseLapsed.DispatchId), source.LeaseLapsed.Counted),
        V1.DebtorEvent.EventOneofCase.LeaseRevoked => new DebtorEvent.LeaseRevoked(
            at, new DispatchId(source.LeaseRevoked.DispatchId), source.LeaseRevoked.Reason, source.LeaseRevoked.Unstoppable),
        _ => null,
    };

    private static V1.LeaseGranted Write(Lease source, LeaseProof proof)
    {
        var lease = new V1.LeaseGranted
        {
            DispatchId = source.Dispatch.Value,
            Fence = source.Fence,
            GatewayId = source.GatewayId,
            InstanceId = source.InstanceId,
            PullId = source.PullId,
            Channel = source.Channel.ToProto(),
            PointId = Names.Of(source.Point),
            PlacementMode = source.Mode.ToProto(),
            Purpose = source.Purpose.ToProto(),
            PartyRole = source.Role.ToProto(),
            PlannedAccountId = Names.Of(source.PlannedFor),
            StepId = source.StepId,
            StrategyVersion = source.StrategyVersion,
            TemplateVersion = source.Template,
            SenderId = source.SenderId,
            LeaseTime = ScalarMap.ToProto(source.LeasedAt),
            LeaseExpireTime = ScalarMap.ToProto(source.ExpiresAt),
            InReplyToContactId = source.InReplyTo,
            AgentId = source.AgentId,
            NotAfterTime = ScalarMap.ToProto(source.NotAfter),
            DeliverBeforeTime = ScalarMap.ToProto(source.DeliverBefore),
            ConfirmRequired = source.ConfirmRequired,
            DeliveryCount = source.DeliveryCount,
            Priority = source.Priority,
            Counted = source.IsCounted,
            Proof = ProofMap.Write(proof),
        };
        foreach (var account in source.Accounts) lease.AccountIds.Add(account.Value);
        if (source.Promotes is { } promotes) lease.Promotes = promotes;
        return lease;
    }

    private static Lease Read(V1.LeaseGranted source) => new()
    {
        Dispatch = new DispatchId(source.DispatchId),
        Fence = source.Fence,
        GatewayId = source.GatewayId,
        InstanceId = source.InstanceId,
        PullId = source.PullId,
        Channel = source.Channel.ToDomain(),
        Point = Names.Point(source.PointId),
        Mode = source.PlacementMode.ToDomain(),
        Purpose = source.Purpose.ToDomain(),
        Role = source.PartyRole.ToDomain(),
        Accounts = Names.Accounts(source.AccountIds),
        PlannedFor = Names.Account(source.PlannedAccountId),
        StepId = source.StepId,
        StrategyVersion = source.StrategyVersion,
        Template = source.TemplateVersion,
        SenderId = source.SenderId,
        LeasedAt = ScalarMap.ToInstant(source.LeaseTime),
        ExpiresAt = ScalarMap.ToInstant(source.LeaseExpireTime),
        NotAfter = ScalarMap.ToInstant(source.NotAfterTime),
        DeliverBefore = Names.Instant(source.DeliverBeforeTime),
        ConfirmRequired = source.ConfirmRequired,
        DeliveryCount = source.DeliveryCount,
        Priority = source.Priority,
        IsCounted = source.Counted,
        InReplyTo = source.InReplyToContactId,
        AgentId = source.AgentId,
        Promotes = source.HasPromotes ? source.Promotes : null,
    };
}
