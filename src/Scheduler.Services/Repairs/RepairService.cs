using Grpc.Core;
using Scheduler.V1;

namespace Scheduler.Services.Repairs;

/// <summary>What waits for a person, and what that person says.</summary>
public sealed class RepairService(UnresolvedCalls unresolved) : V1.RepairService.RepairServiceBase
{
    public override Task<ListUnresolvedResponse> ListUnresolved(ListUnresolvedRequest request, ServerCallContext context) => unresolved.ListAsync(request, context);

    public override Task<ResolveUnresolvedResponse> ResolveUnresolved(ResolveUnresolvedRequest request, ServerCallContext context) =>
        unresolved.ResolveAsync(request, context);
}
