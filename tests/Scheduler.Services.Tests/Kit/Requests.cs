using Google.Protobuf.WellKnownTypes;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Services.Tests.Kit;

/// <summary>Legal and boring requests.</summary>
internal static class Requests
{
    public const string Tenant = "t1";

    public static readonly V1.GatewayIdentity Gateway = new() { GatewayId = "g1", InstanceId = "i1" };

    public static Timestamp At(int seconds) => Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 9, 15, 0, 0, TimeSpan.Zero).AddSeconds(seconds));

    public static V1.DebtorEntry Entry(string debtor) => new()
    {
        DebtorId = debtor,
        SourceVersion = 1,
        Accounts = { new V1.Account { AccountId = $"acc-{debtor}", CreditorId = "bank", PartyRole = V1.PartyRole.Principal } },
    };

    public static V1.EnqueueAccountsRequest Enqueue(params string[] debtors) => new() { TenantId = Tenant, Entries = { debtors.Select(Entry) } };

    public static V1.AccountClosure Closure(string account) =>
        new() { AccountId = account, Reason = V1.CloseReason.Paid, CloseTime = At(-60), RequestId = $"close-{account}" };

    public static V1.ExternalContact Contact(string debtor) =>
        new() { ExternalContactId = $"x-{debtor}", DebtorId = debtor, Channel = V1.ContactChannel.Call, PlaceTime = At(-60) };

    public static V1.Signal Signal(string id, string debtor) => new()
    {
        SignalId = id,
        DebtorId = debtor,
        OccurTime = At(-60),
        HoldPlaced = new V1.Hold { HoldId = "h1", Kind = V1.HoldKind.Dispute },
    };

    public static V1.RecordSignalsRequest Signals(params V1.Signal[] signals) => new() { TenantId = Tenant, Signals = { signals } };

    public static V1.PullDispatchesRequest Pull() => new()
    {
        Gateway = Gateway.Clone(),
        Channels = { V1.ContactChannel.Sms },
        MaxDispatches = 10,
        PullId = "pull-1",
    };

    public static V1.LeaseRef Lease(string debtor, string tenant = Tenant) =>
        new() { TenantId = tenant, DebtorId = debtor, DispatchId = $"{debtor}.a", LeaseToken = DispatchMap.Token(10) };

    public static V1.Outcome Outcome(string debtor) => new()
    {
        Lease = Lease(debtor),
        Placed = new V1.Placed { PlaceTime = At(-5), Disposition = V1.Disposition.NoAnswer },
    };

    public static V1.Receipt Receipt(string debtor, string tenant = Tenant) =>
        new() { TenantId = tenant, DispatchId = $"{debtor}.a", Kind = V1.ReceiptKind.Delivered, OccurTime = At(-5) };
}
