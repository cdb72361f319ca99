using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.Grains.Rules;
using Scheduler.RulePacks.Editions;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Policy;

/// <summary>What the policy service answers and refuses, over the real packs and rows in memory.</summary>
public sealed class PolicyServiceTests
{
    private static CallOptions Call => new(Told.Developer, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_pack_is_told_by_the_version_that_events_carry()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var version = PolicyRequests.VersionOf("CO.literal");
        var pack = await host.Policy.GetPackAsync(new() { TenantId = Requests.Tenant, PackVersion = version }, Call);
        Assert.Contains("CO.literal", pack.DefinitionYaml);
        Assert.StartsWith("# Colombia", pack.SourcesMarkdown, StringComparison.Ordinal);
        Assert.Contains("| case |", pack.CasesMarkdown);
        Assert.Equal((V1.PackState.Draft, true, false), (pack.Info.State, pack.Info.IsShipped, pack.Info.IsOverlay));
        Assert.Equal(PackEdition.DigestOf(pack.DefinitionYaml), Convert.ToHexStringLower(pack.Info.Digest.Span));
        var (code, cause, _) = await Told.RefusedAsync(async () => await host.Policy.GetPackAsync(new() { TenantId = Requests.Tenant, PackVersion = "CO.strict@000000000000" }, Call));
        Assert.Equal((StatusCode.NotFound, "PACK_NOT_FOUND"), (code, cause.Reason));
    }

    [Fact]
    public async Task An_overlay_is_uploaded_put_in_force_and_taken_back()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var version = Assert.Single((await host.Policy.CreatePackVersionAsync(PolicyRequests.Upload(), Call)).PackVersions);
        Assert.Equal(V1.PackState.Draft, await StateAsync(host, version));
        var activated = await host.Policy.ActivatePolicyAsync(PolicyRequests.Activate(version), Call);
        Assert.Equal(V1.PackState.Active, await StateAsync(host, version));
        Assert.Equal("1", activated.Etag);
        var again = PolicyRequests.Activate();
        again.Etag = activated.Etag;
        await host.Policy.ActivatePolicyAsync(again, Call);
        Assert.Equal(V1.PackState.Retired, await StateAsync(host, version));
        var reverted = await host.Policy.RevertPolicyAsync(new() { TenantId = Requests.Tenant, Etag = "2", Actor = PolicyRequests.Why }, Call);
        Assert.Equal("3", reverted.Etag);
        Assert.Equal(V1.PackState.Active, await StateAsync(host, version));

