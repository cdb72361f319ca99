using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Pulls;
using Scheduler.Services.Dispatches;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Dispatches;

public sealed class LeaseTests : IAsyncLifetime
{
    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_no_go_is_an_answer_with_its_verdict()
    {
        var verdict = new V1.Verdict { Kind = V1.VerdictKind.Defer, DecidingRuleId = "CO.strict.week", NextTime = Requests.At(60) };
        _host.Grains.Confirm = (key, _) => Task.FromResult(key switch
        {
            "t1/d1" => new ConfirmAnswer(true, DateTimeOffset.UnixEpoch, default, null),
            "t1/d2" => new ConfirmAnswer(false, null, verdict.ToByteArray(), null),
            _ => new ConfirmAnswer(false, null, default, new Fault("STALE_TOKEN", "The lease is another's.")),
        });

        var response = await _host.Dispatches.ConfirmDispatchesAsync(
            new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1"), Requests.Lease("d2"), Requests.Lease("d3"), new V1.LeaseRef() } },
            Told.Developer);

        Assert.True(response.Confirmations[0].Go);
        Assert.Equal(new Timestamp(), response.Confirmations[0].NotAfterTime);
        Assert.Equal(verdict, response.Confirmations[1].Verdict);
        Assert.Null(response.Confirmations[1].Status);
        Assert.Equal((int)StatusCode.Aborted, response.Confirmations[2].Status.Code);
        Assert.Equal(["tenant_id", "debtor_id", "dispatch_id", "lease_token"], Told.Fields(response.Confirmations[3].Status));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10 * 3600)]
    public async Task An_extension_of_nothing_or_of_ten_hours_names_its_field(int seconds)
    {
        var (code, _, status) = await Told.RefusedAsync(async () => await _host.Dispatches.ExtendLeasesAsync(
            new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1") }, LeaseDuration = new Duration { Seconds = seconds } }, Told.Developer));

        Assert.Equal(StatusCode.InvalidArgument, code);
        Assert.Equal(["lease_duration"], Told.Fields(status));
    }

    [Fact]
    public async Task Extensions_are_answered_one_by_one()
    {
        _host.Grains.Change = static key => key == "t1/d1"
            ? new LeaseChange(true, DateTimeOffset.UnixEpoch, null)
            : new LeaseChange(false, null, new Fault("LEASE_LIMIT", "The lease has its longest life."));

        var response = await _host.Dispatches.ExtendLeasesAsync(
            new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1"), Requests.Lease("d2") }, LeaseDuration = new Duration { Seconds = 60 } },
            Told.Developer);

        Assert.Equal([true, false], response.Results.Select(static r => r.Ok));
        Assert.Equal("LEASE_LIMIT", Told.Cause(response.Results[1].Status).Reason);
    }

    [Fact]
    public async Task Leases_are_given_back_by_name_or_by_pull()
    {
        var response = await _host.Dispatches.ReleaseLeasesAsync(
            new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1") }, PullId = "pull-1", Reason = V1.NotPlacedReason.NoCapacity }, Told.Developer);
        var (_, cause, _) = await Told.RefusedAsync(async () =>
            await _host.Dispatches.ReleaseLeasesAsync(new() { Gateway = Requests.Gateway }, Told.Developer));

        Assert.True(Assert.Single(response.Results).Ok);
        Assert.Equal(3, response.ReleasedCount);
        Assert.Equal("BATCH_EMPTY", cause.Reason);
    }

    [Fact]
    public async Task A_gateway_lists_what_it_holds()
    {
        _host.Room.Leases = new LeasePage([new V1.Dispatch { DispatchId = "d1.a" }.ToByteArray()], "more");

        var response = await _host.Dispatches.ListLeasesAsync(new() { GatewayId = "g1" }, Told.Developer);
        var (_, _, status) = await Told.RefusedAsync(async () =>
            await _host.Dispatches.ListLeasesAsync(new() { GatewayId = "g1", PageSize = -1 }, Told.Developer));

        Assert.Equal("d1.a", Assert.Single(response.Dispatches).DispatchId);
        Assert.Equal("more", response.NextPageToken);
        Assert.Equal(["page_size"], Told.Fields(status));
    }

    [Fact]
    public async Task A_watch_tells_what_is_withdrawn_and_beats_every_fifteen_seconds()
    {
        var known = new RevocationNotice(Requests.Tenant, "d1", "d1.a", "i1", "HOLD", DateTimeOffset.UnixEpoch);
        var late = new TaskCompletionSource<RevocationNews>();
        var asked = 0;
        _host.Room.Revocations = () => [known];
        _host.Grains.News = after => ++asked switch
        {
            1 => Task.FromResult(new RevocationNews(7, true, [])),
            2 => Task.FromResult(new RevocationNews(8, true, [known with { DispatchId = "d1.b" }])),
            _ => late.Task,
        };

        using var watch = _host.Dispatches.WatchRevocations(new() { Gateway = Requests.Gateway }, Told.Developer);
        Assert.Equal("d1.a", Assert.Single((await NextAsync(watch)).Revocations).DispatchId);
        Assert.Equal("d1.b", Assert.Single((await NextAsync(watch)).Revocations).DispatchId);
        await _host.Clock.ArmedAsync();
        _host.Clock.Advance(RevocationWatch.Heartbeat);
        var beat = await NextAsync(watch);

        Assert.Empty(beat.Revocations);
        Assert.Equal(Requests.At(15), beat.ServerTime);
        await _host.Drain.BeginAsync();
        Assert.False(await watch.ResponseStream.MoveNext(default));
    }

    private static async Task<V1.WatchRevocationsResponse> NextAsync(AsyncServerStreamingCall<V1.WatchRevocationsResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(default));
        return watch.ResponseStream.Current;
    }
}
