using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Accounts that leave.</summary>
public static class ClosureMap
{
    public static CloseCommand Read(V1.AccountClosure source, FieldViolations v, Instant now) => new()
    {
        Account = new AccountId(v.Id("account_id", source.AccountId)),
        Reason = v.Known("reason", source.Reason).ToDomain(),
        ClosedAt = v.Past("close_time", source.CloseTime, now),
        RequestId = v.Id("request_id", source.RequestId),
    };
}
