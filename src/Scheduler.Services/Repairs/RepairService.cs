using Grpc.Core;
using Scheduler.V1;

namespace Scheduler.Services.Repairs;

/// <summary>What waits for a person, and what that person says.</summary>
public sealed class RepairService(UnresolvedCalls unresolved, QuarantineCalls quarantine, RecoveryCalls recovery) : V1.RepairService.RepairServiceBase
{
    public override Task<ListUnresolvedResponse> ListUnresolved(ListUnresolvedRequest request, ServerCallContext context) => unresolved.ListAsync(request, context);

    public override Task<ResolveUnresolvedResponse> ResolveUnresolved(ResolveUnresolvedRequest request, ServerCallContext context) =>
        unresolved.ResolveAsync(request, context);

    public override Task<ListQuarantineResponse> ListQuarantine(ListQuarantineRequest request, ServerCallContext context) => quarantine.ListAsync(request, context);

    public override Task<ResolveQuarantineResponse> ResolveQuarantine(ResolveQuarantineRequest request, ServerCallContext context) =>
        quarantine.ResolveAsync(request, context);

    public override Task<GetRecoveryResponse> GetRecovery(GetRecoveryRequest request, ServerCallContext context) => recovery.GetAsync(context);

    public override Task<BeginRecoveryResponse> BeginRecovery(BeginRecoveryRequest request, ServerCallContext context) => recovery.BeginAsync(request, context);

    public override Task<EndRecoveryResponse> EndRecovery(EndRecoveryRequest request, ServerCallContext context) => recovery.EndAsync(request, context);
}
