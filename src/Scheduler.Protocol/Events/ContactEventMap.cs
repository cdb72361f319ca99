using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Events about contacts: ours, the debtor's own and those made elsewhere.</summary>
internal static class ContactEventMap
{
    /// <summary>False when the event is not one of these.</summary>
    public static bool Write(DebtorEvent source, V1.DebtorEvent target)
    {
        switch (source)
        {
            case DebtorEvent.ContactPlaced e:
                target.ContactPlaced = new()
                {
                    Contact = Write(e.Contact),
                    Disposition = e.Disposition.ToProto(),
                    ProviderContactId = e.ProviderContactId,
                    WrapUpCode = e.WrapUpCode,
                    Stale = e.Stale,
                };
                target.ContactPlaced.BrokenRuleIds.AddRange(e.BrokenRuleIds);
                return true;
            case DebtorEvent.ContactNotPlaced e:
                target.ContactNotPlaced = new()
                {
                    DispatchId = e.Dispatch.Value,
                    Reason = e.Reason.ToProto(),
                    Scope = e.Scope.ToProto(),
                    RetryTime = ScalarMap.ToProto(e.RetryAt),
                    ProviderCode = e.ProviderCode,
                    Stale = e.Stale,
                };
                return true;
            case DebtorEvent.FactContradicted e:
                target.FactContradicted = new() { DispatchId = e.Dispatch.Value, Known = e.Known, Reported = e.Reported };
                return true;
            case DebtorEvent.ReceiptRecorded e:
                target.ReceiptRecorded = new()
                {
                    ContactId = e.ContactId,
                    Kind = e.Kind.ToProto(),
                    Part = e.Part,
                    Final = e.IsFinal,
                    ProviderCode = e.ProviderCode,
                    FirstDate = ScalarMap.ToProto(e.FirstDate),
                    LastDate = ScalarMap.ToProto(e.LastDate),
                };
                return true;
            case DebtorEvent.ContactSettled e:
                target.ContactSettled = new() { ContactId = e.ContactId };
                return true;
            case DebtorEvent.ContactResolved e:
                target.ContactResolved = new() { DispatchId = e.Dispatch.Value, Resolution = e.Resolution.ToProto(), ActorId = e.ActorId, Reason = e.Reason };
                return true;
            case DebtorEvent.InboundReceived e:
                target.InboundReceived = new() { SignalId = e.SignalId, Intent = e.Intent.ToProto(), Contact = Write(e.Contact) };
                return true;
            case DebtorEvent.ContactSeeded e:
                target.ContactSeeded = new() { Contact = Write(e.Contact), SourceSystem = e.Source, Counted = e.Counted };
                return true;
            default:
                return false;
        }
    }

