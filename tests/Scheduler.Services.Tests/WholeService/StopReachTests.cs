using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>A stop that comes by a debtor, a dispatch, an outcome or a receipt, at a phone that three debtors list.</summary>
public sealed class StopReachTests : IAsyncLifetime
{
    private const string Phone = "+573001234567";

    private static readonly string[] All = ["d1", "d2", "d3"];

    private WholeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WholeHost.StartAsync();
        await EnterAsync([.. All.Select(WholeHost.Reachable)]);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Said_of_a_dispatch_it_reaches_all_who_list_the_point_that_it_went_to()
    {
        var dispatches = await PullAsync();
        var one = dispatches.Single(static d => d.DebtorId == "d1");
        var stop = Inbound("s1", V1.InboundIntent.Stop);
        stop.DispatchId = one.DispatchId;

        var first = await RecordAsync(stop);
        var second = await RecordAsync(stop);

        Assert.True(first.Recorded, first.ToString());
        Assert.Equal(All, first.DebtorIds.Order());
        Assert.Equal(dispatches.Select(static d => d.DispatchId).Order(), first.RevokedDispatchIds.Order());
        Assert.Equal((false, true), (second.Recorded, second.Duplicate));
        await AssertStoppedAsync();
    }

    [Fact]
    public async Task Said_in_an_outcome_it_reaches_them_too_and_the_contact_counts_for_its_debtor_alone()
    {
        var one = (await PullAsync()).Single(static d => d.DebtorId == "d1");
        var outcome = Placed(one);
        outcome.Placed.Signals.Add(Inbound("s1", V1.InboundIntent.Stop));
        var report = new V1.ReportOutcomesRequest { Gateway = WholeHost.Gateway, Outcomes = { outcome } };

        Assert.Equal(V1.FactState.Recorded, (await _host.Dispatches.ReportOutcomesAsync(report, Told.Developer)).Results[0].State);
        Assert.Equal(V1.FactState.Duplicate, (await _host.Dispatches.ReportOutcomesAsync(report, Told.Developer)).Results[0].State);
        await AssertStoppedAsync();
        var others = (await TimelineAsync("d2")).Select(static entry => entry.EventType).ToList();
        Assert.DoesNotContain(others, static type => type is "contact.placed" or "inbound.received");
        Assert.Single(others, static type => type == "lease.revoked");
    }

    [Fact]
    public async Task Said_in_a_receipt_that_names_the_providers_id_it_reaches_them_too()
    {
        var one = (await PullAsync()).Single(static d => d.DebtorId == "d1");
        await _host.Dispatches.ReportOutcomesAsync(new() { Gateway = WholeHost.Gateway, Outcomes = { Placed(one) } }, Told.Developer);
        var receipt = new V1.Receipt { TenantId = WholeHost.Tenant, ProviderContactId = "wamid.1", Kind = V1.ReceiptKind.Unsubscribed, OccurTime = WholeHost.At(0) };

        var results = (await _host.Dispatches.ReportReceiptsAsync(new() { Gateway = WholeHost.Gateway, Receipts = { receipt } }, Told.Developer)).Results;

        Assert.Equal(V1.FactState.Recorded, results[0].State);
        await AssertStoppedAsync();
    }

    [Theory]
    [InlineData(V1.InboundIntent.Stop)]
    [InlineData(V1.InboundIntent.Cease)]
    public async Task Said_of_a_debtor_at_a_point_it_reaches_them_too(V1.InboundIntent intent)
    {
        await PullAsync();
        var stop = Inbound("s1", intent);
        stop.DebtorId = "d1";
        stop.Inbound.PointId = "mobile";

        Assert.Equal(All, (await RecordAsync(stop)).DebtorIds.Order());
        await AssertStoppedAsync();
    }

