using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <content>What was and is to be done: contacts, plans, the lease, requests, and what became of the debtor's row.</content>
internal sealed partial class StateWriter
{
    private void Write(ContactRecord contact)
    {
        var start = _wire.Begin(Stored.DebtorState.ContactsFieldNumber);
        if (new DispatchId(contact.Id).IsOf(_debtor, out var version)) _wire.Number(Stored.Contact.DispatchVersionFieldNumber, version);
        else _wire.Text(Stored.Contact.OtherIdFieldNumber, contact.Id);
        _wire.Number(Stored.Contact.ChannelFieldNumber, (uint)contact.Channel);
        Word(Stored.Contact.PointFieldNumber, contact.Point.Value);
        _wire.Number(Stored.Contact.PlaceFieldNumber, (uint)contact.Place);
        Accounts(Stored.Contact.AccountsFieldNumber, contact.Accounts);
        Accounts(Stored.Contact.DiscussedFieldNumber, contact.Discussed);
        Word(Stored.Contact.CreditorFieldNumber, contact.CreditorId);
        _wire.Number(Stored.Contact.PurposeFieldNumber, contact.Purpose == ContactPurpose.Collection ? 0 : (uint)contact.Purpose + 1);
        _wire.Flag(Stored.Contact.InboundFieldNumber, contact.IsInbound);
        _wire.Number(Stored.Contact.PlacedAtFieldNumber, Packed.Of(contact.PlacedAt));
        _wire.Number(Stored.Contact.DeliveredAtFieldNumber, Packed.Of(contact.DeliveredAt));
        _wire.Number(Stored.Contact.FirstDateFieldNumber, Packed.Of(contact.FirstDate));
        _wire.Number(Stored.Contact.LastDateFieldNumber, contact.LastDate == contact.FirstDate ? 0 : Packed.Of(contact.LastDate));
        _wire.Number(Stored.Contact.FactsFieldNumber, Packed.Of(contact.Facts));
        _wire.Number(Stored.Contact.StandingFieldNumber, (uint)contact.Standing);
        _wire.Number(Stored.Contact.SettlesAtFieldNumber, Packed.Of(contact.SettlesAt));
        _wire.Flag(Stored.Contact.NotCountedFieldNumber, !contact.IsCounted);
        Word(Stored.Contact.StepFieldNumber, contact.StepId);
        _wire.Number(Stored.Contact.ReceiptKindsFieldNumber, contact.ReceiptKinds);
        _wire.Number(Stored.Contact.SessionExpiresAtFieldNumber, Packed.Of(contact.SessionExpiresAt));
        Word(Stored.Contact.GatewayFieldNumber, contact.GatewayId);
        _wire.End(start);
    }

    private void Write(AccountPlan plan)
    {
        var start = _wire.Begin(Stored.DebtorState.PlansFieldNumber);
        Word(Stored.Plan.AccountFieldNumber, plan.Account.Value);
        Word(Stored.Plan.StrategyFieldNumber, plan.StrategyVersion);
        Word(Stored.Plan.StepFieldNumber, plan.StepId);
        _wire.Number(Stored.Plan.DueAtFieldNumber, Packed.Of(plan.DueAt));
        _wire.Number(Stored.Plan.LapsesAtFieldNumber, Packed.Of(plan.LapsesAt));
        _wire.Number(Stored.Plan.LeaseCountFieldNumber, plan.LeaseCount);
        _wire.Number(Stored.Plan.NotPlacedCountFieldNumber, plan.NotPlacedCount);
        _wire.Signed(Stored.Plan.LastDayFieldNumber, plan.LastDay + 1);
        _wire.End(start);
    }

