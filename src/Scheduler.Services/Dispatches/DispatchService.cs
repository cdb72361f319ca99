using Google.Protobuf;
using Grpc.Core;
using Scheduler.Grains.Pulls;
using Scheduler.Protocol.Border;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>What channel gateways use: work out, facts in.</summary>
public sealed class DispatchService(Puller puller, LeaseCalls leases, FactReports facts, RevocationWatch watch, IDispatchPull pulls, Authorizer authorizer)
    : V1.DispatchService.DispatchServiceBase
{
    private const int LeasePageDefault = 100;

    public override Task<PullDispatchesResponse> PullDispatches(PullDispatchesRequest request, ServerCallContext context) =>
        puller.PullAsync(request, context);

    public override async Task<ConfirmDispatchesResponse> ConfirmDispatches(ConfirmDispatchesRequest request, ServerCallContext context)
    {
        BatchSize.Check("leases", request.Leases.Count);
        var answers = await leases.ConfirmAsync(request.Leases, request.Gateway.GatewayId, AccessInterceptor.Caller(context));
        return new ConfirmDispatchesResponse { Confirmations = { answers } };
    }

    public override async Task<ReportOutcomesResponse> ReportOutcomes(ReportOutcomesRequest request, ServerCallContext context)
    {
        BatchSize.Check("outcomes", request.Outcomes.Count);
        var results = await facts.ReportAsync(request.Outcomes, request.Gateway.GatewayId, AccessInterceptor.Caller(context));
        return new ReportOutcomesResponse { Results = { results } };
    }

    public override async Task<ReportReceiptsResponse> ReportReceipts(ReportReceiptsRequest request, ServerCallContext context)
    {
        BatchSize.Check("receipts", request.Receipts.Count);
        var results = await facts.ReportAsync(request.Receipts, request.Gateway.GatewayId, AccessInterceptor.Caller(context));
        return new ReportReceiptsResponse { Results = { results } };
    }

    public override async Task<ExtendLeasesResponse> ExtendLeases(ExtendLeasesRequest request, ServerCallContext context)
    {
        BatchSize.Check("leases", request.Leases.Count);
        var violations = new FieldViolations();
        var duration = LeaseSpan.Read("lease_duration", request.LeaseDuration, violations);
        Refuse.ThrowIfAny(violations);
        var results = await leases.ExtendAsync(
            request.Leases, request.Gateway.GatewayId, duration.ToTimeSpan(), AccessInterceptor.Caller(context));
        return new ExtendLeasesResponse { Results = { results } };
    }

    public override async Task<ReleaseLeasesResponse> ReleaseLeases(ReleaseLeasesRequest request, ServerCallContext context)
    {
        BatchSize.Check("leases", request.Leases.Count, mayBeEmpty: request.PullId.Length > 0);
        var violations = new FieldViolations();
        violations.IdOrEmpty("pull_id", request.PullId);
        violations.Known("reason", request.Reason, required: false);
        Refuse.ThrowIfAny(violations);
        var response = new ReleaseLeasesResponse();
        var gateway = request.Gateway.GatewayId;
        if (request.Leases.Count > 0)
        {
            response.Results.AddRange(await leases.ReleaseAsync(request.Leases, gateway, request.Reason, AccessInterceptor.Caller(context)));
        }

        if (request.PullId.Length > 0)
        {
            response.ReleasedCount = await pulls.ReleasePullAsync(gateway, request.PullId, (int)request.Reason, context.CancellationToken);
        }

        return response;
    }

    public override async Task<ListLeasesResponse> ListLeases(ListLeasesRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.IdOrEmpty("instance_id", request.InstanceId);
        if (request.PageSize < 0) violations.Add("page_size", FieldReasons.Negative, "not negative");
        violations.Text("page_token", request.PageToken, BorderLimits.AddressLength);
        Refuse.ThrowIfAny(violations);
        var size = request.PageSize == 0 ? LeasePageDefault : Math.Min(request.PageSize, BorderLimits.BatchItems);
        var tenants = AccessInterceptor.Caller(context).TenantsFor(request.TenantIds);
        var page = await pulls.ListLeasesAsync(request.GatewayId, request.InstanceId, tenants, size, request.PageToken, context.CancellationToken);
        var response = new ListLeasesResponse { NextPageToken = page.NextPage };
        foreach (var body in page.Dispatches) response.Dispatches.Add(Dispatch.Parser.ParseFrom(body.Span));
        return response;
    }

    public override Task<AuthorizeContactResponse> AuthorizeContact(AuthorizeContactRequest request, ServerCallContext context) =>
        authorizer.AuthorizeAsync(request, context);

    public override Task WatchRevocations(
        WatchRevocationsRequest request, IServerStreamWriter<WatchRevocationsResponse> responseStream, ServerCallContext context)
    {
        var violations = new FieldViolations();
        using (violations.In("gateway")) violations.IdOrEmpty("instance_id", request.Gateway.InstanceId);
        Refuse.ThrowIfAny(violations);
        var tenants = AccessInterceptor.Caller(context).TenantsFor(request.TenantIds);
        return watch.RunAsync(request.Gateway, tenants, responseStream, context.CancellationToken);
    }
}
