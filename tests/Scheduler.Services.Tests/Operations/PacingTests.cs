using Grpc.Core;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pulls;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Operations;

public sealed class PacingTests
{
    private static readonly Dictionary<string, Action<V1.SetPacingRequest>> BadChanges = new(StringComparer.Ordinal)
    {
        ["pacing.scope.tenant_id"] = r => r.Pacing.Scope = null,
        ["pacing.scope.channel"] = r => r.Pacing.Scope.Channel = (V1.ContactChannel)99,
        ["pacing.per_second"] = r => r.Pacing.PerSecond = double.NaN,
        ["pacing.per_second "] = r => r.Pacing.PerSecond = 0,
        ["pacing.burst"] = r => r.Pacing.Burst = -1,
        ["pacing.max_new_recipients_per_day"] = r => r.Pacing.MaxNewRecipientsPerDay = 1_000_001,
        ["pacing.weight"] = r => r.Pacing.Weight = 3,
        ["actor.reason"] = r => r.Actor = null,
    };

    public static TheoryData<string> Bad => [.. BadChanges.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Pacing_that_cannot_be_meant_names_its_field(string field)
    {
        await using var host = await ServiceHost.StartAsync();
        var request = Set();
        BadChanges[field](request);
        var (code, cause, status) = await Told.RefusedAsync(async () => await host.Operations.SetPacingAsync(request, Told.Developer));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), (code, cause.Reason));
        Assert.Equal([field.Trim()], Told.Fields(status));
    }

    [Fact]
    public async Task Pacing_is_set_listed_and_taken_away()
    {
        await using var host = await ServiceHost.StartAsync();
        var set = (await host.Operations.SetPacingAsync(Set(), Told.Developer)).Pacing;
        Assert.Equal((2.5, 7, "slow"), (set.PerSecond, set.MaxLiveLeases, set.Actor.Reason));
        Assert.Equal(set, Assert.Single((await host.Operations.ListPacingAsync(new() { TenantId = Requests.Tenant }, Told.Developer)).Pacing));

        var none = Set();
        none.Pacing = new V1.Pacing { Scope = set.Scope };
        await host.Operations.SetPacingAsync(none, Told.Developer);
        Assert.Empty((await host.Operations.ListPacingAsync(new(), Told.Developer)).Pacing);
    }

    [Fact]
    public async Task A_pull_hands_on_its_senders_and_names_one_that_it_cannot_mean()
    {
        await using var host = await ServiceHost.StartAsync();
        PullOrder? asked = null;
        host.Room.Pull = order =>
        {
            asked = order;
            return new PulledBatch([], IsQuiet: false, IsReplay: false);
        };
        var request = Requests.Pull();
        request.Senders.Add(new V1.SenderCapacity { SenderId = "number-1", FreeCount = 5, LimitGroup = "portfolio" });
        await host.Dispatches.PullDispatchesAsync(request, Told.Developer);
        Assert.Equal([new SenderRoom("number-1", "portfolio", 5)], asked!.Senders);

        request.Senders.Add(new V1.SenderCapacity { SenderId = "number-1", FreeCount = 1_001 });
        var (_, _, status) = await Told.RefusedAsync(async () => await host.Dispatches.PullDispatchesAsync(request, Told.Developer));
        Assert.Equal(["senders[1].free_count", "senders[1].sender_id"], Told.Fields(status));
    }

    private static V1.SetPacingRequest Set() => new()
    {
        Pacing = new V1.Pacing { Scope = new V1.PacingScope { TenantId = Requests.Tenant, Channel = V1.ContactChannel.Whatsapp }, PerSecond = 2.5, MaxLiveLeases = 7 },
        Actor = new V1.Actor { Reason = "slow" },
    };
}