    private void Write(Lease lease)
    {
        var start = _wire.Begin(Stored.DebtorState.LeaseFieldNumber);
        _wire.Text(Stored.Lease.DispatchFieldNumber, lease.Dispatch.Value);
        _wire.Number(Stored.Lease.FenceFieldNumber, lease.Fence);
        _wire.Text(Stored.Lease.GatewayFieldNumber, lease.GatewayId);
        _wire.Text(Stored.Lease.InstanceFieldNumber, lease.InstanceId);
        _wire.Text(Stored.Lease.PullFieldNumber, lease.PullId);
        _wire.Number(Stored.Lease.ChannelFieldNumber, (uint)lease.Channel);
        Word(Stored.Lease.PointFieldNumber, lease.Point.Value);
        _wire.Number(Stored.Lease.ModeFieldNumber, (uint)lease.Mode);
        _wire.Number(Stored.Lease.PurposeFieldNumber, (uint)lease.Purpose);
        _wire.Number(Stored.Lease.RoleFieldNumber, (uint)lease.Role);
        Accounts(Stored.Lease.AccountsFieldNumber, lease.Accounts);
        Word(Stored.Lease.PlannedForFieldNumber, lease.PlannedFor.Value);
        Word(Stored.Lease.StepFieldNumber, lease.StepId);
        Word(Stored.Lease.StrategyFieldNumber, lease.StrategyVersion);
        Word(Stored.Lease.TemplateFieldNumber, lease.Template);
        Word(Stored.Lease.SenderFieldNumber, lease.SenderId);
        _wire.Number(Stored.Lease.LeasedAtFieldNumber, Packed.Of(lease.LeasedAt));
        _wire.Number(Stored.Lease.ExpiresAtFieldNumber, Packed.Of(lease.ExpiresAt));
        _wire.Number(Stored.Lease.NotAfterFieldNumber, Packed.Of(lease.NotAfter));
        _wire.Number(Stored.Lease.DeliverBeforeFieldNumber, Packed.Of(lease.DeliverBefore));
        _wire.Flag(Stored.Lease.ConfirmRequiredFieldNumber, lease.ConfirmRequired);
        _wire.Number(Stored.Lease.ConfirmedAtFieldNumber, Packed.Of(lease.ConfirmedAt));
        _wire.Text(Stored.Lease.RevokedForFieldNumber, lease.RevokedFor);
        _wire.Number(Stored.Lease.RevokedAtFieldNumber, Packed.Of(lease.RevokedAt));
        _wire.Number(Stored.Lease.DeliveryCountFieldNumber, lease.DeliveryCount);
        _wire.Number(Stored.Lease.PriorityFieldNumber, lease.Priority);
        _wire.Flag(Stored.Lease.NotCountedFieldNumber, !lease.IsCounted);
        _wire.Text(Stored.Lease.InReplyToFieldNumber, lease.InReplyTo);
        _wire.Text(Stored.Lease.AgentFieldNumber, lease.AgentId);
        if (lease.Promotes is { } promotes) _wire.Present(Stored.Lease.PromotesFieldNumber, promotes ? 1 : 0);
        _wire.End(start);
    }

    /// <summary>Stands in every state, be it empty: none written reads as none planned.</summary>
    private void Write(Wake wake)
    {
        var start = _wire.Begin(Stored.DebtorState.WakeFieldNumber);
        _wire.Number(Stored.Wake.AtFieldNumber, Packed.Of(wake.At));
        _wire.Text(Stored.Wake.ReasonFieldNumber, wake.Reason);
        _wire.Number(Stored.Wake.ChannelFieldNumber, (uint)wake.Channel);
        _wire.Number(Stored.Wake.BandFieldNumber, wake.Band);
        _wire.End(start);
    }

    private void Write(AppliedRequest request)
    {
        var start = _wire.Begin(Stored.DebtorState.AppliedFieldNumber);
        _wire.Fixed(Stored.AppliedRequest.KeyFieldNumber, request.Key);
        _wire.Fixed(Stored.AppliedRequest.BodyFieldNumber, request.Body);
        _wire.Number(Stored.AppliedRequest.AtFieldNumber, Packed.Of(request.At));
        _wire.End(start);
    }

