using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Facts from outside.</summary>
public static class SignalMap
{
    /// <summary>Target and fact; a signal that comes inside an outcome needs no target of its own.</summary>
    public static SignalCommand Read(V1.Signal source, FieldViolations v, Instant now, bool needsTarget = true)
    {
        ReadTarget(source, v, needsTarget);
        var occurredAt = v.Past("occur_time", source.OccurTime, now);
        return new SignalCommand
        {
            SignalId = v.Id("signal_id", source.SignalId),
            OccurredAt = occurredAt,
            Channel = v.Known("channel", source.Channel, required: false).ToDomain(),
            Source = v.Text("source_system", source.SourceSystem, BorderLimits.IdLength),
            Address = source.TargetCase == V1.Signal.TargetOneofCase.Address ? AddressForm.Of(source.Address) : "",
            Fact = ReadFact(source, v, now, occurredAt),
        };
    }

    private static void ReadTarget(V1.Signal source, FieldViolations v, bool isRequired)
    {
        switch (source.TargetCase)
        {
            case V1.Signal.TargetOneofCase.DebtorId:
                v.Id("debtor_id", source.DebtorId);
                break;
            case V1.Signal.TargetOneofCase.AccountId:
                v.Id("account_id", source.AccountId);
                break;
            case V1.Signal.TargetOneofCase.Address:
                ReadAddress(source, v);
                break;
            case V1.Signal.TargetOneofCase.DispatchId:
                DispatchMap.ReadId("dispatch_id", source.DispatchId, v);
                break;
            default:
                if (isRequired) v.Add("target", FieldReasons.Required, "debtor_id, address, dispatch_id or account_id");
                break;
        }
    }

    /// <summary>What names an account, or lifts what somebody placed, needs its debtor: of several that share a phone it is one's alone.</summary>
    private static void ReadAddress(V1.Signal source, FieldViolations v)
    {
        if (string.IsNullOrWhiteSpace(source.Address)) v.Add("address", FieldReasons.Required, "a number, a mailbox or a handle");
        else v.Text("address", source.Address, BorderLimits.AddressLength);
        var isForAddress = source.FactCase is V1.Signal.FactOneofCase.Inbound or V1.Signal.FactOneofCase.Consent or V1.Signal.FactOneofCase.HoldPlaced
            or V1.Signal.FactOneofCase.PointChange or V1.Signal.FactOneofCase.InformationRequest or V1.Signal.FactOneofCase.CallbackRequest
            or V1.Signal.FactOneofCase.None;
        if (!isForAddress) v.Add("fact", FieldReasons.Inconsistent, "needs a debtor, an account or a dispatch");
    }

    private static SignalFact ReadFact(V1.Signal source, FieldViolations v, Instant now, Instant occurredAt)
    {
        using var scope = v.In(source.FactCase switch
        {
            V1.Signal.FactOneofCase.Payment => "payment",
            V1.Signal.FactOneofCase.Promise => "promise",
            V1.Signal.FactOneofCase.Consent => "consent",
            V1.Signal.FactOneofCase.HoldPlaced => "hold_placed",
            V1.Signal.FactOneofCase.PointChange => "point_change",
            V1.Signal.FactOneofCase.Inbound => "inbound",
            V1.Signal.FactOneofCase.InformationRequest => "information_request",
            V1.Signal.FactOneofCase.CallbackRequest => "callback_request",
            V1.Signal.FactOneofCase.ExternalContact => "external_contact",
            _ => "",
        });
        return source.FactCase switch
        {
            V1.Signal.FactOneofCase.Payment => ReadPayment(source.Payment, v),
            V1.Signal.FactOneofCase.Promise => new SignalFact.PromiseSaid(HoldMap.Read(source.Promise, v)),
            V1.Signal.FactOneofCase.Consent => new SignalFact.ConsentSaid(ConsentMap.Read(source.Consent, v, now)),
            V1.Signal.FactOneofCase.HoldPlaced => new SignalFact.HoldPlaced(HoldMap.Read(source.HoldPlaced, v, occurredAt)),
            V1.Signal.FactOneofCase.HoldLifted => new SignalFact.HoldLifted(v.Id("hold_lifted", source.HoldLifted)),
            V1.Signal.FactOneofCase.PointChange => new SignalFact.PointChanged(
                ReadPoint(source, v), v.Known("status", source.PointChange.Status).ToDomain()),
            V1.Signal.FactOneofCase.Inbound => ReadInbound(source.Inbound, v),
            V1.Signal.FactOneofCase.InformationRequest => new SignalFact.InformationRequested(
                v.Text("subject", source.InformationRequest.Subject, BorderLimits.WordLength),
                v.Known("channel", source.InformationRequest.Channel, required: false).ToDomain()),
            V1.Signal.FactOneofCase.CallbackRequest => ReadCallback(source.CallbackRequest, v),
            V1.Signal.FactOneofCase.ExternalContact => new SignalFact.ContactedElsewhere(ContactMap.Read(source.ExternalContact, v, now)),
            _ => Missing(v),
        };
    }

    private static PointId ReadPoint(V1.Signal source, FieldViolations v) => source.TargetCase == V1.Signal.TargetOneofCase.Address
        ? default
        : new PointId(v.Id("point_id", source.PointChange.PointId));

    private static SignalFact.HoldLifted Missing(FieldViolations v)
    {
        v.Add("fact", FieldReasons.Required, "one fact is required");
        return new SignalFact.HoldLifted("");
    }

    private static SignalFact.Payment ReadPayment(V1.Payment source, FieldViolations v) => new(
        v.Id("payment_id", source.PaymentId),
        new AccountId(v.Id("account_id", source.AccountId)),
        v.Amount("amount", source.Amount, mayBeNegative: true),
        v.AmountOrNull("balance_after", source.BalanceAfter));

    private static SignalFact.Inbound ReadInbound(V1.Inbound source, FieldViolations v) => new()
    {
        Intent = v.Known("intent", source.Intent, required: false).ToDomain(),
        ProviderContactId = v.Text("provider_contact_id", source.ProviderContactId, BorderLimits.ReferenceLength),
        SenderId = v.Text("sender_id", source.SenderId, BorderLimits.IdLength),
        SessionExpiresAt = v.InstantOrNull("session_expire_time", source.SessionExpireTime),
        Point = ContactMap.ReadPoint("point_id", source.PointId, v),
        Discussed = ContactMap.ReadAccounts("discussed_account_ids", source.DiscussedAccountIds, v),
        IsTwoWay = source.TwoWay,
    };

    private static SignalFact.CallbackRequested ReadCallback(V1.CallbackRequest source, FieldViolations v)
    {
        var earliest = v.Instant("earliest_time", source.EarliestTime);
        var latest = v.Instant("latest_time", source.LatestTime);
        if (latest <= earliest) v.Add("latest_time", FieldReasons.Inconsistent, "after earliest_time");
        return new SignalFact.CallbackRequested(earliest, latest, ContactMap.ReadPoint("point_id", source.PointId, v), source.GivenDirectly);
    }
}
