using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>One phone, three debtors.</summary>
public sealed class SharedPhoneTests : IAsyncLifetime
{
    private const string Phone = "+573001234567";

    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_stop_reaches_all_three_withdraws_their_leases_and_binds_who_lists_the_phone_later()
    {
        V1.EnqueueAccountsRequest request = new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("d1"), WholeHost.Reachable("d2"), WholeHost.Reachable("d3") } };
        await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer);
        var leased = (await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer)).Dispatches;
        Assert.NotEmpty(leased);

        var stop = new V1.Signal
        {
            SignalId = "stop-1",
            Address = Phone,
            Channel = V1.ContactChannel.Whatsapp,
            OccurTime = WholeHost.At(0),
            Inbound = new V1.Inbound { Intent = V1.InboundIntent.Stop },
        };
        var first = await RecordAsync(stop);
        var second = await RecordAsync(stop);

        Assert.True(first.Recorded);
        Assert.Equal(["d1", "d2", "d3"], first.DebtorIds);
        Assert.Equal(leased.Select(static d => d.DispatchId).Order(), first.RevokedDispatchIds.Order());
        Assert.Equal((false, true), (second.Recorded, second.Duplicate));

        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("d4") } }, Told.Developer);
        foreach (var debtor in new[] { "d1", "d2", "d3", "d4" }) Assert.Equal(V1.VerdictKind.Forbid, await WhatsappAsync(debtor));
        var found = await _host.Debtors.LookupDebtorsAsync(new() { TenantId = WholeHost.Tenant, Address = Phone }, Told.Developer);
        Assert.Equal(["d1", "d2", "d3", "d4"], found.DebtorIds);
    }

    [Fact]
    public async Task A_reassigned_number_is_closed_for_all_who_list_it()
    {
        await _host.Ingest.EnqueueAccountsAsync(
            new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("d1"), WholeHost.Reachable("d2") } }, Told.Developer);

        var result = await RecordAsync(new V1.Signal
        {
            SignalId = "moved",
            Address = Phone,
            OccurTime = WholeHost.At(0),
            PointChange = new V1.PointChange { Status = V1.PointStatus.Reassigned },
        });

        Assert.Equal(["d1", "d2"], result.DebtorIds);
        foreach (var debtor in result.DebtorIds)
        {
            var state = await _host.Debtors.GetDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer);
            Assert.Equal(V1.PointStatus.Reassigned, Assert.Single(state.Debtor.ContactPoints).Status);
        }
    }

    private async Task<V1.SignalResult> RecordAsync(V1.Signal signal) =>
        (await _host.Debtors.RecordSignalsAsync(new() { TenantId = WholeHost.Tenant, Signals = { signal } }, Told.Developer)).Results[0];

    private async Task<V1.VerdictKind> WhatsappAsync(string debtor)
    {
        var answer = await _host.Debtors.ExplainDebtorAsync(
            new() { TenantId = WholeHost.Tenant, DebtorId = debtor, Channels = { V1.ContactChannel.Whatsapp } }, Told.Developer);
        return answer.Explanations[0].Verdict.Kind;
    }
}
