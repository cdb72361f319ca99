using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Pacing;

public sealed class PacingTests
{
    private static readonly PacingScope Whatsapp = new("", ContactChannel.Whatsapp, "", "");

    /// <summary>A pull of another process has another id.</summary>
    private static int _pulls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_pulls_together_get_what_the_rate_allows_and_the_rest_stays_due()
    {
        await using var world = await WithDebtorsAsync(30);
        await SetAsync(world, Whatsapp, perSecond: 10);
        Assert.Empty(await world.PullAsync(Brief(world)));
        await world.AdvanceAsync(TimeSpan.FromSeconds(5));

        var pulled = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.PullAsync(Brief(world, "wa-" + i))));
        var given = pulled.Sum(static p => p.Length);
        Assert.InRange(given, 0, 10);
        given += (await GatherAsync(world, Brief(world), 10 - given)).Count;
        Assert.Equal(10, given);
        var batch = await world.Pulls.PullAsync(Brief(world), Task.FromResult, Cancel);
        Assert.Empty(batch.Dispatches);
        Assert.Contains(batch.Withheld, static one => one.Reason == WithheldReason.Paced && one.Next is not null);

        await world.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(10, (await GatherAsync(world, Brief(world), 10)).Count);
        Assert.Empty(await world.PullAsync(Brief(world)));
    }

    [Fact]
    public async Task Live_leases_are_bounded_and_an_outcome_makes_room()
    {
        await using var world = await WithDebtorsAsync(10);
        await SetAsync(world, Whatsapp, maxLive: 3);
        var pulled = await GatherAsync(world, Brief(world), 3);
        Assert.Equal(3, pulled.Count);
        Assert.Empty(await world.PullAsync(Brief(world)));

        await world.ReportAsync(Entries.Placed(pulled[0], world.Time.GetUtcNow()));
        await world.Debtor(pulled[1].DebtorId).Release(new LeaseReturn(new LeaseClaim("wa-1", pulled[1].DispatchId, pulled[1].LeaseToken.Memory), 1));
        Assert.Equal(2, (await GatherAsync(world, Brief(world), 2)).Count);
        Assert.Empty(await world.PullAsync(Brief(world)));
    }

    [Fact]
    public async Task New_recipients_of_a_day_are_bounded_also_across_a_restart()
    {
        var first = await WithDebtorsAsync(12);
        await SetAsync(first, Whatsapp with { LimitGroup = "portfolio" }, maxNew: 6);
        Assert.Equal(4, (await GatherAsync(first, Brief(first, count: 1) with { Senders = Senders(100) }, 4)).Count);
        await using var second = await first.RestartAsync();

        var rest = await second.PullAsync(Brief(second) with { Senders = Senders(100) });
        Assert.InRange(rest.Length, 0, 2);
        await second.AdvanceAsync(TimeSpan.FromHours(25));
        Assert.Equal(6, (await GatherAsync(second, Brief(second) with { Senders = Senders(100) }, 6)).Count);
        Assert.Empty(await second.PullAsync(Brief(second) with { Senders = Senders(100) }));
    }

    [Fact]
    public async Task Senders_share_what_each_can_take_and_a_replay_names_the_same()
    {
        await using var world = await WithDebtorsAsync(10);
        var order = Brief(world) with { Senders = [new SenderRoom("a", "g", 1), new SenderRoom("b", "g", 1), new SenderRoom("c", "g", 0)], Wait = TimeSpan.FromSeconds(30) };
        var pulled = await world.PullAsync(order);
        Assert.InRange(pulled.Length, 1, 2);
        Assert.All(pulled, static d => Assert.Contains(d.SenderId, new[] { "a", "b" }));
        Assert.Equal(pulled.Length, pulled.Select(static d => d.SenderId).Distinct(StringComparer.Ordinal).Count());
        var replayed = await world.PullAsync(order);
        Assert.Equal(pulled.Select(static d => (d.DispatchId, d.SenderId)).Order(), replayed.Select(static d => (d.DispatchId, d.SenderId)).Order());
        var batch = await world.Pulls.PullAsync(Brief(world) with { Senders = [new SenderRoom("c", "g", 0)] }, Task.FromResult, Cancel);
        Assert.Equal(WithheldReason.SenderFull, Assert.Single(batch.Withheld).Reason);
    }

    [Fact]
    public async Task A_senders_own_limit_leaves_the_other_sender_its_work()
    {
        await using var world = await WithDebtorsAsync(10);
        await SetAsync(world, new PacingScope("", default, "a", ""), maxLive: 1);
        var pulled = await GatherAsync(world, Brief(world) with { Senders = Senders(5) }, 10);
        Assert.Equal([("a", 1), ("b", 9)], pulled.GroupBy(static d => d.SenderId).Select(static g => (g.Key, g.Count())).Order());
    }

    [Theory]
    [InlineData("a", "", "")]
    [InlineData("", "portfolio", "")]
    [InlineData("a", "", World.Tenant)]
    public async Task A_pull_that_names_no_sender_keeps_the_limits_of_every_sender_that_it_might_use(string sender, string group, string tenant)
    {
        await using var world = await WithDebtorsAsync(6);
        await SetAsync(world, new PacingScope(tenant, ContactChannel.Whatsapp, sender, group), maxLive: 2, maxNew: 3);
        await SetAsync(world, new PacingScope("", ContactChannel.Sms, "b", ""), maxLive: 1);
        var pulled = await GatherAsync(world, Brief(world), 2);
        Assert.Equal(2, pulled.Count);
        var held = await world.Pulls.PullAsync(Brief(world), Task.FromResult, Cancel);
        Assert.Empty(held.Dispatches);
        Assert.Contains(held.Withheld, static one => one.Reason == WithheldReason.Paced);

        var claim = new LeaseClaim("wa-1", pulled[0].DispatchId, pulled[0].LeaseToken.Memory);
        Assert.Null((await world.Debtor(pulled[0].DebtorId).Extend(new LeaseExtension(claim, TimeSpan.FromMinutes(5)))).Fault);
        foreach (var dispatch in pulled) await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));
        Assert.Single(await GatherAsync(world, Brief(world), 1));
        Assert.Empty(await world.PullAsync(Brief(world)));
    }

    [Fact]
    public async Task What_a_sender_was_given_by_name_is_room_that_an_unnamed_pull_does_not_have()
    {
        await using var world = await WithDebtorsAsync(6);
        await SetAsync(world, new PacingScope("", default, "a", ""), maxLive: 2);
        Assert.Single(await GatherAsync(world, Brief(world) with { Senders = [new SenderRoom("a", "", 1)] }, 1));
        Assert.Single(await GatherAsync(world, Brief(world), 1));
        Assert.Empty(await world.PullAsync(Brief(world)));
        Assert.Empty(await world.PullAsync(Brief(world) with { Senders = [new SenderRoom("a", "", 1)] }));
        Assert.Equal(4, (await GatherAsync(world, Brief(world) with { Senders = [new SenderRoom("b", "", 9)] }, 4)).Count);
    }

    [Fact]
    public async Task A_tenant_without_room_does_not_stand_in_the_way_of_others()
    {
        await using var world = await WithDebtorsAsync(5);
        await SetAsync(world, new PacingScope("another", default, "", ""), maxLive: 1);
        Assert.Equal(5, (await GatherAsync(world, Brief(world), 5)).Count);
        await SetAsync(world, new PacingScope(World.Tenant, default, "", ""), maxLive: 1);
        for (var i = 10; i < 15; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        Assert.Single(await GatherAsync(world, Brief(world), 1));
        Assert.Empty(await world.PullAsync(Brief(world)));
    }

    [Fact]
    public async Task Pacing_is_changed_and_taken_away_while_running_and_survives_a_restart()
    {
        var first = await WithDebtorsAsync(6);
        await SetAsync(first, Whatsapp, maxLive: 1);
        Assert.Single(await GatherAsync(first, Brief(first), 1));
        await SetAsync(first, Whatsapp, maxLive: 3);
        Assert.Equal(2, (await GatherAsync(first, Brief(first), 2)).Count);
        await using var second = await first.RestartAsync();
        Assert.Empty(await second.PullAsync(Brief(second)));
        await SetAsync(second, Whatsapp);
        Assert.Equal(3, (await GatherAsync(second, Brief(second), 3)).Count);
    }

    [Fact]
    public async Task Where_room_cannot_be_written_down_nothing_is_given()
    {
        await using var world = await WithDebtorsAsync(3);
        await SetAsync(world, Whatsapp, maxLive: 2);
        world.Store.Sharing.BeforeWrite = static _ => throw new Storage.StorageUnavailableException("test");
        var batch = await world.Pulls.PullAsync(Brief(world), Task.FromResult, Cancel);
        world.Store.Sharing.BeforeWrite = null;

        Assert.Empty(batch.Dispatches);
        await world.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(2, (await GatherAsync(world, Brief(world), 2)).Count);
    }

    private static async Task<World> WithDebtorsAsync(int count)
    {
        var world = await World.StartAsync();
        for (var i = 0; i < count; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        return world;
    }

    private static ImmutableArray<SenderRoom> Senders(int free) => [new SenderRoom("a", "portfolio", free), new SenderRoom("b", "portfolio", free)];

    private static PullOrder Brief(World world, string gateway = "wa-1", int count = 100) => world.Order(gateway, $"p-{Interlocked.Increment(ref _pulls)}", count) with { Wait = TimeSpan.FromMilliseconds(400) };

    /// <summary>Pulls until that many came together; offers come when they come.</summary>
    private static async Task<List<V1.Dispatch>> GatherAsync(World world, PullOrder order, int wanted)
    {
        var gathered = new List<V1.Dispatch>();
        await Eventually.HoldsAsync(async () =>
        {
            if (gathered.Count >= wanted) return true;
            gathered.AddRange(await world.PullAsync(order with { PullId = $"p-{Interlocked.Increment(ref _pulls)}" }));
            return gathered.Count >= wanted;
        });
        return gathered;
    }

    private static async Task SetAsync(World world, PacingScope scope, double? perSecond = null, int maxLive = 0, int maxNew = 0)
    {
        var book = world.Get<PacingBook>();
        await book.LoadAsync(Cancel);
        Assert.NotNull(await book.SetAsync(new PacingLimit(PacingBook.IdOf(scope), scope, perSecond, 0, maxLive, maxNew, 0), "ops", "test", Cancel));
    }
}
