using Google.Protobuf.WellKnownTypes;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Pauses;

/// <summary>What a gateway reports as out of order is left alone, instead of offering the next debtor into the same wall.</summary>
public sealed class FaultPauseTests
{
    public static TheoryData<V1.FaultScope> Scopes => [V1.FaultScope.Template, V1.FaultScope.Sender, V1.FaultScope.Provider];

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task A_fault_stops_its_key_until_the_time_the_gateway_named(V1.FaultScope fault)
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 3; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        var dispatch = Assert.Single(await world.PullAsync(Order(world, count: 1)));
        await world.ReportAsync(NotPlaced(dispatch, fault, world.Time.GetUtcNow().AddMinutes(20)));

        Assert.Empty(await world.PullAsync(Order(world, wait: TimeSpan.FromMilliseconds(400))));
        var pause = Assert.Single(world.Get<PauseBoard>().InForce);
        Assert.True(pause.IsByFault);
        Assert.Equal(("system", world.Time.GetUtcNow().AddMinutes(20)), (pause.Actor, pause.Pause.End!.Value.ToDateTimeOffset()));
        Assert.Equal(ScopeOf(fault), pause.Pause.Scope);

        await world.AdvanceAsync(TimeSpan.FromMinutes(21));
        Assert.NotEmpty(await world.PullAsync(Order(world)));
    }

    [Fact]
    public async Task A_fault_of_the_dispatch_alone_stops_nothing_else()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 2; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        var dispatch = Assert.Single(await world.PullAsync(Order(world, count: 1)));
        await world.ReportAsync(NotPlaced(dispatch, V1.FaultScope.Dispatch, world.Time.GetUtcNow().AddMinutes(20)));
        Assert.Single(await world.PullAsync(Order(world)));
        Assert.Empty(world.Get<PauseBoard>().InForce);
    }

    [Fact]
    public async Task A_storm_of_reports_writes_one_row_and_a_time_far_away_is_brought_near()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 8; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        var pulled = new List<V1.Dispatch>();
        while (pulled.Count < 8) pulled.AddRange(await world.PullAsync(world.Order()));
        var until = world.Time.GetUtcNow().AddDays(30);
        await Task.WhenAll(pulled.Select((dispatch, i) => world.ReportAsync(NotPlaced(dispatch, V1.FaultScope.Template, until.AddSeconds(i)))));

        var pause = Assert.Single(world.Get<PauseBoard>().InForce);
        Assert.Equal((1L, world.Time.GetUtcNow().AddHours(6)), (pause.Row, pause.Pause.End!.Value.ToDateTimeOffset()));
    }

    [Fact]
    public async Task A_point_that_is_to_be_left_alone_is_and_five_in_a_row_end_the_step()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(Order(world)));
        await world.ReportAsync(NotPlaced(dispatch, V1.FaultScope.Point, world.Time.GetUtcNow().AddMinutes(30)));
        await world.AdvanceAsync(TimeSpan.FromMinutes(29));
        Assert.Empty(await world.PullAsync(Order(world, wait: TimeSpan.FromMilliseconds(400))));
        for (var round = 2; round <= 5; round++)
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(2));
            dispatch = Assert.Single(await world.PullAsync(world.Order()));
            await world.ReportAsync(NotPlaced(dispatch, V1.FaultScope.Dispatch, world.Time.GetUtcNow().AddSeconds(1)));
        }

        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(await world.PullAsync(Order(world, wait: TimeSpan.FromMilliseconds(400))));
    }

    private static PauseScope ScopeOf(V1.FaultScope fault) => fault switch
    {
        V1.FaultScope.Template => new PauseScope { Tenant = World.Tenant, Channel = ContactChannel.Whatsapp, Template = "reminder" },
        V1.FaultScope.Sender => new PauseScope { GatewayId = "wa-1", SenderId = "number-1" },
        _ => new PauseScope { GatewayId = "wa-1" },
    };

    private static PullOrder Order(World world, int count = 100, TimeSpan? wait = null) =>
        world.Order(count: count) with { Senders = [new SenderRoom("number-1", "", 100)], Wait = wait ?? TimeSpan.FromSeconds(20) };

    private static V1.Outcome NotPlaced(V1.Dispatch dispatch, V1.FaultScope scope, DateTimeOffset retry) => new()
    {
        Lease = Entries.LeaseOf(dispatch),
        NotPlaced = new V1.NotPlaced { Reason = V1.NotPlacedReason.GatewayError, Scope = scope, RetryTime = Timestamp.FromDateTimeOffset(retry), ProviderCode = "131049" },
    };
}