        var trail = await host.Policy.ListActivationsAsync(new() { TenantId = Requests.Tenant }, Call);
        Assert.Equal([V1.ActivationKind.Reverted, V1.ActivationKind.Activated, V1.ActivationKind.Activated], trail.Activations.Select(static a => a.Kind));
        Assert.Equal(("development", "decree 12"), (trail.Activations[0].Actor.ActorId, trail.Activations[0].Actor.Reason));
        Assert.Equal(version, Assert.Single(trail.Activations[0].AddedVersions));
        Assert.Equal(version, Assert.Single(trail.Activations[1].RemovedVersions));
        Assert.Equal(version, Assert.Single(trail.Activations[2].AddedVersions));
    }

    [Theory]
    [InlineData("replace: {CO.day: {source: x}}", "An overlay can only add rules")]
    [InlineData("drop: [CO.day]", "An overlay can only add rules")]
    [InlineData("extends: CO.strict", "An overlay can only add rules")]
    [InlineData("nonsense: 1", "nonsense")]
    public async Task What_is_wrong_in_an_upload_is_told_with_its_line_and_nothing_is_stored(string line, string message)
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var answer = await host.Policy.CreatePackVersionAsync(PolicyRequests.Upload(PolicyRequests.Overlay.Replace("overlay: true", "overlay: true\n    " + line, StringComparison.Ordinal)), Call);
        Assert.Empty(answer.PackVersions);
        Assert.Contains(answer.Problems, problem => problem.Message.Contains(message, StringComparison.Ordinal) && problem.Line == 6);
        Assert.DoesNotContain((await host.Policy.ListPacksAsync(new() { TenantId = Requests.Tenant }, Call)).Packs, static pack => pack.PackId == "house.no_calls");
    }

    [Fact]
    public async Task A_pack_whose_own_case_fails_is_refused()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var shipped = await host.Policy.GetPackAsync(new() { TenantId = Requests.Tenant, PackVersion = PolicyRequests.VersionOf("CO.strict") }, Call);
        var upload = PolicyRequests.Upload(shipped.DefinitionYaml.Replace("mon-fri: \"07:00-19:00\"", "mon-fri: \"07:00-19:01\"", StringComparison.Ordinal));
        var without = await host.Policy.CreatePackVersionAsync(upload, Call);
        Assert.Contains("needs a table of cases", Assert.Single(without.Problems).Message);
        upload.CasesMarkdown = shipped.CasesMarkdown.TrimEnd() + "\n| a pigeon | all | pigeon | Wed 2026-11-18 10:00 | CO | - | permit | - | art. 1 |\n";
        var answer = await host.Policy.CreatePackVersionAsync(upload, Call);
        Assert.Empty(answer.PackVersions);
        Assert.All(answer.FailedCases, static failed => Assert.Matches(@"^cases\.md\(\d+,1\): ", failed));
        Assert.Contains(answer.FailedCases, static failed => failed.Contains("got Permit", StringComparison.Ordinal));
        Assert.Contains(answer.FailedCases, static failed => failed.Contains("pigeon", StringComparison.Ordinal));
        Assert.True(answer.CaseCount > answer.FailedCases.Count);
        upload.DefinitionYaml = shipped.DefinitionYaml + "# the same law\n";
        upload.CasesMarkdown = shipped.CasesMarkdown;
        upload.ValidateOnly = true;
        Assert.Contains((await host.Policy.CreatePackVersionAsync(upload, Call)).PackVersions, static version => version.StartsWith("CO.strict@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_refusal_names_its_field_and_its_reason()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        await RefusedAsync(StatusCode.InvalidArgument, "FIELD_INVALID", "etag", static r => r.Etag = "");
        await RefusedAsync(StatusCode.InvalidArgument, "FIELD_INVALID", "actor.reason", static r => r.Actor = null);
        await RefusedAsync(StatusCode.InvalidArgument, "FIELD_INVALID", "pack_versions", static r => r.PackVersions.Clear());
        await RefusedAsync(StatusCode.InvalidArgument, "FIELD_INVALID", "pack_versions", static r => r.PackVersions.Add(r.PackVersions[0]));
        await RefusedAsync(StatusCode.NotFound, "PACK_NOT_FOUND", "pack_versions", static r => r.PackVersions[0] = "CO.strict@000000000000");
        await RefusedAsync(StatusCode.FailedPrecondition, "PACK_INVALID", "pack_versions", static r => r.PackVersions.Add(PolicyRequests.VersionOf("CO.literal")));
        await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", "etag", static r => r.Etag = "7");

        async Task RefusedAsync(StatusCode code, string reason, string field, Action<V1.ActivatePolicyRequest> spoil)
        {
            var request = PolicyRequests.Activate();
            spoil(request);
            var (got, cause, _) = await Told.RefusedAsync(async () => await host.Policy.ActivatePolicyAsync(request, Call));
            Assert.Equal((code, reason, field), (got, cause.Reason, cause.Metadata["field"].Split('[')[0]));
        }
    }

    [Fact]
    public async Task A_request_id_is_good_for_one_change()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var request = PolicyRequests.Activate();
        request.RequestId = "r1";
        var first = await host.Policy.ActivatePolicyAsync(request, Call);
        Assert.Equal(first, await host.Policy.ActivatePolicyAsync(request, Call));
        request.EffectiveTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (code, cause, _) = await Told.RefusedAsync(async () => await host.Policy.ActivatePolicyAsync(request, Call));
        Assert.Equal((StatusCode.InvalidArgument, "IDEMPOTENCY_KEY_REUSED", "request_id"), (code, cause.Reason, cause.Metadata["field"]));
    }

    [Fact]
    public async Task A_scheduled_list_is_told_with_its_instant()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var version = Assert.Single((await host.Policy.CreatePackVersionAsync(PolicyRequests.Upload(), Call)).PackVersions);
        var request = PolicyRequests.Activate(version);
        request.EffectiveTime = Timestamp.FromDateTimeOffset(host.Clock.GetUtcNow().AddHours(1));
        await host.Policy.ActivatePolicyAsync(request, Call);
        var known = await host.Policy.ListPacksAsync(new() { TenantId = Requests.Tenant, ActiveOnly = true }, Call);
        Assert.Equal(request.EffectiveTime, known.ScheduledTime);
        Assert.Equal(V1.PackState.Scheduled, known.Packs.Single(pack => pack.PackVersion == version).State);
        var trail = await host.Policy.ListActivationsAsync(new() { TenantId = Requests.Tenant }, Call);
        Assert.Equal((V1.ActivationKind.Scheduled, request.EffectiveTime), (trail.Activations[0].Kind, trail.Activations[0].EffectiveTime));
    }

    [Fact]
    public async Task Closed_dates_are_listed_removed_and_stand_in_the_trail()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        await host.Policy.AddClosedDatesAsync(PolicyRequests.Close(), Call);
        Assert.Equal(PolicyRequests.Mourning, Assert.Single((await host.Policy.ListPacksAsync(new() { TenantId = Requests.Tenant }, Call)).ClosedDates));
        await host.Policy.RemoveClosedDatesAsync(new() { TenantId = Requests.Tenant, Dates = { PolicyRequests.Mourning }, Actor = PolicyRequests.Why }, Call);
        Assert.Empty((await host.Policy.ListPacksAsync(new() { TenantId = Requests.Tenant }, Call)).ClosedDates);
        var trail = await host.Policy.ListActivationsAsync(new() { TenantId = Requests.Tenant }, Call);
        Assert.Equal([V1.ActivationKind.DatesOpened, V1.ActivationKind.DatesClosed], trail.Activations.Select(static a => a.Kind));
        Assert.Equal(PolicyRequests.Mourning, Assert.Single(trail.Activations[1].Dates));
        var nameless = PolicyRequests.Mourning;
        nameless.Source = "";
        nameless.RegionCode = "CO-DC";
        var (code, _, status) = await Told.RefusedAsync(async () => await host.Policy.AddClosedDatesAsync(PolicyRequests.Close(nameless), Call));
        Assert.Equal(StatusCode.InvalidArgument, code);
        Assert.Equal(["dates[0].source", "dates[0].region_code"], status.Details.Single(static d => d.Is(Google.Rpc.BadRequest.Descriptor)).Unpack<Google.Rpc.BadRequest>().FieldViolations.Select(static v => v.Field));
    }

    [Fact]
    public async Task One_tenant_neither_sees_nor_activates_what_another_uploaded()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var version = Assert.Single((await host.Policy.CreatePackVersionAsync(PolicyRequests.Upload(), Call)).PackVersions);
        Assert.DoesNotContain((await host.Policy.ListPacksAsync(new() { TenantId = "t2" }, Call)).Packs, pack => pack.PackVersion == version);
        var request = PolicyRequests.Activate(version);
        request.TenantId = "t2";
        var (code, cause, _) = await Told.RefusedAsync(async () => await host.Policy.ActivatePolicyAsync(request, Call));
        Assert.Equal((StatusCode.NotFound, "PACK_NOT_FOUND"), (code, cause.Reason));
    }

    [Fact]
    public async Task Holidays_of_a_year_are_those_of_the_pack_and_the_dates_closed_since()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        await host.Policy.AddClosedDatesAsync(PolicyRequests.Close(), Call);
        var days = (await host.Policy.ListHolidaysAsync(new() { TenantId = Requests.Tenant, PackId = "CO.strict", Year = 2026 }, Call)).Dates;
        Assert.Equal(20, days.Count);
        Assert.Contains(days, static day => day.Date.Month == 7 && day.Date.Day == 20 && day.Name == "Independencia");
        Assert.Equal(("Duelo nacional", "Decreto 12"), (days[^3].Name, days[^3].Source));
        var (code, cause, _) = await Told.RefusedAsync(async () => await host.Policy.ListHolidaysAsync(new() { TenantId = Requests.Tenant, PackId = "CO.literal", Year = 2026 }, Call));
        Assert.Equal((StatusCode.NotFound, "PACK_NOT_FOUND", "pack_id"), (code, cause.Reason, cause.Metadata["field"]));
    }

    [Fact]
    public void Every_kind_of_change_is_told_by_its_name()
    {
        foreach (var change in System.Enum.GetValues<PolicyChange>().Where(static change => change != PolicyChange.Unknown)) Assert.Equal(change.ToString(), ((V1.ActivationKind)change).ToString());
        Assert.Equal(System.Enum.GetValues<PolicyChange>().Length, System.Enum.GetValues<V1.ActivationKind>().Length);
    }

    private static async Task<V1.PackState> StateAsync(ServiceHost host, string version) =>
        (await host.Policy.ListPacksAsync(new() { TenantId = Requests.Tenant }, Call)).Packs.Single(pack => pack.PackVersion == version).State;
}
