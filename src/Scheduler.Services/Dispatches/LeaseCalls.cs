using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>Batches over leases that gateways name: confirm, extend, release. Each lease is its debtor's affair.</summary>
public sealed class LeaseCalls(DebtorRoute route)
{
    public Task<Confirmation[]> ConfirmAsync(IReadOnlyList<LeaseRef> leases, string gateway, Credential caller) => RunAsync(
        leases,
        caller,
        async (lease, key) =>
        {
            var answer = await route.Grain(key).Confirm(Claim(lease, gateway));
            var confirmation = new Confirmation { Go = answer.Go, NotAfterTime = Timestamp(answer.NotAfter) };
            if (!answer.Verdict.IsEmpty) confirmation.Verdict = Verdict.Parser.ParseFrom(answer.Verdict.Span);
            if (caller.IsGatewayAlone) GatewayView.Narrow(confirmation.Verdict);
            if (answer.Fault is { } fault) confirmation.Status = Refuse.Item(fault);
            return confirmation;
        },
        static status => new Confirmation { Status = status });

    public Task<LeaseResult[]> ExtendAsync(IReadOnlyList<LeaseRef> leases, string gateway, TimeSpan duration, Credential caller) => RunAsync(
        leases, caller, async (lease, key) => Result(await route.Grain(key).Extend(new LeaseExtension(Claim(lease, gateway), duration))), Refused);

    public Task<LeaseResult[]> ReleaseAsync(IReadOnlyList<LeaseRef> leases, string gateway, NotPlacedReason reason, Credential caller) => RunAsync(
        leases, caller, async (lease, key) => Result(await route.Grain(key).Release(new LeaseReturn(Claim(lease, gateway), (int)reason))), Refused);

    private static async Task<TResult[]> RunAsync<TResult>(
        IReadOnlyList<LeaseRef> leases, Credential caller, Func<LeaseRef, string, Task<TResult>> call, Func<Google.Rpc.Status, TResult> refused)
    {
        var pending = leases.Select((lease, i) => Admit(lease, i, caller)).ToArray();
        return await OrderedBatch.RunAsync(pending, static p => p.Keys, async p =>
        {
            if (p.Refusal is not null) return refused(p.Refusal);
            try
            {
                return await call(p.Item, p.Keys[0]);
            }
            catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
            {
                return refused(status);
            }
        });
    }

    private static Pending<LeaseRef> Admit(LeaseRef lease, int index, Credential caller)
    {
        var violations = new FieldViolations();
        DispatchMap.Read(lease, violations);
        if (violations.Any) return Pending<LeaseRef>.Refused(index, lease, Refuse.Item(violations));
        return caller.Covers(lease.TenantId)
            ? Pending<LeaseRef>.To(index, lease, DebtorRoute.KeyOf(lease.TenantId, lease.DebtorId))
            : Pending<LeaseRef>.Refused(index, lease, Refuse.Item(
                Reasons.TenantNotAllowed, "The credential does not cover this tenant.", ("tenant_id", lease.TenantId)));
    }

    private static LeaseClaim Claim(LeaseRef lease, string gateway) => new(gateway, lease.DispatchId, lease.LeaseToken.Memory);

    private static LeaseResult Result(LeaseChange change) => new()
    {
        Ok = change.Done,
        LeaseExpireTime = Timestamp(change.ExpiresAt),
        Status = change.Fault is { } fault ? Refuse.Item(fault) : null,
    };

    private static LeaseResult Refused(Google.Rpc.Status status) => new() { Status = status };

    private static Timestamp? Timestamp(DateTimeOffset? at) => at is { } instant ? ScalarMap.ToProto(Instant.FromDateTimeOffset(instant)) : null;
}
