using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Debtors;

/// <summary>Everything about one debtor: state, signals, timeline, explanation.</summary>
public sealed class DebtorService(DebtorRoute route, SignalRecorder signals, TimelineReader timeline, PrivacyCalls privacy, TimeProvider clock)
    : V1.DebtorService.DebtorServiceBase
{
    public override async Task<GetDebtorResponse> GetDebtor(GetDebtorRequest request, ServerCallContext context)
    {
        Check(request.DebtorId);
        var answer = await route.Grain(DebtorRoute.KeyOf(request.TenantId, request.DebtorId)).GetState();
        return answer.Found
            ? new GetDebtorResponse { Debtor = Debtor.Parser.ParseFrom(answer.Body.Span) }
            : throw NotFound(request.DebtorId);
    }

    public override async Task<LookupDebtorsResponse> LookupDebtors(LookupDebtorsRequest request, ServerCallContext context)
    {
        var keys = await FindAsync(request);
        if (keys.Count > BorderLimits.DebtorsOfAddress)
        {
            throw Refuse.Call(Reasons.AddressShared, SignalRecorder.SharedTooWidely, ("limit", $"{BorderLimits.DebtorsOfAddress}"));
        }

        return new LookupDebtorsResponse { DebtorIds = { keys.Select(static key => key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]) } };
    }

    private Task<IReadOnlyList<string>> FindAsync(LookupDebtorsRequest request)
    {
        var violations = new FieldViolations();
        switch (request.KeyCase)
        {
            case LookupDebtorsRequest.KeyOneofCase.Address when !string.IsNullOrWhiteSpace(request.Address):
                violations.Text("address", request.Address, BorderLimits.AddressLength);
                Refuse.ThrowIfAny(violations);
                return route.ByAddressAsync(request.TenantId, request.Address);
            case LookupDebtorsRequest.KeyOneofCase.AccountId:
                violations.Id("account_id", request.AccountId);
                Refuse.ThrowIfAny(violations);
                return route.ByAccountAsync(request.TenantId, request.AccountId);
            case LookupDebtorsRequest.KeyOneofCase.ProviderContactId:
                violations.Text("provider_contact_id", request.ProviderContactId, BorderLimits.ReferenceLength);
                Refuse.ThrowIfAny(violations);
                return route.ByProviderContactAsync(request.TenantId, request.ProviderContactId);
            default:
                violations.Add("key", FieldReasons.Required, "address, account_id or provider_contact_id");
                throw Refuse.Call(violations);
        }
    }

    public override async Task<MergeDebtorsResponse> MergeDebtors(MergeDebtorsRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Id("surviving_debtor_id", request.SurvivingDebtorId);
        violations.Id("merged_debtor_id", request.MergedDebtorId);
        if (request.SurvivingDebtorId == request.MergedDebtorId) violations.Add("merged_debtor_id", FieldReasons.Inconsistent, "another than surviving_debtor_id");
        Refuse.ThrowIfAny(violations);
        var answer = await route.Merge(DebtorRoute.KeyOf(request.TenantId, request.MergedDebtorId)).Merge(request.SurvivingDebtorId);
        if (answer.Fault is { } fault) throw Refuse.Call(fault.Reason, fault.Detail, ("field", fault.Field));
        var debtor = await route.Grain(DebtorRoute.KeyOf(request.TenantId, request.SurvivingDebtorId)).GetState();
        return new MergeDebtorsResponse { Debtor = Debtor.Parser.ParseFrom(debtor.Body.Span) };
    }

    public override async Task<SplitDebtorResponse> SplitDebtor(SplitDebtorRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", request.DebtorId);
        violations.Id("new_debtor_id", request.NewDebtorId);
        violations.Id("request_id", request.RequestId);
        if (request.DebtorId == request.NewDebtorId) violations.Add("new_debtor_id", FieldReasons.Inconsistent, "another than debtor_id");
        CheckIds("account_ids", request.AccountIds, violations);
        CheckIds("point_ids", request.PointIds, violations);
        if (request.AccountIds.Count == 0) violations.Add("account_ids", FieldReasons.Required, "at least one");
        Refuse.ThrowIfAny(violations);
        var order = new SplitOrder(request.NewDebtorId, [.. request.AccountIds], [.. request.PointIds], request.RequestId, IsTaken: false);
        var answer = await route.Split(DebtorRoute.KeyOf(request.TenantId, request.DebtorId)).Split(order);
        if (answer.Fault is { } fault) throw Refuse.Call(fault.Reason, fault.Detail, ("field", fault.Field));
        var stays = await route.Grain(DebtorRoute.KeyOf(request.TenantId, request.DebtorId)).GetState();
        var made = await route.Grain(DebtorRoute.KeyOf(request.TenantId, request.NewDebtorId)).GetState();
        return new SplitDebtorResponse { Debtor = Debtor.Parser.ParseFrom(stays.Body.Span), NewDebtor = Debtor.Parser.ParseFrom(made.Body.Span) };
    }

    private static void CheckIds(string field, IReadOnlyList<string> ids, FieldViolations violations)
    {
        for (var index = 0; index < ids.Count; index++) violations.Id($"{field}[{index}]", ids[index]);
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Count) violations.Add(field, FieldReasons.Inconsistent, "each once");
    }

    public override async Task<RecordSignalsResponse> RecordSignals(RecordSignalsRequest request, ServerCallContext context)
    {
        BatchSize.Check("signals", request.Signals.Count);
        var caller = AccessInterceptor.Caller(context);
        var results = await signals.RecordAsync(request.TenantId, request.Signals, caller, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        return new RecordSignalsResponse { Results = { results } };
    }

    public override Task ExportDebtor(ExportDebtorRequest request, IServerStreamWriter<ExportDebtorResponse> responseStream, ServerCallContext context) =>
        privacy.ExportAsync(request, responseStream, context);

    public override Task<EraseDebtorResponse> EraseDebtor(EraseDebtorRequest request, ServerCallContext context) => privacy.EraseAsync(request, context);

    public override async Task<ListTimelineResponse> ListTimeline(ListTimelineRequest request, ServerCallContext context)
    {
        Check(request.DebtorId);
        return await timeline.ReadAsync(request, context.CancellationToken) ?? throw NotFound(request.DebtorId);
    }

    public override async Task<ExplainDebtorResponse> ExplainDebtor(ExplainDebtorRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", request.DebtorId);
        PointMap.ReadChannels(request.Channels, violations);
        violations.Known("purpose", request.Purpose, required: false);
        violations.InstantOrNull("at_time", request.AtTime);
        Refuse.ThrowIfAny(violations);
        var answer = await route.Grain(DebtorRoute.KeyOf(request.TenantId, request.DebtorId)).Explain(request.ToByteArray());
        return answer.Found ? ExplainDebtorResponse.Parser.ParseFrom(answer.Body.Span) : throw NotFound(request.DebtorId);
    }

    private static void Check(string debtor)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", debtor);
        Refuse.ThrowIfAny(violations);
    }

    private static RpcException NotFound(string debtor) => Refuse.Call(Reasons.DebtorNotFound, "No such debtor.", ("debtor_id", debtor));
}
