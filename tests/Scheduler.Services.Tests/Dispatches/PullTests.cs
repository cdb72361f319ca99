using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Pulls;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Dispatches;

public sealed class PullTests : IAsyncLifetime
{
    private static readonly Dictionary<string, Action<V1.PullDispatchesRequest>> BadChanges = new(StringComparer.Ordinal)
    {
        ["max_dispatches"] = r => r.MaxDispatches = 0,
        ["max_dispatches "] = r => r.MaxDispatches = 1001,
        ["lease_duration"] = r => r.LeaseDuration = new Duration(),
        ["lease_duration "] = r => r.LeaseDuration = new Duration { Seconds = 10 * 3600 },
        ["lease_duration  "] = r => r.LeaseDuration = new Duration { Seconds = -1 },
        ["lease_duration   "] = r => r.LeaseDuration = new Duration { Seconds = long.MaxValue },
        ["lease_duration    "] = r => r.LeaseDuration = new Duration { Seconds = long.MinValue, Nanos = int.MinValue },
        ["wait"] = r => r.Wait = new Duration { Seconds = 31 },
        ["channels"] = r => r.Channels.Clear(),
        ["channels[1]"] = r => r.Channels.Add((V1.ContactChannel)99),
        ["pull_id"] = r => r.PullId = "",
        ["gateway.instance_id"] = r => r.Gateway.InstanceId = "",
        ["gateway.gateway_id"] = r => r.Gateway = null,
    };

    private ServiceHost _host = null!;

    public static TheoryData<string> Bad => [.. BadChanges.Keys];

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_pull_that_cannot_be_meant_names_its_field(string field)
    {
        var request = Requests.Pull();
        BadChanges[field](request);

        var (code, cause, status) = await Told.RefusedAsync(async () => await _host.Dispatches.PullDispatchesAsync(request, Told.Developer));

        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), (code, cause.Reason));
        Assert.Equal([field.Trim()], Told.Fields(status));
    }

    [Fact]
    public async Task A_pull_is_answered_with_its_leases_and_the_settings_in_force()
    {
        PullOrder? asked = null;
        _host.Room.Pull = order =>
        {
            asked = order;
            return new PulledBatch([Dispatch("d1"), Dispatch("d2")], IsQuiet: false, IsReplay: false);
        };
        var request = Requests.Pull();
        request.LeaseDuration = new Duration { Seconds = 1 };
        request.ConfirmBeforePlacing = true;

        var response = await _host.Dispatches.PullDispatchesAsync(request, Told.Developer);

        Assert.Equal(["d1.a", "d2.a"], response.Dispatches.Select(static d => d.DispatchId));
        Assert.Equal(V1.DrainState.Run, response.DrainState);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Effective.LeaseDuration.ToTimeSpan());
        Assert.Equal(1000, response.Effective.MaxDispatches);
        Assert.Equal(Requests.At(0), response.Effective.ServerTime);
        Assert.Null(response.NextPollTime);
        Assert.Equal(("g1", "i1", "pull-1", true), (asked!.GatewayId, asked.InstanceId, asked.PullId, asked.ConfirmBeforePlacing));
        Assert.Empty(asked.Tenants);
    }

    [Fact]
    public async Task A_drained_service_says_quiet_and_an_empty_one_when_to_come_back()
    {
        _host.Room.Pull = static _ => new PulledBatch([], IsQuiet: true, IsReplay: false);

        var response = await _host.Dispatches.PullDispatchesAsync(Requests.Pull(), Told.Developer);

        Assert.Equal(V1.DrainState.Quiet, response.DrainState);
        Assert.Equal(Requests.At(1), response.NextPollTime);
    }

    [Fact]
    public async Task What_is_withheld_is_said_with_its_reason_and_when_to_come_back()
    {
        var end = Requests.At(0).ToDateTimeOffset().AddHours(1).ToUnixTimeMilliseconds();
        _host.Room.Pull = _ => new PulledBatch([], IsQuiet: false, IsReplay: false) { Withheld = [new Withheld(WithheldReason.Paused, 3, end)] };

        var response = await _host.Dispatches.PullDispatchesAsync(Requests.Pull(), Told.Developer);

        var withheld = Assert.Single(response.Withheld);
        Assert.Equal((V1.WithheldReason.Paused, 3, end), (withheld.Reason, withheld.Count, withheld.NextTime.ToDateTimeOffset().ToUnixTimeMilliseconds()));
        Assert.Equal(15, (response.NextPollTime - response.Effective.ServerTime).Seconds);
    }

    [Fact]
    public async Task Facts_on_the_way_are_applied_before_anything_is_leased()
    {
        var callsBefore = -1;
        _host.Room.Pull = _ =>
        {
            callsBefore = _host.Grains.Calls.Count;
            return new PulledBatch([], false, false);
        };
        var request = Requests.Pull();
        request.Outcomes.Add(Requests.Outcome("d1"));
        request.Outcomes.Add(new V1.Outcome());
        request.Receipts.Add(Requests.Receipt("d2"));

        var response = await _host.Dispatches.PullDispatchesAsync(request, Told.Developer);

        Assert.Equal(2, callsBefore);
        Assert.Equal([V1.FactState.Recorded, V1.FactState.Invalid], response.OutcomeResults.Select(static r => r.State));
        Assert.Equal([V1.FactState.Recorded], response.ReceiptResults.Select(static r => r.State));
    }

    [Fact]
    public async Task What_was_withdrawn_comes_with_the_next_pull_once()
    {
        var known = new RevocationNotice(Requests.Tenant, "d1", "d1.a", "i1", "HOLD", DateTimeOffset.UnixEpoch);
        _host.Room.Revocations = () => [known];
        var news = new Queue<RevocationNews>([
            new(5, true, []),
            new(6, true, [known with { DispatchId = "d1.b" }, known with { DispatchId = "d1.c", InstanceId = "other" }]),
            new(6, true, []),
        ]);
        _host.Grains.News = _ => Task.FromResult(news.Dequeue());

        var told = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var request = Requests.Pull();
            request.PullId = "pull-" + i;
            var response = await _host.Dispatches.PullDispatchesAsync(request, Told.Developer);
            told.Add(string.Join(',', response.Revocations.Select(static r => r.DispatchId)));
        }

        Assert.Equal(["d1.a", "d1.b", ""], told);
    }

    [Fact]
    public async Task A_repeated_pull_is_told_again_what_was_withdrawn()
    {
        var known = new RevocationNotice(Requests.Tenant, "d1", "d1.a", "i1", "HOLD", DateTimeOffset.UnixEpoch);
        var before = Requests.Pull();
        before.PullId = "pull-0";
        _host.Grains.News = static _ => Task.FromResult(new RevocationNews(5, true, []));
        await _host.Dispatches.PullDispatchesAsync(before, Told.Developer);
        _host.Grains.News = after => Task.FromResult(new RevocationNews(6, true, after < 6 ? [known] : []));

        var first = await _host.Dispatches.PullDispatchesAsync(Requests.Pull(), Told.Developer);
        var again = await _host.Dispatches.PullDispatchesAsync(Requests.Pull(), Told.Developer);

        Assert.Equal("d1.a", Assert.Single(first.Revocations).DispatchId);
        Assert.Equal("d1.a", Assert.Single(again.Revocations).DispatchId);
    }

    private static ReadOnlyMemory<byte> Dispatch(string debtor) => new V1.Dispatch
    {
        DispatchId = $"{debtor}.a",
        TenantId = Requests.Tenant,
        DebtorId = debtor,
        LeaseToken = DispatchMap.Token(10),
    }.ToByteArray();
}
