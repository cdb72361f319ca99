using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Pauses;

public sealed class PauseTests
{
    private static readonly PauseScope Everything = new();

    public static TheoryData<string> Scopes => ["everything", "tenant", "channel", "tenant and channel", "strategy", "template", "gateway"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Nothing_is_leased_in_the_scope_until_the_pause_ends(string name)
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await StopAsync(world, ScopeOf(name));
        Assert.Empty(await world.PullAsync(Brief(world)));

        var pause = Assert.Single(world.Get<PauseBoard>().InForce);
        await world.Get<PauseBook>().EndAsync(pause.Pause.Id, "ops", "over", Cancel);
        // What was woken while it was stopped rests for a minute at most.
        await world.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Single(await world.PullAsync(world.Order()));
    }

    [Fact]
    public async Task Work_outside_the_scope_goes_on()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await StopAsync(world, Everything with { Tenant = "another" });
        await StopAsync(world, Everything with { Channel = ContactChannel.Sms });
        await StopAsync(world, Everything with { StrategyId = "another" });
        await StopAsync(world, Everything with { GatewayId = "wa-2" });
        Assert.Single(await world.PullAsync(world.Order()));
    }

    [Fact]
    public async Task A_paused_lane_is_not_woken_and_says_so()
    {
        await using var world = await World.StartAsync();
        await StopAsync(world, Everything with { Tenant = World.Tenant });
        for (var i = 0; i < 20; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        var batch = await world.Pulls.PullAsync(Brief(world) with { Tenants = [World.Tenant] }, Task.FromResult, Cancel);
        await world.AdvanceAsync(TimeSpan.FromSeconds(31));

        Assert.Empty(batch.Dispatches);
        Assert.Equal(WithheldReason.Paused, Assert.Single(batch.Withheld).Reason);
        Assert.False(world.Counters.Read().ContainsKey("wakes"));
    }

    [Fact]
    public async Task A_pause_writes_no_debtor()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var before = await world.StateAsync("d1");
        await StopAsync(world, Everything with { StrategyId = "one-message" });
        Assert.Empty(await world.PullAsync(Brief(world)));
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(await world.PullAsync(Brief(world)));
        Assert.Equal(before.StateVersion, (await world.StateAsync("d1")).StateVersion);
    }

    [Fact]
    public async Task A_lease_that_is_still_to_be_confirmed_is_refused_in_a_pause()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order() with { ConfirmBeforePlacing = true }));
        await StopAsync(world, Everything with { Channel = ContactChannel.Whatsapp });

        var answer = await world.Debtor("d1").Confirm(new LeaseClaim("wa-1", dispatch.DispatchId, dispatch.LeaseToken.Memory));
        Assert.False(answer.Go);
        Assert.Equal("operations.pause", V1.Verdict.Parser.ParseFrom(answer.Verdict.Span).DecidingRuleId);
        Assert.Empty((await world.StateAsync("d1")).UnsettledContacts);
    }

    [Fact]
    public async Task A_pause_with_an_end_is_over_by_itself_and_one_without_survives_a_restart()
    {
        var first = await World.StartWithPolicyAsync();
        await first.EnterAsync(Entries.Reachable("d1"));
        await StopAsync(first, Everything, first.Time.Now() + Duration.FromMinutes(10));
        await StopAsync(first, Everything with { Channel = ContactChannel.Sms });
        await using var second = await first.RestartAsync();

        Assert.Equal(2, second.Get<PauseBoard>().InForce.Length);
        Assert.Empty(await second.PullAsync(Brief(second)));
        await second.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Single(await second.PullAsync(second.Order()));
        Assert.Equal(ContactChannel.Sms, Assert.Single(second.Get<PauseBoard>().InForce).Pause.Scope.Channel);
    }

    [Fact]
    public async Task A_lease_that_was_decided_before_the_pause_does_not_commit_after_it()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var stopped = 0;
        world.Store.DuringWrite = async _ =>
        {
            if (Interlocked.Exchange(ref stopped, 1) == 0) await StopAsync(world, Everything);
        };
        var pulled = await world.PullAsync(Brief(world));
        world.Store.DuringWrite = null;

        Assert.Equal(1, stopped);
        Assert.Empty(pulled);
        Assert.Null((await world.StateAsync("d1")).Lease);
    }

    [Fact]
    public async Task Every_change_of_a_pause_stays_readable_and_the_same_order_changes_nothing()
    {
        await using var world = await World.StartAsync();
        var first = await StopAsync(world, Everything with { Channel = ContactChannel.Call });
        var again = await StopAsync(world, Everything with { Channel = ContactChannel.Call });
        Assert.Equal((first.Pause.Id, 1L), (again.Pause.Id, again.Row));
        var ended = (await world.Get<PauseBook>().EndAsync(first.Pause.Id, "boss", "enough", Cancel)).Pause!;
        var endedAgain = (await world.Get<PauseBook>().EndAsync(first.Pause.Id, "boss", "enough", Cancel)).Pause!;
        Assert.Equal((2L, 2L), (ended.Row, endedAgain.Row));

        var history = await world.Get<PauseBook>().HistoryAsync(first.Pause.Id, Cancel);
        Assert.Equal([("boss", "enough", true), ("ops", "test", false)], history.Select(static p => (p.Actor, p.Reason, p.IsEnded)));
    }

    [Fact]
    public async Task A_pause_does_not_plan_every_debtor_anew_unless_it_withdraws()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order() with { ConfirmBeforePlacing = true }));
        var replanner = world.Get<Replanner>();
        await replanner.RunAsync(RealTime.Provider, Cancel);
        var looked = world.Counters.Read()["debtors_replanned"];

        await StopAsync(world, Everything with { Channel = ContactChannel.Whatsapp });
        await replanner.RunAsync(RealTime.Provider, Cancel);
        Assert.Equal(looked, world.Counters.Read()["debtors_replanned"]);

        await StopAsync(world, Everything with { Tenant = World.Tenant }, revokes: true);
        await replanner.RunAsync(RealTime.Provider, Cancel);
        var revoked = Assert.Single(await world.Pulls.ListRevocationsAsync("wa-1", "", [], Cancel));
        Assert.Equal((dispatch.DispatchId, "PAUSED"), (revoked.DispatchId, revoked.Reason));
    }

    [Fact]
    public async Task A_contact_that_nobody_planned_is_refused_too()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await StopAsync(world, Everything);
        var request = new V1.AuthorizeContactRequest
        {
            TenantId = World.Tenant,
            DebtorId = "d1",
            Channel = V1.ContactChannel.Whatsapp,
            Gateway = new V1.GatewayIdentity { GatewayId = "wa-1", InstanceId = "i-1" },
            LeaseDuration = new Google.Protobuf.WellKnownTypes.Duration { Seconds = 60 },
            RequestId = "r-1",
        };
        var answer = await world.Pulls.AuthorizeAsync($"{World.Tenant}/d1", request, DateTimeOffset.MaxValue, Cancel);
        Assert.Equal("operations.pause", V1.AuthorizeContactResponse.Parser.ParseFrom(answer.Body.Span).Verdict.DecidingRuleId);
    }

    private static PauseScope ScopeOf(string name) => name switch
    {
        "everything" => Everything,
        "tenant" => Everything with { Tenant = World.Tenant },
        "channel" => Everything with { Channel = ContactChannel.Whatsapp },
        "tenant and channel" => Everything with { Tenant = World.Tenant, Channel = ContactChannel.Whatsapp },
        "strategy" => Everything with { StrategyId = "one-message" },
        "template" => Everything with { Tenant = World.Tenant, Template = "reminder" },
        _ => Everything with { GatewayId = "wa-1" },
    };

    private static PullOrder Brief(World world) => world.Order() with { Wait = TimeSpan.FromMilliseconds(300) };

    private static async Task<RecordedPause> StopAsync(World world, PauseScope scope, Instant? end = null, bool revokes = false)
    {
        var answer = await world.Get<PauseBook>().StopAsync(new PauseOrder(scope, end, revokes, "ops", "test"), Cancel);
        Assert.Equal(PauseRefusal.None, answer.Refusal);
        return answer.Pause!;
    }
}
