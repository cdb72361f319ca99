using System.Collections.Immutable;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Border;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Services.Access;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.V1;

namespace Scheduler.Services.Policy;

/// <summary>Packs, overlays and closed dates: what is known, what is in force, and how that is changed.</summary>
public sealed class PolicyService(PolicyBook book, PolicyTrail trail, IRuleSource rules, PolicyDryRun dryRun, TimeProvider clock) : V1.PolicyService.PolicyServiceBase
{
    private const int DefinitionBytes = 256 * 1024;
    private const int CasesBytes = 512 * 1024;

    public override async Task<ListPacksResponse> ListPacks(ListPacksRequest request, ServerCallContext context)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var list = await book.ReadAsync(request.TenantId, context.CancellationToken);
        var dates = await book.ReadDatesAsync(request.TenantId, context.CancellationToken);
        var states = await trail.StatesAsync(request.TenantId, list, now, context.CancellationToken);
        var response = new ListPacksResponse { Etag = PolicyMap.Etag(list.Row), ScheduledTime = PolicyMap.ScheduledTime(list, now) };
        var packs = (await book.Archive.ListAsync(request.TenantId, context.CancellationToken))
            .Where(static edition => !ClosedDatePacks.Wrote(edition))
            .SelectMany(edition => edition.Versions.Select(version => PolicyMap.Write(edition, version, states.GetValueOrDefault(version, PackState.Draft))))
            .Where(pack => !request.ActiveOnly || pack.State is PackState.Active or PackState.Scheduled);
        response.Packs.AddRange(packs.OrderBy(static pack => pack.State == PackState.Active ? 0 : 1).ThenBy(static pack => pack.PackVersion, StringComparer.Ordinal));
        response.ClosedDates.AddRange(dates.Dates.Select(PolicyMap.Write));
        return response;
    }

    public override async Task<GetPackResponse> GetPack(GetPackRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        PolicyMap.Version(violations, "pack_version", request.PackVersion);
        Refuse.ThrowIfAny(violations);
        var edition = await book.Archive.FindAsync(request.PackVersion, context.CancellationToken);
        if (edition is null || (edition.Tenant.Length > 0 && edition.Tenant != request.TenantId))
        {
            throw Refuse.Call(Reasons.PackNotFound, "No such pack version.", ("pack_version", request.PackVersion));
        }

        var list = await book.ReadAsync(request.TenantId, context.CancellationToken);
        var states = await trail.StatesAsync(request.TenantId, list, Instant.FromDateTimeOffset(clock.GetUtcNow()), context.CancellationToken);
        return new GetPackResponse
        {
            Info = PolicyMap.Write(edition, request.PackVersion, states.GetValueOrDefault(request.PackVersion, PackState.Draft)),
            DefinitionYaml = edition.Definition.Text,
            CasesMarkdown = edition.Cases,
            SourcesMarkdown = edition.Sources,
        };
    }

    public override async Task<CreatePackVersionResponse> CreatePackVersion(CreatePackVersionRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        PolicyMap.Document(violations, "definition_yaml", request.DefinitionYaml, DefinitionBytes, isRequired: true);
        PolicyMap.Document(violations, "cases_markdown", request.CasesMarkdown, CasesBytes);
        PolicyMap.Document(violations, "sources_markdown", request.SourcesMarkdown, DefinitionBytes);
        var (actor, reason) = PolicyMap.ActorOf(violations, request.Actor, AccessInterceptor.Caller(context), isReasonRequired: !request.ValidateOnly);
        Refuse.ThrowIfAny(violations);

        var edition = PackEdition.Of(new PackText("pack.yaml", request.DefinitionYaml)) with { Cases = request.CasesMarkdown, Sources = request.SourcesMarkdown, Tenant = request.TenantId };
        var report = PackTrial.Run(book.Archive.Shelf, edition);
        var response = new CreatePackVersionResponse { CaseCount = report.CaseCount };
        response.Problems.AddRange(report.Problems.Select(PolicyMap.Write));
        response.FailedCases.AddRange(report.FailedCases);
        if (!report.Passes) return response;
        if (!request.ValidateOnly && !await book.Archive.KeepAsync(edition, actor, reason, clock.GetUtcNow().ToUnixTimeMilliseconds(), context.CancellationToken))
        {
            response.Problems.Add(new V1.PackProblem { Message = "A version of it names another text already." });
            return response;
        }

        response.PackVersions.AddRange(edition.Versions);
        return response;
    }

    public override async Task DryRunPolicy(DryRunPolicyRequest request, IServerStreamWriter<DryRunPolicyResponse> responseStream, ServerCallContext context)
    {
        var violations = new FieldViolations();
        var order = DryRunMap.Read(violations, request);
        Refuse.ThrowIfAny(violations);
        foreach (var version in request.PackVersions) await DemandAsync(version, request.TenantId, context.CancellationToken);
        try
        {
            var result = await dryRun.RunAsync(order, count => responseStream.WriteAsync(new DryRunPolicyResponse { ExaminedCount = count.Examined }), context.CancellationToken);
            await responseStream.WriteAsync(new DryRunPolicyResponse { ExaminedCount = result.Examined, Result = DryRunMap.Write(result) });
        }
        catch (PackFormatException invalid)
        {
            throw Invalid(invalid.Problems);
        }
    }

    public override Task<ListHolidaysResponse> ListHolidays(ListHolidaysRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Word("pack_id", request.PackId);
        violations.Word("region_code", request.RegionCode);
        violations.Word("municipality_code", request.MunicipalityCode);
        if (request.Year is < 1900 or > 2200) violations.Add("year", FieldReasons.OutOfRange, "1900 to 2200");
        Refuse.ThrowIfAny(violations);
        var policy = rules.For(request.TenantId, Instant.FromDateTimeOffset(clock.GetUtcNow())).Context.Policy;
        var days = HolidayList.Of(policy, request) ?? throw Refuse.Call(Reasons.PackNotFound, "No such pack is in force.", ("field", "pack_id"));
        var response = new ListHolidaysResponse();
        response.Dates.AddRange(days);
        return Task.FromResult(response);
    }

    public override async Task<ActivatePolicyResponse> ActivatePolicy(ActivatePolicyRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        PolicyMap.Versions(violations, request.PackVersions);
        var expected = PolicyMap.ReadEtag(violations, request.Etag);
        var effective = violations.InstantOrNull("effective_time", request.EffectiveTime);
        var order = PolicyMap.OrderOf(violations, request.TenantId, request.Actor, request.RequestId, AccessInterceptor.Caller(context), request);
        Refuse.ThrowIfAny(violations);
        foreach (var version in request.PackVersions) await DemandAsync(version, request.TenantId, context.CancellationToken);
        var answer = await book.ActivateAsync(order, [.. request.PackVersions], expected, effective, context.CancellationToken);
        Demand(answer);
        return new ActivatePolicyResponse { Etag = PolicyMap.Etag(answer.Etag), PolicyEpoch = answer.Epoch };
    }

    public override async Task<RevertPolicyResponse> RevertPolicy(RevertPolicyRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        var expected = PolicyMap.ReadEtag(violations, request.Etag);
        var order = PolicyMap.OrderOf(violations, request.TenantId, request.Actor, request.RequestId, AccessInterceptor.Caller(context), request);
        Refuse.ThrowIfAny(violations);
        var answer = await book.RevertAsync(order, expected, context.CancellationToken);
        Demand(answer);
        return new RevertPolicyResponse { Etag = PolicyMap.Etag(answer.Etag), PolicyEpoch = answer.Epoch };
    }

    public override async Task<AddClosedDatesResponse> AddClosedDates(AddClosedDatesRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        var dates = PolicyMap.Read(violations, request.Dates, areNamed: true);
        var order = PolicyMap.OrderOf(violations, request.TenantId, request.Actor, request.RequestId, AccessInterceptor.Caller(context), request);
        Refuse.ThrowIfAny(violations);
        var answer = await book.CloseDatesAsync(order, dates, context.CancellationToken);
        Demand(answer);
        return new AddClosedDatesResponse { PolicyEpoch = answer.Epoch };
    }

    public override async Task<RemoveClosedDatesResponse> RemoveClosedDates(RemoveClosedDatesRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        var dates = PolicyMap.Read(violations, request.Dates, areNamed: false);
        var order = PolicyMap.OrderOf(violations, request.TenantId, request.Actor, request.RequestId, AccessInterceptor.Caller(context), request);
        Refuse.ThrowIfAny(violations);
        var answer = await book.OpenDatesAsync(order, dates, context.CancellationToken);
        Demand(answer);
        return new RemoveClosedDatesResponse { PolicyEpoch = answer.Epoch };
    }

    public override async Task<ListActivationsResponse> ListActivations(ListActivationsRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        if (request.PageSize is < 0 or > PolicyTrail.PageLimit) violations.Add("page_size", FieldReasons.OutOfRange, $"0 to {PolicyTrail.PageLimit}");
        Refuse.ThrowIfAny(violations);
        return await trail.ListAsync(request.TenantId, request.PageSize == 0 ? PolicyTrail.PageDefault : request.PageSize, context.CancellationToken);
    }

    /// <summary>Another tenant's upload does not exist for this one.</summary>
    private async Task DemandAsync(string version, string tenant, CancellationToken cancellationToken)
    {
        var edition = await book.Archive.FindAsync(version, cancellationToken);
        if (edition is null || (edition.Tenant.Length > 0 && edition.Tenant != tenant))
        {
            throw Refuse.Call(Reasons.PackNotFound, "No such pack version.", ("field", "pack_versions"), ("pack_version", version));
        }
    }

    private static void Demand(PolicyAnswer answer)
    {
        switch (answer.Refusal)
        {
            case PolicyRefusal.None:
                return;
            case PolicyRefusal.EtagMismatch:
                throw Refuse.Call(Reasons.EtagMismatch, "The list has changed since it was read: look at it again.", ("field", "etag"), ("etag", PolicyMap.Etag(answer.Etag)));
            case PolicyRefusal.KeyReused:
                throw Refuse.Call(Reasons.KeyReused, "request_id: used for another change.", ("field", "request_id"));
            case PolicyRefusal.UnknownVersion:
                throw Refuse.Call(Reasons.PackNotFound, "No such pack version.", ("field", "pack_versions"));
            case PolicyRefusal.NothingToRevert:
                throw Refuse.Call(Reasons.NothingToRevert, "No change stands before the list in force.");
            case PolicyRefusal.TooManyDates:
                throw Refuse.Call(Reasons.ClosedDateLimit, $"At most {PolicyBook.ClosedDateLimit} closed dates stand at a time.", ("field", "dates"));
            default:
                throw Invalid(answer.Problems);
        }
    }

    private static RpcException Invalid(ImmutableArray<RulePacks.PackProblem> problems) => Refuse.Call(
        Reasons.PackInvalid,
        "The list cannot be put in force: " + (problems.IsEmpty ? "it does not compile." : string.Join(" ", problems.Take(4).Select(static p => p.Message))),
        ("field", "pack_versions"));
}