    private void Write(Callback callback)
    {
        var start = _wire.Begin(Stored.DebtorState.CallbackFieldNumber);
        _wire.Text(Stored.Callback.SignalIdFieldNumber, callback.SignalId);
        _wire.Number(Stored.Callback.EarliestFieldNumber, Packed.Of(callback.Earliest));
        _wire.Number(Stored.Callback.LatestFieldNumber, Packed.Of(callback.Latest));
        Word(Stored.Callback.PointFieldNumber, callback.Point.Value);
        _wire.End(start);
    }

    private void Write(SharedScope scope)
    {
        var start = _wire.Begin(Stored.DebtorState.SharedScopesFieldNumber);
        _wire.Number(Stored.SharedScope.KindFieldNumber, (uint)scope.Kind);
        Word(Stored.SharedScope.IdFieldNumber, scope.Id);
        _wire.End(start);
    }

    private void Write(Merge merge)
    {
        var start = _wire.Begin(Stored.DebtorState.MergeFieldNumber);
        _wire.Text(Stored.Merge.IntoFieldNumber, merge.Into);
        _wire.Flag(Stored.Merge.DoneFieldNumber, merge.IsDone);
        _wire.End(start);
    }

    private void Write(MergedDebtor merged)
    {
        var start = _wire.Begin(Stored.DebtorState.MergedFieldNumber);
        _wire.Text(Stored.MergedDebtor.DebtorFieldNumber, merged.Debtor);
        _wire.Number(Stored.MergedDebtor.SourceVersionFieldNumber, merged.SourceVersion);
        foreach (var name in merged.Names) Write(name);
        _wire.End(start);
    }

    private void Write(AliasName name)
    {
        var start = _wire.Begin(Stored.MergedDebtor.NamesFieldNumber);
        _wire.Number(Stored.AliasName.KindFieldNumber, (uint)name.Kind);
        _wire.Text(Stored.AliasName.IdFieldNumber, name.Id);
        _wire.Text(Stored.AliasName.NameFieldNumber, name.Name);
        _wire.End(start);
    }

    private void Write(Split split)
    {
        var start = _wire.Begin(Stored.DebtorState.SplitFieldNumber);
        _wire.Text(Stored.Split.OtherFieldNumber, split.Other);
        _wire.Flag(Stored.Split.IsNewFieldNumber, split.IsNew);
        Accounts(Stored.Split.AccountsFieldNumber, split.Accounts);
        Points(Stored.Split.PointsFieldNumber, split.Points);
        _wire.Fixed(Stored.Split.RequestKeyFieldNumber, split.RequestKey);
        _wire.Fixed(Stored.Split.RequestBodyFieldNumber, split.RequestBody);
        _wire.End(start);
    }

    private void Write(FormerDebt former)
    {
        var start = _wire.Begin(Stored.DebtorState.FormerDebtsFieldNumber);
        Word(Stored.FormerDebt.AccountFieldNumber, former.Account.Value);
        Word(Stored.FormerDebt.KeyFieldNumber, former.Key);
        _wire.End(start);
    }

    private void Write(PartedDebtor part)
    {
        var start = _wire.Begin(Stored.DebtorState.PartsFieldNumber);
        _wire.Text(Stored.PartedDebtor.DebtorFieldNumber, part.Debtor);
        _wire.Text(Stored.PartedDebtor.OfFieldNumber, part.Of);
        _wire.Number(Stored.PartedDebtor.VersionFieldNumber, part.Version);
        _wire.Flag(Stored.PartedDebtor.IsSourceFieldNumber, part.IsSource);
        _wire.End(start);
    }

    private void Write(Quarantine aside)
    {
        var start = _wire.Begin(Stored.DebtorState.QuarantineFieldNumber);
        _wire.Text(Stored.Quarantine.ReasonFieldNumber, aside.Reason);
        _wire.Number(Stored.Quarantine.SinceFieldNumber, Packed.Of(aside.Since));
        _wire.Number(Stored.Quarantine.FaultsFieldNumber, aside.Faults);
        _wire.Text(Stored.Quarantine.FaultFieldNumber, aside.Fault);
        _wire.End(start);
    }
}
