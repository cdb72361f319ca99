using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <content>Leases and refusals, and what they stood on.</content>
internal sealed partial class EventWriter
{
    private void Write(DebtorEvent.Leased e)
    {
        var lease = e.Lease;
        var start = _wire.Begin(V1.DebtorEvent.LeaseGrantedFieldNumber);
        _wire.Text(V1.LeaseGranted.DispatchIdFieldNumber, lease.Dispatch.Value);
        _wire.Number(V1.LeaseGranted.FenceFieldNumber, lease.Fence);
        _wire.Text(V1.LeaseGranted.GatewayIdFieldNumber, lease.GatewayId);
        _wire.Text(V1.LeaseGranted.InstanceIdFieldNumber, lease.InstanceId);
        _wire.Text(V1.LeaseGranted.PullIdFieldNumber, lease.PullId);
        _wire.Number(V1.LeaseGranted.ChannelFieldNumber, (int)lease.Channel.ToProto());
        _wire.Text(V1.LeaseGranted.PointIdFieldNumber, Names.Of(lease.Point));
        _wire.Number(V1.LeaseGranted.PlacementModeFieldNumber, (int)lease.Mode.ToProto());
        _wire.Number(V1.LeaseGranted.PurposeFieldNumber, (int)lease.Purpose.ToProto());
        _wire.Number(V1.LeaseGranted.PartyRoleFieldNumber, (int)lease.Role.ToProto());
        Accounts(V1.LeaseGranted.AccountIdsFieldNumber, lease.Accounts);
        _wire.Text(V1.LeaseGranted.PlannedAccountIdFieldNumber, Names.Of(lease.PlannedFor));
        _wire.Text(V1.LeaseGranted.StepIdFieldNumber, lease.StepId);
        _wire.Text(V1.LeaseGranted.StrategyVersionFieldNumber, lease.StrategyVersion);
        _wire.Text(V1.LeaseGranted.TemplateVersionFieldNumber, lease.Template);
        Time(V1.LeaseGranted.LeaseTimeFieldNumber, lease.LeasedAt);
        Time(V1.LeaseGranted.LeaseExpireTimeFieldNumber, lease.ExpiresAt);
        Time(V1.LeaseGranted.NotAfterTimeFieldNumber, lease.NotAfter);
        Time(V1.LeaseGranted.DeliverBeforeTimeFieldNumber, lease.DeliverBefore);
        _wire.Flag(V1.LeaseGranted.ConfirmRequiredFieldNumber, lease.ConfirmRequired);
        _wire.Number(V1.LeaseGranted.DeliveryCountFieldNumber, lease.DeliveryCount);
        _wire.Number(V1.LeaseGranted.PriorityFieldNumber, lease.Priority);
        _wire.Flag(V1.LeaseGranted.CountedFieldNumber, lease.IsCounted);
        Write(V1.LeaseGranted.ProofFieldNumber, e.Proof);
        _wire.Text(V1.LeaseGranted.InReplyToContactIdFieldNumber, lease.InReplyTo);
        _wire.Text(V1.LeaseGranted.AgentIdFieldNumber, lease.AgentId);
        Fact(V1.LeaseGranted.PromotesFieldNumber, lease.Promotes);
        _wire.Text(V1.LeaseGranted.SenderIdFieldNumber, lease.SenderId);
        _wire.End(start);
    }

    private void Write(DebtorEvent.LeaseConfirmed e)
    {
        var start = _wire.Begin(V1.DebtorEvent.LeaseConfirmedFieldNumber);
        _wire.Text(V1.LeaseConfirmed.DispatchIdFieldNumber, e.Dispatch.Value);
        Time(V1.LeaseConfirmed.NotAfterTimeFieldNumber, e.NotAfter);
        Time(V1.LeaseConfirmed.DeliverBeforeTimeFieldNumber, e.DeliverBefore);
        Write(V1.LeaseConfirmed.ProofFieldNumber, e.Proof);
        _wire.End(start);
    }

    private void Write(DebtorEvent.LeaseDenied e)
    {
        var start = _wire.Begin(V1.DebtorEvent.LeaseDeniedFieldNumber);
        _wire.Text(V1.LeaseDenied.DispatchIdFieldNumber, e.Dispatch.Value);
        _wire.Text(V1.LeaseDenied.RuleIdFieldNumber, e.RuleId);
        Time(V1.LeaseDenied.UntilTimeFieldNumber, e.Until);
        if (e.Proof is { } proof) Write(V1.LeaseDenied.ProofFieldNumber, proof);
        _wire.End(start);
    }

    private void Write(DebtorEvent.LeaseExtended e)
    {
        var start = _wire.Begin(V1.DebtorEvent.LeaseExtendedFieldNumber);
        _wire.Text(V1.LeaseExtended.DispatchIdFieldNumber, e.Dispatch.Value);
        Time(V1.LeaseExtended.LeaseExpireTimeFieldNumber, e.ExpiresAt);
        _wire.End(start);
    }

    private void Write(DebtorEvent.LeaseReleased e)
    {
        var start = _wire.Begin(V1.DebtorEvent.LeaseReleasedFieldNumber);
        _wire.Text(V1.LeaseReleased.DispatchIdFieldNumber, e.Dispatch.Value);
        _wire.Number(V1.LeaseReleased.ReasonFieldNumber, (int)e.Reason.ToProto());
        _wire.End(start);
    }

