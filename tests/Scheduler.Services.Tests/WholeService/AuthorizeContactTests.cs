using Grpc.Core;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>A contact that nobody planned, through the real grains and store.</summary>
public sealed class AuthorizeContactTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WholeHost.StartAsync();
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("d1") } }, Told.Developer);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_leased_repeated_listed_and_reported_like_any_dispatch()
    {
        var first = await _host.Dispatches.AuthorizeContactAsync(Ask("r1"), Told.Developer);
        var again = await _host.Dispatches.AuthorizeContactAsync(Ask("r1"), Told.Developer);
        Assert.Equal("+573001234567", first.Dispatch.Address);
        Assert.Equal(V1.VerdictKind.Permit, first.Verdict.Kind);
        Assert.Equal(first.Dispatch.DispatchId, again.Dispatch.DispatchId);
        var held = await _host.Dispatches.ListLeasesAsync(new() { GatewayId = WholeHost.Gateway.GatewayId }, Told.Developer);
        Assert.Equal(first.Dispatch.DispatchId, Assert.Single(held.Dispatches).DispatchId);

        var outcome = new V1.Outcome
        {
            Lease = WholeHost.LeaseOf(first.Dispatch),
            Placed = new V1.Placed { PlaceTime = WholeHost.At(0), ProviderContactId = "wamid.1", Disposition = V1.Disposition.Accepted },
        };
        var reported = await _host.Dispatches.ReportOutcomesAsync(new() { Gateway = WholeHost.Gateway, Outcomes = { outcome } }, Told.Developer);
        Assert.Equal(V1.FactState.Recorded, reported.Results[0].State);
        var (code, info, _) = await Told.RefusedAsync(async () => await _host.Dispatches.AuthorizeContactAsync(Ask("r1"), Told.Developer));
        Assert.Equal((StatusCode.FailedPrecondition, "LEASE_LAPSED"), (code, info.Reason));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_with_every_rule()
    {
        var asked = Ask("r1");
        asked.Channel = V1.ContactChannel.Sms;
        var refused = await _host.Dispatches.AuthorizeContactAsync(asked, Told.Developer);
        Assert.Null(refused.Dispatch);
        Assert.Equal("CO.consent", refused.Verdict.DecidingRuleId);
        Assert.Contains(refused.RuleResults, static rule => rule.RuleId == "CO.hours");
        Assert.Contains(refused.Verdict.PackVersions, static version => version.StartsWith("CO.strict@", StringComparison.Ordinal));
        Assert.Contains(refused.RuleResults, static rule => rule.DoesNotApply && rule.Reason.StartsWith("Does not apply: ", StringComparison.Ordinal));

        var granted = await _host.Dispatches.AuthorizeContactAsync(Ask("r2"), Told.Developer);
        Assert.Equal(V1.VerdictKind.Permit, granted.Verdict.Kind);
        Assert.Equal(refused.Verdict.PackVersions, granted.Verdict.PackVersions);
        Assert.Equal(refused.Verdict.PackVersions, granted.Dispatch.Verdict.PackVersions);
        Assert.Equal(refused.Verdict.TzVersion, granted.Verdict.TzVersion);
    }

    [Fact]
    public async Task A_contact_that_may_also_sell_is_refused_in_Peru_until_it_is_said_that_it_does_not()
    {
        var entry = WholeHost.Reachable("d2");
        entry.Profile.Locations[0] = new() { CountryCode = "PE", Source = V1.LocationSource.Residence };
        entry.ContactPoints.Points[0].Address = "+51912345678";
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { entry } }, Told.Developer);
        var asked = Ask("r1");
        asked.DebtorId = "d2";
        var unsaid = await _host.Dispatches.AuthorizeContactAsync(asked, Told.Developer);
        asked.Promotes = true;
        var selling = await _host.Dispatches.AuthorizeContactAsync(asked, Told.Developer);
        asked.Promotes = false;
        var plain = await _host.Dispatches.AuthorizeContactAsync(asked, Told.Developer);
        Assert.Equal(("PE.mixed", "PE.mixed"), (unsaid.Verdict.DecidingRuleId, selling.Verdict.DecidingRuleId));
        Assert.NotNull(plain.Dispatch);
    }

    [Fact]
    public async Task To_ask_only_counts_nothing()
    {
        var dry = Ask("");
        dry.DryRun = true;
        var answer = await _host.Dispatches.AuthorizeContactAsync(dry, Told.Developer);
        Assert.Equal(V1.VerdictKind.Permit, answer.Verdict.Kind);
        Assert.Null(answer.Dispatch);
        Assert.NotEmpty(answer.RuleResults);
        Assert.NotNull((await _host.Dispatches.AuthorizeContactAsync(Ask("r1"), Told.Developer)).Dispatch);
    }

    [Fact]
    public async Task A_wrong_request_names_every_field_and_an_unknown_debtor_is_not_found()
    {
        var wrong = new V1.AuthorizeContactRequest
        {
            TenantId = WholeHost.Tenant,
            DebtorId = "d 1",
            Gateway = WholeHost.Gateway,
            PointId = "?",
            RequestId = new string('r', 101),
            LeaseDuration = new() { Seconds = -1 },
        };
        var (_, _, status) = await Told.RefusedAsync(async () => await _host.Dispatches.AuthorizeContactAsync(wrong, Told.Developer));
        Assert.Equal(["debtor_id", "lease_duration", "channel", "point_id", "request_id"], Told.Fields(status));
        var unknown = Ask("r1");
        unknown.DebtorId = "d2";
        var (code, _, _) = await Told.RefusedAsync(async () => await _host.Dispatches.AuthorizeContactAsync(unknown, Told.Developer));
        Assert.Equal(StatusCode.NotFound, code);
    }

    private static V1.AuthorizeContactRequest Ask(string request) => new()
    {
        TenantId = WholeHost.Tenant,
        DebtorId = "d1",
        Gateway = WholeHost.Gateway,
        Channel = V1.ContactChannel.Whatsapp,
        RequestId = request,
        AgentId = "bot-1",
    };
}
