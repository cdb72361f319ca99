using Grpc.Core;
using Grpc.Reflection.V1;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Access;

/// <summary>A legal call of every method that needs a credential, by the method's full name.</summary>
internal static class EveryMethod
{
    public static readonly IReadOnlyDictionary<string, Func<ServiceHost, Metadata, Task>> Calls =
        new Dictionary<string, Func<ServiceHost, Metadata, Task>>(StringComparer.Ordinal)
        {
            ["/scheduler.v1.IngestService/EnqueueAccounts"] = async (h, m) => await h.Ingest.EnqueueAccountsAsync(Requests.Enqueue("d1"), m),
            ["/scheduler.v1.IngestService/CloseAccounts"] = async (h, m) => await h.Ingest.CloseAccountsAsync(
                new() { TenantId = Requests.Tenant, Closures = { Requests.Closure("a1") } }, m),
            ["/scheduler.v1.IngestService/TransferAccounts"] = async (h, m) => await h.Ingest.TransferAccountsAsync(
                new() { TenantId = Requests.Tenant, Transfers = { new V1.AccountTransfer { AccountId = "a1", CreditorId = "fund", RequestId = "r1" } } }, m),
            ["/scheduler.v1.IngestService/UpsertContactHistory"] = async (h, m) => await h.Ingest.UpsertContactHistoryAsync(
                new() { TenantId = Requests.Tenant, Contacts = { Requests.Contact("d1") } }, m),
            ["/scheduler.v1.DebtorService/GetDebtor"] = async (h, m) => await h.Debtors.GetDebtorAsync(new() { TenantId = Requests.Tenant, DebtorId = "d1" }, m),
            ["/scheduler.v1.DebtorService/LookupDebtors"] = async (h, m) => await h.Debtors.LookupDebtorsAsync(
                new() { TenantId = Requests.Tenant, AccountId = "a1" }, m),
            ["/scheduler.v1.DebtorService/MergeDebtors"] = async (h, m) => await h.Debtors.MergeDebtorsAsync(
                new() { TenantId = Requests.Tenant, SurvivingDebtorId = "d1", MergedDebtorId = "d2" }, m),
            ["/scheduler.v1.DebtorService/SplitDebtor"] = async (h, m) => await h.Debtors.SplitDebtorAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d1", NewDebtorId = "d2", AccountIds = { "a1" }, RequestId = "r" }, m),
            ["/scheduler.v1.DebtorService/RecordSignals"] = async (h, m) => await h.Debtors.RecordSignalsAsync(Requests.Signals(Requests.Signal("s", "d1")), m),
            ["/scheduler.v1.DebtorService/ListTimeline"] = async (h, m) => await h.Debtors.ListTimelineAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d1" }, m),
            ["/scheduler.v1.DebtorService/ExplainDebtor"] = async (h, m) => await h.Debtors.ExplainDebtorAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d1" }, m),
            ["/scheduler.v1.DebtorService/EraseDebtor"] = async (h, m) => await h.Debtors.EraseDebtorAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d1", RequestId = "r1", Actor = new() { Reason = "asked" } }, m),
            ["/scheduler.v1.DebtorService/ExportDebtor"] = async (h, m) =>
            {
                using var export = h.Debtors.ExportDebtor(new() { TenantId = Requests.Tenant, DebtorId = "d1", Format = "json", Actor = new() { Reason = "asked" } }, m);
                while (await export.ResponseStream.MoveNext(default))
                {
                }
            },
            ["/scheduler.v1.DispatchService/PullDispatches"] = async (h, m) => await h.Dispatches.PullDispatchesAsync(Requests.Pull(), m),
            ["/scheduler.v1.DispatchService/ConfirmDispatches"] = async (h, m) => await h.Dispatches.ConfirmDispatchesAsync(
                new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1") } }, m),
            ["/scheduler.v1.DispatchService/ReportOutcomes"] = async (h, m) => await h.Dispatches.ReportOutcomesAsync(
                new() { Gateway = Requests.Gateway, Outcomes = { Requests.Outcome("d1") } }, m),
            ["/scheduler.v1.DispatchService/ReportReceipts"] = async (h, m) => await h.Dispatches.ReportReceiptsAsync(
                new() { Gateway = Requests.Gateway, Receipts = { Requests.Receipt("d1") } }, m),
            ["/scheduler.v1.DispatchService/ExtendLeases"] = async (h, m) => await h.Dispatches.ExtendLeasesAsync(
                new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1") }, LeaseDuration = new() { Seconds = 60 } }, m),
            ["/scheduler.v1.DispatchService/ReleaseLeases"] = async (h, m) => await h.Dispatches.ReleaseLeasesAsync(
                new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1") } }, m),
            ["/scheduler.v1.DispatchService/ListLeases"] = async (h, m) => await h.Dispatches.ListLeasesAsync(new() { GatewayId = "g1" }, m),
            ["/scheduler.v1.DispatchService/WatchRevocations"] = async (h, m) =>
            {
                using var watch = h.Dispatches.WatchRevocations(new() { Gateway = Requests.Gateway }, m);
                Assert.True(await watch.ResponseStream.MoveNext(default));
            },
            ["/scheduler.v1.DispatchService/AuthorizeContact"] = async (h, m) => await h.Dispatches.AuthorizeContactAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d1", Gateway = Requests.Gateway, Channel = V1.ContactChannel.Call, RequestId = "r1" }, m),
            ["/scheduler.v1.EvidenceService/ListRoots"] = async (h, m) => await h.Evidence.ListRootsAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.EvidenceService/StreamHeads"] = async (h, m) =>
            {
                using var heads = h.Evidence.StreamHeads(new() { TenantId = Requests.Tenant }, m);
                Assert.True(await heads.ResponseStream.MoveNext(default));
            },
            ["/scheduler.v1.OperationsService/CreatePause"] = async (h, m) => await h.Operations.CreatePauseAsync(
                new() { Scope = new() { TenantId = Requests.Tenant }, Actor = new() { Reason = "fire" } }, m),
            ["/scheduler.v1.OperationsService/DeletePause"] = async (h, m) => await h.Operations.DeletePauseAsync(
                new() { PauseId = "op-1", Actor = new() { Reason = "over" } }, m),
            ["/scheduler.v1.OperationsService/ListPauses"] = async (h, m) => await h.Operations.ListPausesAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.OperationsService/SetPacing"] = async (h, m) => await h.Operations.SetPacingAsync(
                new() { Pacing = new() { Scope = new() { TenantId = Requests.Tenant }, PerSecond = 5 }, Actor = new() { Reason = "slow" } }, m),
            ["/scheduler.v1.OperationsService/ListPacing"] = async (h, m) => await h.Operations.ListPacingAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.OperationsService/GetStatistics"] = async (h, m) => await h.Operations.GetStatisticsAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.OperationsService/StreamEvents"] = async (h, m) =>
            {
                using var events = h.Operations.StreamEvents(new() { TenantId = Requests.Tenant }, m);
                while (await events.ResponseStream.MoveNext(default))
                {
                }
            },
            ["/scheduler.v1.PolicyService/ListPacks"] = async (h, m) => await h.Policy.ListPacksAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.PolicyService/GetPack"] = async (h, m) => await h.Policy.GetPackAsync(
                new() { TenantId = Requests.Tenant, PackVersion = PolicyRequests.VersionOf("CO.strict") }, m),
            ["/scheduler.v1.PolicyService/CreatePackVersion"] = async (h, m) => await h.Policy.CreatePackVersionAsync(PolicyRequests.Upload(), m),
            ["/scheduler.v1.PolicyService/DryRunPolicy"] = async (h, m) =>
            {
                using var run = h.Policy.DryRunPolicy(new() { TenantId = Requests.Tenant, PackVersions = { PolicyRequests.VersionOf("CO.strict") } }, m);
                Assert.True(await run.ResponseStream.MoveNext(default));
            },
            ["/scheduler.v1.PolicyService/ListHolidays"] = async (h, m) => await h.Policy.ListHolidaysAsync(
                new() { TenantId = Requests.Tenant, PackId = "CO.strict", Year = 2026 }, m),
            ["/scheduler.v1.PolicyService/ActivatePolicy"] = async (h, m) => await h.Policy.ActivatePolicyAsync(PolicyRequests.Activate(), m),
            ["/scheduler.v1.PolicyService/RevertPolicy"] = async (h, m) => await h.Policy.RevertPolicyAsync(
                new() { TenantId = Requests.Tenant, Etag = "0", Actor = PolicyRequests.Why }, m),
            ["/scheduler.v1.PolicyService/AddClosedDates"] = async (h, m) => await h.Policy.AddClosedDatesAsync(PolicyRequests.Close(), m),
            ["/scheduler.v1.PolicyService/RemoveClosedDates"] = async (h, m) => await h.Policy.RemoveClosedDatesAsync(
                new() { TenantId = Requests.Tenant, Dates = { PolicyRequests.Mourning }, Actor = PolicyRequests.Why }, m),
            ["/scheduler.v1.PolicyService/ListActivations"] = async (h, m) => await h.Policy.ListActivationsAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.RepairService/ListUnresolved"] = async (h, m) => await h.Repairs.ListUnresolvedAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.RepairService/ResolveUnresolved"] = async (h, m) => await h.Repairs.ResolveUnresolvedAsync(
                new()
                {
                    TenantId = Requests.Tenant,
                    Resolutions = { new V1.Resolution { DebtorId = "d1", DispatchId = "d1.2", Outcome = V1.ContactResolution.NotPlaced } },
                    Actor = new() { Reason = "provider's log" },
                },
                m),
            ["/scheduler.v1.RepairService/ListQuarantine"] = async (h, m) => await h.Repairs.ListQuarantineAsync(new() { TenantId = Requests.Tenant }, m),
            ["/scheduler.v1.RepairService/ResolveQuarantine"] = async (h, m) => await h.Repairs.ResolveQuarantineAsync(
                new() { TenantId = Requests.Tenant, DebtorIds = { "d1" }, Action = V1.QuarantineAction.Release, Actor = new() { Reason = "repaired" } }, m),
            ["/scheduler.v1.RepairService/GetRecovery"] = async (h, m) => await h.Repairs.GetRecoveryAsync(new(), m),
            ["/scheduler.v1.RepairService/BeginRecovery"] = async (h, m) => await h.Repairs.BeginRecoveryAsync(new() { Actor = new() { Reason = "restored" } }, m),
            ["/scheduler.v1.RepairService/EndRecovery"] = async (h, m) => await h.Repairs.EndRecoveryAsync(
                new() { End = V1.RecoveryEnd.Resent, Actor = new() { Reason = "all sent again" } }, m),
            ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = async (h, m) =>
            {
                using var call = new ServerReflection.ServerReflectionClient(h.Channel).ServerReflectionInfo(m);
                await call.RequestStream.WriteAsync(new() { ListServices = "" });
                Assert.True(await call.ResponseStream.MoveNext(default));
            },
        };
}
