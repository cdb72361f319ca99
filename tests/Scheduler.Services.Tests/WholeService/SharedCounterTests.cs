using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>Washington's three a week with debtor or spouse, by the shipped pack, through the real grains and store.</summary>
public sealed class SharedCounterTests : IAsyncLifetime
{
    /// <summary>Nine in the morning in Seattle.</summary>
    private const int Nine = 120;

    private WholeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WholeHost.StartAsync();
        _host.Advance(NodaTime.Duration.FromMinutes(Nine));
        var (wife, husband, neighbour) = (Resident("wife"), Resident("husband"), Resident("neighbour"));
        wife.Profile.SpouseDebtorIds.Add("husband");
        var entered = await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { wife, husband, neighbour } }, Told.Developer);
        Assert.All(entered.Results, static result => Assert.Equal(V1.EntryState.Accepted, result.State));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_third_call_to_a_spouse_closes_the_other_whose_explanation_counts_them_and_names_nobody()
    {
        await CallAsync("wife", "w1");
        await CallAsync("wife", "w2");
        Assert.Equal(V1.VerdictKind.Permit, (await AskAsync("husband", "")).Verdict.Kind);
        await CallAsync("wife", "w3");

        var refused = await AskAsync("husband", "h1");
        Assert.Null(refused.Dispatch);
        Assert.Equal((V1.VerdictKind.Defer, "WA.week"), (refused.Verdict.Kind, refused.Verdict.DecidingRuleId));
        Assert.Equal(V1.VerdictKind.Permit, (await AskAsync("neighbour", "")).Verdict.Kind);

        var request = new V1.ExplainDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "husband", Channels = { V1.ContactChannel.Call } };
        var explained = await _host.Debtors.ExplainDebtorAsync(request, Told.Developer);
        var counter = explained.Explanations.SelectMany(static one => one.RuleResults).First(static rule => rule.RuleId == "WA.week").Counter;
        Assert.Equal((3, 3, 3), (counter.Counted, counter.ByOtherParties, counter.Limit));
        Assert.DoesNotContain("wife", explained.ToString(), StringComparison.Ordinal);
    }

    private static V1.DebtorEntry Resident(string debtor)
    {
        var entry = WholeHost.Reachable(debtor);
        var place = entry.Profile.Locations[0];
        (place.CountryCode, place.RegionCode, place.ZoneId) = ("US", "WA", "America/Los_Angeles");
        entry.Accounts[0].CollectorKind = V1.CollectorKind.ThirdParty;
        var point = entry.ContactPoints.Points[0];
        (point.PointId, point.Kind, point.Address, point.Place) = ("home", V1.PointKind.Landline, "+12065550100", V1.PointPlace.Home);
        return entry;
    }

    private async Task CallAsync(string debtor, string id)
    {
        var dispatch = (await AskAsync(debtor, id)).Dispatch;
        Assert.NotNull(dispatch);
        var outcome = new V1.Outcome
        {
            Lease = WholeHost.LeaseOf(dispatch),
            Placed = new V1.Placed { PlaceTime = WholeHost.At(Nine), ProviderContactId = id, Disposition = V1.Disposition.NoAnswer },
        };
        var reported = await _host.Dispatches.ReportOutcomesAsync(new() { Gateway = WholeHost.Gateway, Outcomes = { outcome } }, Told.Developer);
        Assert.Equal(V1.FactState.Recorded, reported.Results[0].State);
    }

    /// <param name="id">Empty: to ask only.</param>
    private async Task<V1.AuthorizeContactResponse> AskAsync(string debtor, string id) => await _host.Dispatches.AuthorizeContactAsync(
        new()
        {
            TenantId = WholeHost.Tenant,
            DebtorId = debtor,
            Gateway = WholeHost.Gateway,
            Channel = V1.ContactChannel.Call,
            PlacementMode = V1.PlacementMode.Preview,
            RequestId = id,
            DryRun = id.Length == 0,
            AgentId = "agent-1",
        },
        Told.Developer);
}
