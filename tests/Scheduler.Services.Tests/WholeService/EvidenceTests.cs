using System.Security.Cryptography;
using Grpc.Core;
using NodaTime;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage.Evidence;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>Signed roots and heads, over the real grains and SQLite.</summary>
public sealed class EvidenceTests : IAsyncLifetime
{
    private static readonly Instant FirstNight = Instant.FromUtc(2026, 3, 4, 0, 5);

    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_day_has_one_root_per_tenant_which_stands_on_the_day_before()
    {
        await EnterAsync("d1", "d2");
        var first = Assert.Single(await _host.Roots.SignAsync(FirstNight, TestContext.Current.CancellationToken));
        Assert.Empty(await _host.Roots.SignAsync(FirstNight + Duration.FromHours(3), TestContext.Current.CancellationToken));
        await EnterAsync("d3");
        var second = Assert.Single(await _host.Roots.SignAsync(FirstNight + Duration.FromDays(1), TestContext.Current.CancellationToken));
        var empty = Assert.Single(await _host.Roots.SignAsync(FirstNight + Duration.FromDays(2), TestContext.Current.CancellationToken));

        Assert.Equal((0, 2, 2), (first.AfterCursor, first.UpToCursor, first.RecordCount));
        Assert.Equal((2, 3, 1), (second.AfterCursor, second.UpToCursor, second.RecordCount));
        Assert.Equal((3, 3, 0), (empty.AfterCursor, empty.UpToCursor, empty.RecordCount));
        Assert.Equal(first.Root, second.PreviousRoot);
        var listed = await _host.Evidence.ListRootsAsync(new V1.ListRootsRequest { TenantId = WholeHost.Tenant }, Told.Developer);
        Assert.Equal([first, second, empty], listed.Roots);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", listed.PublicKeyPem);
        var key = Assert.Single(listed.Keys);
        Assert.Equal((first.KeyId, listed.PublicKeyPem, first.Day, empty.Day, true), (key.KeyId, key.PublicKeyPem, key.FirstDay, key.LastDay, key.Present));
    }

    [Fact]
    public async Task A_key_that_was_replaced_is_listed_with_the_days_that_it_signed()
    {
        await EnterAsync("d1");
        var first = Assert.Single(await _host.Roots.SignAsync(FirstNight, TestContext.Current.CancellationToken));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var replaced = new RootBook(_host.Store.Events, _host.Store.Settings, key);
        var before = await replaced.ListKeysAsync(await replaced.ListAsync(WholeHost.Tenant, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var second = Assert.Single(await replaced.SignAsync(FirstNight + Duration.FromDays(1), TestContext.Current.CancellationToken));
        var after = await replaced.ListKeysAsync(await replaced.ListAsync(WholeHost.Tenant, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        Assert.Equal([(first.KeyId, _host.Roots.PublicKeyPem, first.Day, first.Day), (second.KeyId, replaced.PublicKeyPem, second.Day, second.Day)], after.Select(static k => (k.KeyId, k.PublicKeyPem, k.FirstDay, k.LastDay)));
        Assert.Equal([(first.KeyId, false), (second.KeyId, true)], before.Select(static k => (k.KeyId, k.Present)));
        Assert.Null(before[^1].FirstDay);
    }

    [Fact]
    public async Task Heads_are_the_last_chain_hashes_of_the_feed()
    {
        await EnterAsync("d1", "d2");
        var all = await HeadsAsync("");
        var one = await HeadsAsync("d2");
        var records = await RecordsAsync("");

        Assert.Equal(["d1", "d2"], all.Heads.Select(static h => h.DebtorId));
        Assert.Equal("d2", Assert.Single(one.Heads).DebtorId);
        Assert.Equal(2, all.LogCursor);
        Assert.All(all.Heads, head => Assert.Equal(head.ChainHash, records.Last(r => r.DebtorId == head.DebtorId).ChainHash));
        Assert.Equal(records.Where(static r => r.DebtorId == "d2"), await RecordsAsync("d2"));
    }

    private async Task EnterAsync(params string[] debtors) => await _host.Ingest.EnqueueAccountsAsync(
        new V1.EnqueueAccountsRequest { TenantId = WholeHost.Tenant, Entries = { debtors.Select(WholeHost.Reachable) } }, Told.Developer);

    private async Task<V1.StreamHeadsResponse> HeadsAsync(string debtor)
    {
        using var call = _host.Evidence.StreamHeads(new V1.StreamHeadsRequest { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer);
        var whole = new V1.StreamHeadsResponse();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) whole.MergeFrom(piece);
        return whole;
    }

    private async Task<List<V1.EventRecord>> RecordsAsync(string debtor)
    {
        using var call = _host.Operations.StreamEvents(new V1.StreamEventsRequest { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer);
        var records = new List<V1.EventRecord>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) records.AddRange(piece.Records);
        return records;
    }
}
