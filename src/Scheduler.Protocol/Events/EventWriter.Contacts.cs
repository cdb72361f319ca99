using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <content>Contacts: ours, the debtor's own and those made elsewhere.</content>
internal sealed partial class EventWriter
{
    private void Write(DebtorEvent.ContactPlaced e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ContactPlacedFieldNumber);
        Write(V1.ContactPlaced.ContactFieldNumber, e.Contact);
        _wire.Number(V1.ContactPlaced.DispositionFieldNumber, (int)e.Disposition.ToProto());
        _wire.Text(V1.ContactPlaced.ProviderContactIdFieldNumber, e.ProviderContactId);
        _wire.Text(V1.ContactPlaced.WrapUpCodeFieldNumber, e.WrapUpCode);
        _wire.Flag(V1.ContactPlaced.StaleFieldNumber, e.Stale);
        Texts(V1.ContactPlaced.BrokenRuleIdsFieldNumber, e.BrokenRuleIds);
        _wire.End(start);
    }

    private void Write(DebtorEvent.ContactNotPlaced e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ContactNotPlacedFieldNumber);
        _wire.Text(V1.ContactNotPlaced.DispatchIdFieldNumber, e.Dispatch.Value);
        _wire.Number(V1.ContactNotPlaced.ReasonFieldNumber, (int)e.Reason.ToProto());
        _wire.Number(V1.ContactNotPlaced.ScopeFieldNumber, (int)e.Scope.ToProto());
        Time(V1.ContactNotPlaced.RetryTimeFieldNumber, e.RetryAt);
        _wire.Text(V1.ContactNotPlaced.ProviderCodeFieldNumber, e.ProviderCode);
        _wire.Flag(V1.ContactNotPlaced.StaleFieldNumber, e.Stale);
        _wire.End(start);
    }

    private void Write(DebtorEvent.ReceiptRecorded e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ReceiptRecordedFieldNumber);
        _wire.Text(V1.ReceiptRecorded.ContactIdFieldNumber, e.ContactId);
        _wire.Number(V1.ReceiptRecorded.KindFieldNumber, (int)e.Kind.ToProto());
        _wire.Number(V1.ReceiptRecorded.PartFieldNumber, e.Part);
        _wire.Flag(V1.ReceiptRecorded.FinalFieldNumber, e.IsFinal);
        _wire.Text(V1.ReceiptRecorded.ProviderCodeFieldNumber, e.ProviderCode);
        Date(V1.ReceiptRecorded.FirstDateFieldNumber, e.FirstDate);
        Date(V1.ReceiptRecorded.LastDateFieldNumber, e.LastDate);
        _wire.End(start);
    }

    private void Write(DebtorEvent.ContactSettled e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ContactSettledFieldNumber);
        _wire.Text(V1.ContactSettled.ContactIdFieldNumber, e.ContactId);
        _wire.End(start);
    }

    private void Write(DebtorEvent.InboundReceived e)
    {
        var start = _wire.Begin(V1.DebtorEvent.InboundReceivedFieldNumber);
        _wire.Text(V1.InboundReceived.SignalIdFieldNumber, e.SignalId);
        _wire.Number(V1.InboundReceived.IntentFieldNumber, (int)e.Intent.ToProto());
        Write(V1.InboundReceived.ContactFieldNumber, e.Contact);
        _wire.End(start);
    }

    private void Write(DebtorEvent.ContactSeeded e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ContactSeededFieldNumber);
        Write(V1.ContactSeeded.ContactFieldNumber, e.Contact);
        _wire.Text(V1.ContactSeeded.SourceSystemFieldNumber, e.Source);
        _wire.Flag(V1.ContactSeeded.CountedFieldNumber, e.Counted);
        _wire.End(start);
    }

    private void Write(int field, ContactRecord contact)
    {
        var start = _wire.Begin(field);
        _wire.Text(V1.ContactRecord.ContactIdFieldNumber, contact.Id);
        _wire.Number(V1.ContactRecord.ChannelFieldNumber, (int)contact.Channel.ToProto());
        _wire.Text(V1.ContactRecord.PointIdFieldNumber, Names.Of(contact.Point));
        _wire.Number(V1.ContactRecord.PlaceFieldNumber, (int)contact.Place.ToProto());
        Accounts(V1.ContactRecord.AccountIdsFieldNumber, contact.Accounts);
        _wire.Text(V1.ContactRecord.CreditorIdFieldNumber, contact.CreditorId);
        _wire.Number(V1.ContactRecord.PurposeFieldNumber, (int)contact.Purpose.ToProto());
        _wire.Flag(V1.ContactRecord.InboundFieldNumber, contact.IsInbound);
        Time(V1.ContactRecord.PlaceTimeFieldNumber, contact.PlacedAt);
        Time(V1.ContactRecord.DeliverTimeFieldNumber, contact.DeliveredAt);
        Date(V1.ContactRecord.FirstDateFieldNumber, contact.FirstDate);
        Date(V1.ContactRecord.LastDateFieldNumber, contact.LastDate);
        WriteFacts(contact);
        _wire.Number(V1.ContactRecord.StandingFieldNumber, (int)contact.Standing.ToProto());
        Time(V1.ContactRecord.SettleTimeFieldNumber, contact.SettlesAt);
        _wire.Flag(V1.ContactRecord.ExemptFieldNumber, !contact.IsCounted);
        _wire.Text(V1.ContactRecord.StepIdFieldNumber, contact.StepId);
        _wire.Number(V1.ContactRecord.ReceiptKindsFieldNumber, contact.ReceiptKinds);
        Time(V1.ContactRecord.SessionExpireTimeFieldNumber, contact.SessionExpiresAt);
        _wire.Text(V1.ContactRecord.GatewayIdFieldNumber, contact.GatewayId);
        _wire.End(start);
    }

    private void WriteFacts(ContactRecord contact)
    {
        var facts = contact.Facts;
        var start = _wire.Begin(V1.ContactRecord.FactsFieldNumber);
        _wire.Flag(V1.ContactFacts.PlacedFieldNumber, facts.Placed);
        Fact(V1.ContactFacts.AddressReachedFieldNumber, facts.AddressReached);
        Fact(V1.ContactFacts.DeliveredFieldNumber, facts.Delivered);
        Fact(V1.ContactFacts.PerceivedFieldNumber, facts.Perceived);
        Fact(V1.ContactFacts.MessageLeftFieldNumber, facts.MessageLeft);
        Fact(V1.ContactFacts.MessagePossibleFieldNumber, facts.MessagePossible);
        Fact(V1.ContactFacts.TwoWayFieldNumber, facts.TwoWay);
        _wire.Number(V1.ContactFacts.SpokeWithFieldNumber, (int)facts.SpokeWith.ToProto());
        Accounts(V1.ContactFacts.DiscussedAccountIdsFieldNumber, contact.Discussed);
        Fact(V1.ContactFacts.AbandonedFieldNumber, facts.Abandoned);
        _wire.End(start);
    }
}