    [Fact]
    public async Task A_withdrawal_at_one_point_withdraws_for_the_others_at_that_address_alone()
    {
        var two = WholeHost.Reachable("d2");
        two.SourceVersion = 2;
        two.ContactPoints.Points.Add(new V1.ContactPoint { PointId = "own", Kind = V1.PointKind.Mobile, Address = "+573009999999", Place = V1.PointPlace.Personal, Status = V1.PointStatus.Confirmed });
        await EnterAsync(two);
        var withdrawal = new V1.Signal { SignalId = "s1", DebtorId = "d1", OccurTime = WholeHost.At(0), Consent = WholeHost.Consent("w1", V1.ConsentKind.Withdrawn, WholeHost.At(0)) };
        withdrawal.Consent.PointIds.Add("mobile");

        Assert.True((await RecordAsync(withdrawal)).Recorded);

        var explained = await _host.Debtors.ExplainDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "d2", Channels = { V1.ContactChannel.Whatsapp } }, Told.Developer);
        Assert.Equal(V1.VerdictKind.Forbid, explained.Explanations.Single(static e => e.PointId == "mobile").Verdict.Kind);
        Assert.Equal(V1.VerdictKind.Permit, explained.Explanations.Single(static e => e.PointId == "own").Verdict.Kind);
        Assert.Equal(V1.VerdictKind.Forbid, await WhatsappAsync("d3"));
    }

    [Fact]
    public async Task Said_of_a_debtor_at_no_point_it_is_that_debtors_own()
    {
        var stop = Inbound("s1", V1.InboundIntent.Stop);
        stop.DebtorId = "d1";

        Assert.Equal(["d1"], (await RecordAsync(stop)).DebtorIds);
        Assert.Equal((V1.VerdictKind.Forbid, V1.VerdictKind.Permit), (await WhatsappAsync("d1"), await WhatsappAsync("d2")));
    }

    [Fact]
    public async Task A_wrong_person_said_of_a_debtor_says_nothing_of_the_others()
    {
        var wrong = new V1.Signal { SignalId = "s1", DebtorId = "d1", OccurTime = WholeHost.At(0), PointChange = new V1.PointChange { PointId = "mobile", Status = V1.PointStatus.WrongPerson } };

        Assert.Equal(["d1"], (await RecordAsync(wrong)).DebtorIds);
        Assert.Equal(V1.VerdictKind.Permit, await WhatsappAsync("d2"));
    }

    [Fact]
    public async Task A_number_reassigned_at_one_debtors_point_is_so_for_all()
    {
        var gone = new V1.Signal { SignalId = "s1", DebtorId = "d1", OccurTime = WholeHost.At(0), PointChange = new V1.PointChange { PointId = "mobile", Status = V1.PointStatus.Reassigned } };

        Assert.Equal(All, (await RecordAsync(gone)).DebtorIds.Order());
        await AssertStoppedAsync();
    }

    [Fact]
    public async Task It_reaches_them_by_an_aliass_point_as_well()
    {
        await _host.Debtors.MergeDebtorsAsync(new() { TenantId = WholeHost.Tenant, SurvivingDebtorId = "d2", MergedDebtorId = "d1" }, Told.Developer);
        var stop = Inbound("s1", V1.InboundIntent.Stop);
        stop.DebtorId = "d1";
        stop.Inbound.PointId = "mobile";

        var result = await RecordAsync(stop);

        Assert.True(result.Recorded, result.ToString());
        Assert.Equal(["d1", "d3"], result.DebtorIds.Order());
        await AssertStoppedAsync();
    }

    private async Task AssertStoppedAsync()
    {
        await EnterAsync(WholeHost.Reachable("d4"));
        foreach (var debtor in All.Append("d4")) Assert.NotEqual(V1.VerdictKind.Permit, await WhatsappAsync(debtor));
        Assert.Empty(await PullAsync("again", wait: 0));
    }

    private async Task EnterAsync(params V1.DebtorEntry[] entries) =>
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { entries } }, Told.Developer);

    private async Task<IReadOnlyList<V1.Dispatch>> PullAsync(string id = "p1", int wait = 20)
    {
        var pull = WholeHost.Pull(id);
        pull.Wait = new() { Seconds = wait };
        var leased = new List<V1.Dispatch>((await _host.Dispatches.PullDispatchesAsync(pull, Told.Developer)).Dispatches);
        for (var more = 0; wait > 0 && leased.Count < All.Length && more < 10; more++)
        {
            leased.AddRange((await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull($"{id}-{more}"), Told.Developer)).Dispatches);
        }

        return leased;
    }

    private static V1.Signal Inbound(string id, V1.InboundIntent intent) => new()
    {
        SignalId = id,
        Channel = V1.ContactChannel.Whatsapp,
        OccurTime = WholeHost.At(0),
        Inbound = new V1.Inbound { Intent = intent },
    };

    private static V1.Outcome Placed(V1.Dispatch dispatch) => new()
    {
        Lease = WholeHost.LeaseOf(dispatch),
        Placed = new V1.Placed { PlaceTime = WholeHost.At(0), ProviderContactId = "wamid.1", Disposition = V1.Disposition.Accepted, ReceiptsExpected = true },
    };

    private async Task<V1.SignalResult> RecordAsync(V1.Signal signal) =>
        (await _host.Debtors.RecordSignalsAsync(new() { TenantId = WholeHost.Tenant, Signals = { signal } }, Told.Developer)).Results[0];

    private async Task<IEnumerable<V1.TimelineEntry>> TimelineAsync(string debtor) =>
        (await _host.Debtors.ListTimelineAsync(new() { TenantId = WholeHost.Tenant, DebtorId = debtor, PageSize = 100 }, Told.Developer)).Entries;

    private async Task<V1.VerdictKind> WhatsappAsync(string debtor)
    {
        var answer = await _host.Debtors.ExplainDebtorAsync(
            new() { TenantId = WholeHost.Tenant, DebtorId = debtor, Channels = { V1.ContactChannel.Whatsapp } }, Told.Developer);
        return answer.Explanations[0].Verdict.Kind;
    }
}
