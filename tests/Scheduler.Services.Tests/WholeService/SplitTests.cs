using Grpc.Core;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>One id, two persons; and accounts that change hands.</summary>
public sealed class SplitTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_split_answers_both_debtors_and_both_timelines_tell_of_it()
    {
        await EnterAsync();
        var first = await SplitAsync("b");
        var second = await SplitAsync("b");

        Assert.Equal(["account-of-a"], first.Debtor.Accounts.Select(static x => x.AccountId));
        Assert.Equal(["card"], first.NewDebtor.Accounts.Select(static x => x.AccountId));
        Assert.Equal((first.Debtor.StateVersion, first.NewDebtor.StateVersion), (second.Debtor.StateVersion, second.NewDebtor.StateVersion));
        Assert.Contains("debtor.split", await TimelineAsync("a"));
        Assert.Contains("debtor.split_from", await TimelineAsync("b"));
        var found = await _host.Debtors.LookupDebtorsAsync(new() { TenantId = WholeHost.Tenant, AccountId = "card" }, Told.Developer);
        Assert.Equal(["b"], found.DebtorIds);
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("b") } }, Told.Developer);
        Assert.Equal(2, (await _host.Debtors.GetDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "b" }, Told.Developer)).Debtor.Accounts.Count);
    }

    [Fact]
    public async Task What_is_reported_of_a_dispatch_from_before_the_split_counts_for_both_and_once()
    {
        await EnterAsync();
        var dispatch = Assert.Single((await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer)).Dispatches);
        await SplitAsync("b");
        var outcome = new V1.Outcome
        {
            Lease = WholeHost.LeaseOf(dispatch),
            Placed = new V1.Placed { PlaceTime = WholeHost.At(0), ProviderContactId = "wamid.1", Disposition = V1.Disposition.Accepted, ReceiptsExpected = true },
        };
        var receipt = new V1.Receipt { TenantId = WholeHost.Tenant, ProviderContactId = "wamid.1", Kind = V1.ReceiptKind.Unsubscribed, OccurTime = WholeHost.At(0) };

        for (var times = 0; times < 2; times++)
        {
            var placed = await _host.Dispatches.ReportOutcomesAsync(new() { Gateway = WholeHost.Gateway, Outcomes = { outcome } }, Told.Developer);
            Assert.Equal(times == 0 ? V1.FactState.RecordedStale : V1.FactState.Duplicate, placed.Results[0].State);
            var received = await _host.Dispatches.ReportReceiptsAsync(new() { Gateway = WholeHost.Gateway, Receipts = { receipt } }, Told.Developer);
            Assert.Equal(times == 0 ? V1.FactState.Recorded : V1.FactState.Duplicate, received.Results[0].State);
        }

        foreach (var debtor in new[] { "a", "b" })
        {
            var timeline = await TimelineAsync(debtor);
            Assert.Single(timeline, static type => type == "contact.placed");
            Assert.Single(timeline, static type => type == "consent.withdrawn");
        }
    }

    [Fact]
    public async Task A_stop_of_such_a_dispatch_binds_both_and_all_who_list_the_point_that_went_and_a_payment_is_the_old_ids()
    {
        await EnterAsync();
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("neighbour") } }, Told.Developer);
        var dispatch = (await PullAsync()).Single(static d => d.DebtorId == "a");
        var split = new V1.SplitDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "a", NewDebtorId = "b", AccountIds = { "card" }, PointIds = { "mobile" }, RequestId = "r1" };
        await _host.Debtors.SplitDebtorAsync(split, Told.Developer);
        var stop = new V1.Signal
        {
            SignalId = "s1",
            DispatchId = dispatch.DispatchId,
            Channel = V1.ContactChannel.Whatsapp,
            OccurTime = WholeHost.At(0),
            Inbound = new V1.Inbound { Intent = V1.InboundIntent.Stop },
        };
        var payment = new V1.Signal
        {
            SignalId = "s2",
            DispatchId = dispatch.DispatchId,
            OccurTime = WholeHost.At(0),
            Payment = new V1.Payment { PaymentId = "p1", AccountId = "account-of-a", Amount = new() { CurrencyCode = "COP", Units = 1 } },
        };

        var results = (await _host.Debtors.RecordSignalsAsync(new() { TenantId = WholeHost.Tenant, Signals = { stop, payment } }, Told.Developer)).Results;

        Assert.Equal(["a", "b", "neighbour"], results[0].DebtorIds.Order());
        Assert.Equal((true, ""), (results[1].Recorded, results[1].Status?.Message ?? ""));
        Assert.Equal(["a"], results[1].DebtorIds);
        foreach (var debtor in new[] { "a", "b", "neighbour" }) Assert.Contains("consent.withdrawn", await TimelineAsync(debtor));
    }

    private async Task<IReadOnlyList<V1.Dispatch>> PullAsync()
    {
        var leased = new List<V1.Dispatch>();
        for (var more = 0; leased.Count < 2 && more < 10; more++) leased.AddRange((await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull($"p{more}"), Told.Developer)).Dispatches);
        return leased;
    }

    [Fact]
    public async Task What_cannot_be_split_is_refused_with_its_reason()
    {
        await EnterAsync();
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("c") } }, Told.Developer);

        Assert.Equal((StatusCode.AlreadyExists, "DEBTOR_EXISTS"), await RefusedAsync(() => SplitAsync("c")));
        Assert.Equal((StatusCode.NotFound, "UNKNOWN_ACCOUNT"), await RefusedAsync(() => SplitAsync("b", "nothing")));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_VALUE"), await RefusedAsync(() => SplitAsync("b", "card", "account-of-a")));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await RefusedAsync(() => SplitAsync("a")));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await RefusedAsync(() => SplitAsync("b", "card", "card")));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await RefusedAsync(async () => await _host.Debtors.SplitDebtorAsync(new() { TenantId = WholeHost.Tenant }, Told.Developer)));
    }

    [Fact]
    public async Task A_transferred_account_is_its_new_creditors_and_what_was_agreed_has_ended()
    {
        await EnterAsync();
        var first = await TransferAsync("card", "t1");
        var second = await TransferAsync("card", "t1");
        var unknown = await TransferAsync("nothing", "t2");

        Assert.Equal((true, false), (first.Ok, first.Duplicate));
        Assert.Equal((true, true), (second.Ok, second.Duplicate));
        Assert.Equal((int)StatusCode.NotFound, unknown.Status.Code);
        var debtor = (await _host.Debtors.GetDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "a" }, Told.Developer)).Debtor;
        Assert.Equal(["bank", "fund"], debtor.Accounts.Select(static x => x.CreditorId));
        var timeline = await TimelineAsync("a");
        Assert.Contains("account.transferred", timeline);
        Assert.Contains("consent.withdrawn", timeline);
    }

    private async Task EnterAsync()
    {
        var entry = WholeHost.Reachable("a");
        var card = entry.Accounts[0].Clone();
        (card.AccountId, card.CreditorId) = ("card", "shop");
        entry.Accounts.Add(card);
        await _host.Ingest.EnqueueAccountsAsync(new() { TenantId = WholeHost.Tenant, Entries = { entry } }, Told.Developer);
    }

    private async Task<V1.SplitDebtorResponse> SplitAsync(string into, params string[] accounts) => await _host.Debtors.SplitDebtorAsync(
        new() { TenantId = WholeHost.Tenant, DebtorId = "a", NewDebtorId = into, AccountIds = { accounts.Length > 0 ? accounts : ["card"] }, RequestId = "r1" },
        Told.Developer);

    private async Task<V1.ItemResult> TransferAsync(string account, string request)
    {
        var transfer = new V1.AccountTransfer { AccountId = account, CreditorId = "fund", CollectorKind = V1.CollectorKind.DebtBuyer, TransferTime = WholeHost.At(0), RequestId = request };
        var answer = await _host.Ingest.TransferAccountsAsync(new() { TenantId = WholeHost.Tenant, Transfers = { transfer } }, Told.Developer);
        return Assert.Single(answer.Results);
    }

    private static async Task<(StatusCode, string)> RefusedAsync(Func<Task> call)
    {
        var (code, cause, _) = await Told.RefusedAsync(call);
        return (code, cause.Reason);
    }

    private async Task<string[]> TimelineAsync(string debtor) =>
        [.. (await _host.Debtors.ListTimelineAsync(new() { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer)).Entries.Select(static e => e.EventType)];
}
