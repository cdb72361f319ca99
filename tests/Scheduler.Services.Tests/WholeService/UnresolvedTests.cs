using Grpc.Core;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>Dispatches of which nobody knows how they went: listed, and resolved by whoever finds out.</summary>
public sealed class UnresolvedTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Leases_that_lapsed_in_silence_stand_on_the_list_page_by_page()
    {
        var silent = await LapseAsync("a", "b", "c");

        var first = await _host.Repairs.ListUnresolvedAsync(new() { TenantId = WholeHost.Tenant, PageSize = 2 }, Told.Developer);
        var rest = await _host.Repairs.ListUnresolvedAsync(new() { TenantId = WholeHost.Tenant, PageSize = 2, PageToken = first.NextPageToken }, Told.Developer);

        Assert.Equal(silent.Select(static d => d.DispatchId).Order(), first.Dispatches.Concat(rest.Dispatches).Select(static d => d.DispatchId));
        Assert.Empty(rest.NextPageToken);
        var one = first.Dispatches[0];
        Assert.Equal(("a", "wa-1", V1.ContactChannel.Whatsapp, false), (one.DebtorId, one.GatewayId, one.Channel, one.Placed));
        Assert.Equal(["account-of-a"], one.AccountIds);
        Assert.Empty((await _host.Repairs.ListUnresolvedAsync(new() { TenantId = WholeHost.Tenant, GatewayId = "wa-2" }, Told.Developer)).Dispatches);
        Assert.Empty((await _host.Repairs.ListUnresolvedAsync(new() { TenantId = "other" }, Told.Developer)).Dispatches);
    }

    [Fact]
    public async Task A_debtor_whose_row_cannot_be_read_hides_neither_its_own_dispatch_nor_those_of_others()
    {
        var silent = await LapseAsync("a", "b");
        var broken = (await _host.Store.Debtors.ReadAsync(new DebtorKey(WholeHost.Tenant, "a"), TestContext.Current.CancellationToken))!;
        var answer = await _host.Store.Debtors.WriteAsync(new DebtorWrite
        {
            Key = broken.Key,
            ExpectedVersion = broken.Version,
            WriteId = new Guid("00000000-0000-0000-0000-000000000001"),
            State = new byte[] { 0x0F },
            PrevEventSeq = broken.LastEventSeq,
        });
        Assert.True(answer.IsCommitted);

        var listed = await _host.Repairs.ListUnresolvedAsync(new() { TenantId = WholeHost.Tenant }, Told.Developer);
        using var call = _host.Evidence.StreamHeads(new V1.StreamHeadsRequest { TenantId = WholeHost.Tenant }, Told.Developer);
        var heads = new V1.StreamHeadsResponse();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) heads.MergeFrom(piece);

        Assert.Equal(silent.Select(static d => d.DispatchId).Order(), listed.Dispatches.Select(static d => d.DispatchId));
        Assert.Equal(("a", ""), (listed.Dispatches[0].DebtorId, listed.Dispatches[0].GatewayId));
        Assert.Equal([("a", true), ("b", false)], heads.Heads.Select(static head => (head.DebtorId, head.ChainHash.IsEmpty)));
    }

    [Fact]
    public async Task What_an_operator_says_is_recorded_with_its_ground_and_takes_it_off_the_list()
    {
        var dispatch = Assert.Single(await LapseAsync("a"));

        var answer = await ResolveAsync(dispatch.DebtorId, dispatch.DispatchId);
        var repeated = await ResolveAsync(dispatch.DebtorId, dispatch.DispatchId);

        Assert.Equal((0, 0), (answer.Results[0].Code, repeated.Results[0].Code));
        Assert.Empty((await _host.Repairs.ListUnresolvedAsync(new() { TenantId = WholeHost.Tenant }, Told.Developer)).Dispatches);
        var timeline = await _host.Debtors.ListTimelineAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "a" }, Told.Developer);
        Assert.Contains(timeline.Entries, e => e.EventType == "contact.resolved" && e.DispatchId == dispatch.DispatchId);
    }

    [Fact]
    public async Task A_late_outcome_takes_it_off_the_list()
    {
        var dispatch = Assert.Single(await LapseAsync("a"));
        var late = new V1.Outcome
        {
            Lease = WholeHost.LeaseOf(dispatch),
            Placed = new V1.Placed { PlaceTime = WholeHost.At(1), Disposition = V1.Disposition.Accepted },
        };
        var report = await _host.Dispatches.ReportOutcomesAsync(new() { Gateway = WholeHost.Gateway, Outcomes = { late } }, Told.Developer);

        Assert.Equal(V1.FactState.RecordedStale, report.Results[0].State);
        Assert.Empty((await _host.Repairs.ListUnresolvedAsync(new() { TenantId = WholeHost.Tenant }, Told.Developer)).Dispatches);
    }

    [Fact]
    public async Task A_statement_without_ground_or_about_nothing_is_refused()
    {
        Assert.Equal("DISPATCH_NOT_FOUND", Reason((await ResolveAfterAsync("a", "a.9")).Results[0]));
        Assert.Equal("DEBTOR_NOT_FOUND", Reason((await ResolveAsync("nobody", "nobody.2")).Results[0]));
        Assert.Equal("FIELD_INVALID", Reason((await ResolveAsync("a", "no-id")).Results[0]));
        var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Repairs.ResolveUnresolvedAsync(
            new() { TenantId = WholeHost.Tenant, Resolutions = { new V1.Resolution() } }, Told.Developer));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), (code, cause.Reason));
        (code, cause, _) = await Told.RefusedAsync(async () => await _host.Repairs.ListUnresolvedAsync(
            new() { TenantId = WholeHost.Tenant, PageToken = "nonsense" }, Told.Developer));
        Assert.Equal((StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID"), (code, cause.Reason));
    }

    private static string Reason(Google.Rpc.Status status) => Told.Cause(status).Reason;

    private async Task<V1.ResolveUnresolvedResponse> ResolveAfterAsync(string debtor, string dispatch)
    {
        await LapseAsync(debtor);
        return await ResolveAsync(debtor, dispatch);
    }

    private async Task<V1.ResolveUnresolvedResponse> ResolveAsync(string debtor, string dispatch) => await _host.Repairs.ResolveUnresolvedAsync(
        new()
        {
            TenantId = WholeHost.Tenant,
            Resolutions = { new V1.Resolution { DebtorId = debtor, DispatchId = dispatch, Outcome = V1.ContactResolution.NotPlaced } },
            Actor = new V1.Actor { Reason = "provider's log of the day" },
        },
        Told.Developer);

    /// <summary>Leases one dispatch of each debtor, and lets the leases lapse.</summary>
    private async Task<V1.Dispatch[]> LapseAsync(params string[] debtors)
    {
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { debtors.Select(WholeHost.Reachable) } }, Told.Developer);
        var leased = new List<V1.Dispatch>();
        for (var pull = 0; leased.Count < debtors.Length; pull++)
        {
            leased.AddRange((await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull($"pull-{pull}"), Told.Developer)).Dispatches);
        }

        _host.Advance(NodaTime.Duration.FromMinutes(3));
        await _host.SweepUntilAsync(async () =>
            (await _host.Store.Debtors.ListLinksAsync(WholeHost.Tenant, LinkKind.Unresolved, null, 10, TestContext.Current.CancellationToken)).Count == debtors.Length);
        return [.. leased];
    }
}
