using System.Collections.Frozen;

namespace Scheduler.Services.Access;

/// <summary>Which roles may call which method, and which tenants and gateway a request names.</summary>
public static class AccessRules
{
    private const Roles Readers = Roles.Ingest | Roles.Compliance | Roles.Operator;

    private static readonly FrozenDictionary<string, Roles> ByMethod = new Dictionary<string, Roles>(StringComparer.Ordinal)
    {
        ["/scheduler.v1.IngestService/EnqueueAccounts"] = Roles.Ingest,
        ["/scheduler.v1.IngestService/CloseAccounts"] = Roles.Ingest,
        ["/scheduler.v1.IngestService/TransferAccounts"] = Roles.Ingest,
        ["/scheduler.v1.IngestService/UpsertContactHistory"] = Roles.Ingest,
        ["/scheduler.v1.DebtorService/GetDebtor"] = Readers,
        ["/scheduler.v1.DebtorService/LookupDebtors"] = Roles.Ingest | Roles.Compliance,
        ["/scheduler.v1.DebtorService/MergeDebtors"] = Roles.Ingest | Roles.Compliance,
        ["/scheduler.v1.DebtorService/SplitDebtor"] = Roles.Ingest | Roles.Compliance,
        ["/scheduler.v1.DebtorService/RecordSignals"] = Roles.All,
        ["/scheduler.v1.DebtorService/ListTimeline"] = Readers,
        ["/scheduler.v1.DebtorService/ExplainDebtor"] = Readers,
        ["/scheduler.v1.DebtorService/ExportDebtor"] = Roles.Compliance,
        ["/scheduler.v1.DebtorService/EraseDebtor"] = Roles.Compliance,
        ["/scheduler.v1.DispatchService/PullDispatches"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/ConfirmDispatches"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/ReportOutcomes"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/ReportReceipts"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/ExtendLeases"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/ReleaseLeases"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/ListLeases"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/WatchRevocations"] = Roles.Gateway,
        ["/scheduler.v1.DispatchService/AuthorizeContact"] = Roles.Gateway,
        ["/scheduler.v1.OperationsService/CreatePause"] = Roles.Operator,
        ["/scheduler.v1.OperationsService/DeletePause"] = Roles.Operator,
        ["/scheduler.v1.OperationsService/ListPauses"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.OperationsService/SetPacing"] = Roles.Operator,
        ["/scheduler.v1.OperationsService/ListPacing"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.OperationsService/GetStatistics"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.OperationsService/StreamEvents"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.PolicyService/ListPacks"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.PolicyService/GetPack"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.PolicyService/CreatePackVersion"] = Roles.Compliance,
        ["/scheduler.v1.PolicyService/DryRunPolicy"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.PolicyService/ListHolidays"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.PolicyService/ActivatePolicy"] = Roles.Compliance,
        ["/scheduler.v1.PolicyService/RevertPolicy"] = Roles.Compliance,
        ["/scheduler.v1.PolicyService/AddClosedDates"] = Roles.Compliance,
        ["/scheduler.v1.PolicyService/RemoveClosedDates"] = Roles.Compliance,
        ["/scheduler.v1.PolicyService/ListActivations"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.EvidenceService/ListRoots"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.EvidenceService/StreamHeads"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.RepairService/ListUnresolved"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.RepairService/ResolveUnresolved"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.RepairService/ListQuarantine"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.RepairService/ResolveQuarantine"] = Roles.Operator,
        ["/scheduler.v1.RepairService/GetRecovery"] = Roles.Operator | Roles.Compliance,
        ["/scheduler.v1.RepairService/BeginRecovery"] = Roles.Operator,
        ["/scheduler.v1.RepairService/EndRecovery"] = Roles.Operator | Roles.Compliance,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Roles.All,
        ["/scheduler.simulation.v1.SimulationService/AdvanceClock"] = Roles.Operator,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Probes carry no credential, and health says nothing about anybody.</summary>
    public static bool IsOpen(string method) => method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal);

    /// <summary>A method that nobody thought of is nobody's.</summary>
    public static Roles RolesOf(string method) => ByMethod.GetValueOrDefault(method);

    /// <summary>The tenant that a whole request is about; null where it names several or its items do.</summary>
    public static string? TenantOf(object request) => request switch
    {
        V1.EnqueueAccountsRequest r => r.TenantId,
        V1.CloseAccountsRequest r => r.TenantId,
        V1.TransferAccountsRequest r => r.TenantId,
        V1.UpsertContactHistoryRequest r => r.TenantId,
        V1.GetDebtorRequest r => r.TenantId,
        V1.LookupDebtorsRequest r => r.TenantId,
        V1.MergeDebtorsRequest r => r.TenantId,
        V1.SplitDebtorRequest r => r.TenantId,
        V1.RecordSignalsRequest r => r.TenantId,
        V1.ListTimelineRequest r => r.TenantId,
        V1.ExplainDebtorRequest r => r.TenantId,
        V1.AuthorizeContactRequest r => r.TenantId,
        V1.GetStatisticsRequest r => r.TenantId,
        V1.StreamEventsRequest r => r.TenantId,
        V1.ListRootsRequest r => r.TenantId,
        V1.ExportDebtorRequest r => r.TenantId,
        V1.EraseDebtorRequest r => r.TenantId,
        V1.StreamHeadsRequest r => r.TenantId,
        V1.ListUnresolvedRequest r => r.TenantId,
        V1.ResolveUnresolvedRequest r => r.TenantId,
        V1.ListQuarantineRequest r => r.TenantId,
        V1.ResolveQuarantineRequest r => r.TenantId,
        _ => null,
    };

    /// <summary>The tenant of a request about the policy or a switch; empty is every tenant, or every one without a list of its own. Null: another request.</summary>
    public static string? PolicyTenantOf(object request) => request switch
    {
        V1.ListPacksRequest r => r.TenantId,
        V1.GetPackRequest r => r.TenantId,
        V1.CreatePackVersionRequest r => r.TenantId,
        V1.DryRunPolicyRequest r => r.TenantId,
        V1.ListHolidaysRequest r => r.TenantId,
        V1.ActivatePolicyRequest r => r.TenantId,
        V1.RevertPolicyRequest r => r.TenantId,
        V1.AddClosedDatesRequest r => r.TenantId,
        V1.RemoveClosedDatesRequest r => r.TenantId,
        V1.ListActivationsRequest r => r.TenantId,
        V1.CreatePauseRequest r => r.Scope?.TenantId ?? "",
        V1.SetPacingRequest r => r.Pacing?.Scope?.TenantId ?? "",
        _ => null,
    };

    public static IReadOnlyList<string> TenantsOf(object request) => request switch
    {
        V1.ListPausesRequest { TenantId.Length: > 0 } r => [r.TenantId],
        V1.ListPacingRequest { TenantId.Length: > 0 } r => [r.TenantId],
        V1.PullDispatchesRequest r => r.TenantIds,
        V1.ListLeasesRequest r => r.TenantIds,
        V1.WatchRevocationsRequest r => r.TenantIds,
        _ => [],
    };

    /// <summary>The gateway in whose name a request is made; null where there is none.</summary>
    public static string? GatewayOf(object request) => request switch
    {
        V1.PullDispatchesRequest r => r.Gateway?.GatewayId ?? "",
        V1.ConfirmDispatchesRequest r => r.Gateway?.GatewayId ?? "",
        V1.ReportOutcomesRequest r => r.Gateway?.GatewayId ?? "",
        V1.ReportReceiptsRequest r => r.Gateway?.GatewayId ?? "",
        V1.ExtendLeasesRequest r => r.Gateway?.GatewayId ?? "",
        V1.ReleaseLeasesRequest r => r.Gateway?.GatewayId ?? "",
        V1.WatchRevocationsRequest r => r.Gateway?.GatewayId ?? "",
        V1.AuthorizeContactRequest r => r.Gateway?.GatewayId ?? "",
        V1.ListLeasesRequest r => r.GatewayId,
        _ => null,
    };

    /// <summary>Where <see cref="GatewayOf"/> stands in the request.</summary>
    public static string GatewayField(object request) => request is V1.ListLeasesRequest ? "gateway_id" : "gateway.gateway_id";
}