    private void Write(DebtorEvent.LeaseLapsed e)
    {
        var start = _wire.Begin(V1.DebtorEvent.LeaseLapsedFieldNumber);
        _wire.Text(V1.LeaseLapsed.DispatchIdFieldNumber, e.Dispatch.Value);
        _wire.Flag(V1.LeaseLapsed.CountedFieldNumber, e.Counted);
        _wire.End(start);
    }

    private void Write(DebtorEvent.LeaseRevoked e)
    {
        var start = _wire.Begin(V1.DebtorEvent.LeaseRevokedFieldNumber);
        _wire.Text(V1.LeaseRevoked.DispatchIdFieldNumber, e.Dispatch.Value);
        _wire.Text(V1.LeaseRevoked.ReasonFieldNumber, e.Reason);
        _wire.Flag(V1.LeaseRevoked.UnstoppableFieldNumber, e.Unstoppable);
        _wire.End(start);
    }

    private void Write(DebtorEvent.ContactRefused e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ContactRefusedFieldNumber);
        _wire.Text(V1.ContactRefused.AccountIdFieldNumber, Names.Of(e.Account));
        _wire.Text(V1.ContactRefused.StepIdFieldNumber, e.StepId);
        _wire.Number(V1.ContactRefused.ChannelFieldNumber, (int)e.Channel.ToProto());
        _wire.Text(V1.ContactRefused.RuleIdFieldNumber, e.RuleId);
        Time(V1.ContactRefused.UntilTimeFieldNumber, e.Until);
        if (e.Proof is { } proof) Write(V1.ContactRefused.ProofFieldNumber, proof);
        _wire.End(start);
    }

    private void Write(int field, LeaseProof proof)
    {
        var start = _wire.Begin(field);
        _wire.Number(V1.LeaseProof.PolicyEpochFieldNumber, proof.PolicyEpoch);
        _wire.Text(V1.LeaseProof.TzVersionFieldNumber, proof.ZoneDataVersion);
        Texts(V1.LeaseProof.PackVersionsFieldNumber, proof.PackVersions);
        _wire.Number(V1.LeaseProof.PlaceFieldNumber, (int)proof.Place.ToProto());
        Write(V1.LeaseProof.ZonesFieldNumber, proof.Zones);
        _wire.Fixed(V1.LeaseProof.ContactsDigestFieldNumber, proof.ContactsDigest);
        _wire.Number(V1.LeaseProof.ContactCountFieldNumber, proof.ContactCount);
        if (!proof.Collectors.IsEmpty)
        {
            var collectors = _wire.Begin(V1.LeaseProof.CollectorKindsFieldNumber);
            foreach (var collector in proof.Collectors) _wire.Packed((uint)collector.ToProto());
            _wire.End(collectors);
        }

        _wire.Text(V1.LeaseProof.CreditorIdFieldNumber, proof.CreditorId);
        Time(V1.LeaseProof.NotAfterTimeFieldNumber, proof.NotAfter);
        Write(V1.LeaseProof.RulesFieldNumber, proof.Rules);
        _wire.Number(V1.LeaseProof.RuleCountFieldNumber, proof.RuleCount);
        _wire.Fixed(V1.LeaseProof.InputsDigestFieldNumber, proof.InputsDigest);
        _wire.End(start);
    }

    private void Write(int field, RefusalProof proof)
    {
        var start = _wire.Begin(field);
        _wire.Number(V1.RefusalProof.PolicyEpochFieldNumber, proof.PolicyEpoch);
        _wire.Text(V1.RefusalProof.TzVersionFieldNumber, proof.ZoneDataVersion);
        Texts(V1.RefusalProof.PackVersionsFieldNumber, proof.PackVersions);
        Write(V1.RefusalProof.ZonesFieldNumber, proof.Zones);
        Write(V1.RefusalProof.RulesFieldNumber, proof.Rules);
        _wire.Number(V1.RefusalProof.RuleCountFieldNumber, proof.RuleCount);
        _wire.Fixed(V1.RefusalProof.InputsDigestFieldNumber, proof.InputsDigest);
        _wire.End(start);
    }

    private void Write(int field, ImmutableArray<ZoneTime> zones)
    {
        foreach (var zone in zones)
        {
            var start = _wire.Begin(field);
            _wire.Text(V1.ZoneTime.ZoneIdFieldNumber, zone.ZoneId);
            Date(V1.ZoneTime.LocalDateFieldNumber, zone.Local.Date);
            _wire.Number(V1.ZoneTime.LocalNanosecondFieldNumber, zone.Local.NanosecondOfDay);
            _wire.End(start);
        }
    }

    private void Write(int field, ImmutableArray<RuleProof> rules)
    {
        foreach (var rule in rules)
        {
            var start = _wire.Begin(field);
            _wire.Text(V1.RuleProof.RuleIdFieldNumber, rule.RuleId);
            _wire.Flag(V1.RuleProof.RefusedFieldNumber, rule.IsRefusal);
            Time(V1.RuleProof.UntilTimeFieldNumber, rule.Until);
            _wire.Text(V1.RuleProof.LiftedByFieldNumber, rule.LiftedBy);
            if (rule.Counter is { } counter) Write(counter);
            _wire.End(start);
        }
    }

    private void Write(CounterProof counter)
    {
        var start = _wire.Begin(V1.RuleProof.CounterFieldNumber);
        _wire.Number(V1.CounterProof.UsedFieldNumber, counter.Used);
        _wire.Number(V1.CounterProof.ProvisionalFieldNumber, counter.Provisional);
        _wire.Number(V1.CounterProof.LimitFieldNumber, counter.Limit);
        _wire.Text(V1.CounterProof.PeriodFieldNumber, counter.Period);
        _wire.End(start);
    }
}
