using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Holds and promises.</summary>
public static class HoldMap
{
    public static Hold Read(V1.Hold source, FieldViolations v, Instant occurredAt)
    {
        var start = v.InstantOrNull("start_time", source.StartTime) ?? occurredAt;
        var end = v.InstantOrNull("end_time", source.EndTime);
        if (end <= start) v.Add("end_time", FieldReasons.Inconsistent, "after start_time");
        return new Hold
        {
            Id = v.Id("hold_id", source.HoldId),
            Kind = v.Known("kind", source.Kind).ToDomain(),
            Accounts = ContactMap.ReadAccounts("account_ids", source.AccountIds, v),
            CreditorId = v.IdOrEmpty("creditor_id", source.CreditorId),
            Channels = PointMap.ReadChannels(source.Channels, v),
            Start = start,
            End = end,
            Method = v.Text("method", source.Method, BorderLimits.WordLength),
        };
    }

    public static V1.Hold Write(Hold source)
    {
        var hold = new V1.Hold
        {
            HoldId = source.Id,
            Kind = source.Kind.ToProto(),
            CreditorId = source.CreditorId,
            StartTime = ScalarMap.ToProto(source.Start),
            EndTime = ScalarMap.ToProto(source.End),
            Method = source.Method,
        };
        foreach (var account in source.Accounts) hold.AccountIds.Add(account.Value);
        hold.Channels.AddRange(PointMap.Write(source.Channels));
        return hold;
    }

    /// <summary>A hold as we wrote it, without the border's checks.</summary>
    public static Hold Trusted(V1.Hold source) => Read(source, new FieldViolations(), default);

    public static Promise Read(V1.Promise source, FieldViolations v)
    {
        var state = v.Known("state", source.State, required: false).ToDomain();
        return new Promise
        {
            Id = v.Id("promise_id", source.PromiseId),
            Accounts = ContactMap.ReadAccounts("account_ids", source.AccountIds, v),
            Amount = v.AmountOrNull("amount", source.Amount) ?? default,
            DueOn = v.Date("due_date", source.DueDate),
            State = state == PromiseState.Unknown ? PromiseState.Pending : state,
        };
    }

    public static V1.Promise Write(Promise source)
    {
        var promise = new V1.Promise
        {
            PromiseId = source.Id,
            Amount = ScalarMap.ToProto(source.Amount),
            DueDate = ScalarMap.ToProto(source.DueOn),
            State = source.State.ToProto(),
            PaidAmount = ScalarMap.ToProto(source.Paid),
        };
        foreach (var account in source.Accounts) promise.AccountIds.Add(account.Value);
        return promise;
    }

    /// <summary>A promise as we wrote it, with what only the service sets, without the border's checks.</summary>
    public static Promise Trusted(V1.Promise source) =>
        Read(source, new FieldViolations()) with { Paid = ScalarMap.ToAmount(source.PaidAmount) };
}
