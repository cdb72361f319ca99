using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;

namespace Scheduler.Protocol.Mapping;

/// <summary>A debtor's state as callers see it: addresses and template variables are masked.</summary>
public static class DebtorMap
{
    private const string Hidden = "***";

    /// <param name="stateVersion">Row version of the state.</param>
    public static V1.Debtor Write(DebtorState source, long stateVersion)
    {
        var debtor = new V1.Debtor
        {
            TenantId = source.Key.Tenant,
            DebtorId = source.Key.Debtor,
            StateVersion = stateVersion,
            Profile = PlaceMap.Write(source.Profile),
            WakeTime = ScalarMap.ToProto(source.Wake.At),
            WakeReason = source.Wake.Reason,
            State = source.Phase.ToProto(),
        };
        foreach (var point in source.Points) debtor.ContactPoints.Add(PointMap.Write(point, PointMap.Mask(point.Kind, point.Address)));
        foreach (var account in source.Accounts) debtor.Accounts.Add(Write(account));
        foreach (var hold in source.Holds) debtor.Holds.Add(HoldMap.Write(hold));
        foreach (var promise in source.Promises) debtor.Promises.Add(HoldMap.Write(promise));
        foreach (var plan in source.Plans) debtor.Plans.Add(Write(plan));
        if (source.Lease is { IsRevoked: false } lease) debtor.Lease = Write(lease);
        foreach (var contact in source.Contacts)
        {
            if (contact.Standing is ContactStanding.Placed or ContactStanding.Unresolved) debtor.UnsettledContacts.Add(Write(contact));
        }

        return debtor;
    }

    /// <summary>Addresses and template variables in clear: for the person they belong to.</summary>
    public static V1.Debtor WriteInClear(DebtorState source, long stateVersion)
    {
        var debtor = Write(source, stateVersion);
        for (var i = 0; i < source.Points.Length; i++) debtor.ContactPoints[i].Address = source.Points[i].Address;
        for (var i = 0; i < source.Accounts.Length; i++) debtor.Accounts[i] = AccountMap.Write(source.Accounts[i]);
        return debtor;
    }

    public static V1.PlanState Write(AccountPlan source) => new()
    {
        AccountId = source.Account.Value,
        StrategyVersion = source.StrategyVersion,
        StepId = source.StepId,
        DueTime = ScalarMap.ToProto(source.DueAt),
        LapseTime = ScalarMap.ToProto(source.LapsesAt),
    };

    /// <summary>Template variables by name alone: their values are names and numbers of the person.</summary>
    private static V1.Account Write(Account source)
    {
        var account = AccountMap.Write(source);
        foreach (var (name, _) in source.Variables) account.Variables[name] = Hidden;
        return account;
    }

    private static V1.LeaseSummary Write(Lease source) => new()
    {
        DispatchId = source.Dispatch.Value,
        GatewayId = source.GatewayId,
        Channel = source.Channel.ToProto(),
        LeaseExpireTime = ScalarMap.ToProto(source.ExpiresAt),
        Confirmed = source.ConfirmedAt is not null,
    };

    private static V1.UnsettledContact Write(ContactRecord source) => new()
    {
        DispatchId = source.Id,
        Channel = source.Channel.ToProto(),
        PlaceTime = ScalarMap.ToProto(source.PlacedAt),
        SettleTime = ScalarMap.ToProto(source.SettlesAt),
    };
}
