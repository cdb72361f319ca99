using Grpc.Core;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>Two ids, one person.</summary>
public sealed class MergeTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_alias_answers_as_the_debtor_that_remains_and_both_timelines_tell_of_it()
    {
        await _host.Ingest.EnqueueAccountsAsync(
            new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("a"), WholeHost.Reachable("b") } }, Told.Developer);

        var first = await MergeAsync("a", "b");
        var second = await MergeAsync("a", "b");

        Assert.Equal(["account-of-a", "account-of-b"], first.Debtor.Accounts.Select(static x => x.AccountId));
        Assert.Equal(first.Debtor.StateVersion, second.Debtor.StateVersion);
        Assert.Equal("a", (await _host.Debtors.GetDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "b" }, Told.Developer)).Debtor.DebtorId);
        Assert.Equal("debtor.merged", (await TimelineAsync("b")).Entries[0].EventType);
        Assert.Contains((await TimelineAsync("a")).Entries, static e => e.EventType == "debtor.absorbed");
        var found = await _host.Debtors.LookupDebtorsAsync(new() { TenantId = WholeHost.Tenant, AccountId = "account-of-b" }, Told.Developer);
        Assert.Equal(["a"], found.DebtorIds);
    }

    [Fact]
    public async Task A_merge_into_itself_into_nobody_and_of_an_alias_into_a_third_is_refused()
    {
        await _host.Ingest.EnqueueAccountsAsync(
            new() { TenantId = WholeHost.Tenant, Entries = { WholeHost.Reachable("a"), WholeHost.Reachable("b"), WholeHost.Reachable("c") } }, Told.Developer);
        await MergeAsync("a", "b");

        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await RefusedAsync("a", "a"));
        Assert.Equal((StatusCode.NotFound, "DEBTOR_NOT_FOUND"), await RefusedAsync("nobody", "a"));
        Assert.Equal((StatusCode.FailedPrecondition, "ALREADY_MERGED"), await RefusedAsync("c", "b"));
    }

    private async Task<V1.MergeDebtorsResponse> MergeAsync(string into, string gone) =>
        await _host.Debtors.MergeDebtorsAsync(new() { TenantId = WholeHost.Tenant, SurvivingDebtorId = into, MergedDebtorId = gone }, Told.Developer);

    private async Task<(StatusCode, string)> RefusedAsync(string into, string gone)
    {
        var (code, cause, _) = await Told.RefusedAsync(async () => await MergeAsync(into, gone));
        return (code, cause.Reason);
    }

    private async Task<V1.ListTimelineResponse> TimelineAsync(string debtor) =>
        await _host.Debtors.ListTimelineAsync(new() { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer);
}