    public static DebtorEvent? Read(V1.DebtorEvent source, Instant at) => source.EventCase switch
    {
        V1.DebtorEvent.EventOneofCase.ContactPlaced => new DebtorEvent.ContactPlaced(
            at,
            Read(source.ContactPlaced.Contact),
            source.ContactPlaced.Disposition.ToDomain(),
            source.ContactPlaced.ProviderContactId,
            source.ContactPlaced.WrapUpCode,
            source.ContactPlaced.Stale,
            [.. source.ContactPlaced.BrokenRuleIds]),
        V1.DebtorEvent.EventOneofCase.ContactNotPlaced => new DebtorEvent.ContactNotPlaced(
            at,
            new DispatchId(source.ContactNotPlaced.DispatchId),
            source.ContactNotPlaced.Reason.ToDomain(),
            source.ContactNotPlaced.Scope.ToDomain(),
            Names.Instant(source.ContactNotPlaced.RetryTime),
            source.ContactNotPlaced.ProviderCode,
            source.ContactNotPlaced.Stale),
        V1.DebtorEvent.EventOneofCase.FactContradicted => new DebtorEvent.FactContradicted(
            at, new DispatchId(source.FactContradicted.DispatchId), source.FactContradicted.Known, source.FactContradicted.Reported),
        V1.DebtorEvent.EventOneofCase.ReceiptRecorded => new DebtorEvent.ReceiptRecorded(
            at,
            source.ReceiptRecorded.ContactId,
            source.ReceiptRecorded.Kind.ToDomain(),
            source.ReceiptRecorded.Part,
            source.ReceiptRecorded.Final,
            source.ReceiptRecorded.ProviderCode,
            ScalarMap.ToDate(source.ReceiptRecorded.FirstDate),
            ScalarMap.ToDate(source.ReceiptRecorded.LastDate)),
        V1.DebtorEvent.EventOneofCase.ContactSettled => new DebtorEvent.ContactSettled(at, source.ContactSettled.ContactId),
        V1.DebtorEvent.EventOneofCase.ContactResolved => new DebtorEvent.ContactResolved(
            at,
            new DispatchId(source.ContactResolved.DispatchId),
            source.ContactResolved.Resolution.ToDomain(),
            source.ContactResolved.ActorId,
            source.ContactResolved.Reason),
        V1.DebtorEvent.EventOneofCase.InboundReceived => new DebtorEvent.InboundReceived(
            at, source.InboundReceived.SignalId, source.InboundReceived.Intent.ToDomain(), Read(source.InboundReceived.Contact)),
        V1.DebtorEvent.EventOneofCase.ContactSeeded => new DebtorEvent.ContactSeeded(
            at, Read(source.ContactSeeded.Contact), source.ContactSeeded.SourceSystem, source.ContactSeeded.Counted),
        _ => null,
    };

    private static V1.ContactRecord Write(ContactRecord source)
    {
        var contact = new V1.ContactRecord
        {
            ContactId = source.Id,
            Channel = source.Channel.ToProto(),
            PointId = Names.Of(source.Point),
            Place = source.Place.ToProto(),
            CreditorId = source.CreditorId,
            GatewayId = source.GatewayId,
            Purpose = source.Purpose.ToProto(),
            Inbound = source.IsInbound,
            PlaceTime = ScalarMap.ToProto(source.PlacedAt),
            DeliverTime = ScalarMap.ToProto(source.DeliveredAt),
            FirstDate = ScalarMap.ToProto(source.FirstDate),
            LastDate = ScalarMap.ToProto(source.LastDate),
            Facts = ContactMap.Write(source.Facts, source.Discussed),
            Standing = source.Standing.ToProto(),
            SettleTime = ScalarMap.ToProto(source.SettlesAt),
            Exempt = !source.IsCounted,
            StepId = source.StepId,
            ReceiptKinds = source.ReceiptKinds,
            SessionExpireTime = ScalarMap.ToProto(source.SessionExpiresAt),
        };
        foreach (var account in source.Accounts) contact.AccountIds.Add(account.Value);
        return contact;
    }

    private static ContactRecord Read(V1.ContactRecord source)
    {
        var trusted = new FieldViolations();
        return new ContactRecord
        {
            Id = source.ContactId,
            Channel = source.Channel.ToDomain(),
            Point = Names.Point(source.PointId),
            Place = source.Place.ToDomain(),
            Accounts = Names.Accounts(source.AccountIds),
            Discussed = Names.Accounts(source.Facts.DiscussedAccountIds),
            CreditorId = source.CreditorId,
            GatewayId = source.GatewayId,
            Purpose = source.Purpose.ToDomain(),
            IsInbound = source.Inbound,
            PlacedAt = ScalarMap.ToInstant(source.PlaceTime),
            DeliveredAt = Names.Instant(source.DeliverTime),
            FirstDate = ScalarMap.ToDate(source.FirstDate),
            LastDate = ScalarMap.ToDate(source.LastDate),
            Facts = ContactMap.Read(source.Facts, trusted),
            Standing = source.Standing.ToDomain(),
            SettlesAt = Names.Instant(source.SettleTime),
            IsCounted = !source.Exempt,
            StepId = source.StepId,
            ReceiptKinds = source.ReceiptKinds,
            SessionExpiresAt = Names.Instant(source.SessionExpireTime),
        };
    }
}
