using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Operations;

public sealed class PauseTests
{
    private static readonly Dictionary<string, Action<V1.CreatePauseRequest>> BadChanges = new(StringComparer.Ordinal)
    {
        ["scope.everything"] = r => r.Scope = null,
        ["scope.everything "] = r => r.Scope.Everything = true,
        ["scope.channel"] = r => r.Scope.Channel = (V1.ContactChannel)99,
        ["scope.strategy_id"] = r => r.Scope.StrategyId = "no spaces",
        ["scope.template"] = r => r.Scope = new V1.PauseScope { Template = "reminder" },
        ["expire_time"] = r => r.ExpireTime = Requests.At(0),
        ["actor.reason"] = r => r.Actor = null,
    };

    public static TheoryData<string> Bad => [.. BadChanges.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_pause_that_cannot_be_meant_names_its_field(string field)
    {
        await using var host = await ServiceHost.StartAsync();
        var request = Create();
        BadChanges[field](request);
        var (code, cause, status) = await Told.RefusedAsync(async () => await host.Operations.CreatePauseAsync(request, Told.Developer));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), (code, cause.Reason));
        Assert.Equal([field.Trim()], Told.Fields(status));
    }

    [Fact]
    public async Task A_pause_is_made_listed_changed_and_ended_and_all_of_it_stays_readable()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync();
        var made = (await host.Operations.CreatePauseAsync(Create(), Told.Developer)).Pause;
        var changed = Create();
        changed.ExpireTime = Requests.At(60);
        changed.Actor.Reason = "shorter";
        Assert.Equal(made.PauseId, (await host.Operations.CreatePauseAsync(changed, Told.Developer)).Pause.PauseId);

        var listed = Assert.Single((await host.Operations.ListPausesAsync(new(), Told.Developer)).Pauses);
        Assert.Equal((Requests.At(60), "shorter", V1.ContactChannel.Call), (listed.ExpireTime, listed.Actor.Reason, listed.Scope.Channel));
        await host.Operations.DeletePauseAsync(Delete(made.PauseId), Told.Developer);
        var again = (await host.Operations.DeletePauseAsync(Delete(made.PauseId), Told.Developer)).Pause;

        Assert.True(again.IsDeleted);
        Assert.Empty((await host.Operations.ListPausesAsync(new(), Told.Developer)).Pauses);
        var history = (await host.Operations.ListPausesAsync(new() { PauseId = made.PauseId }, Told.Developer)).Pauses;
        Assert.Equal(["over", "shorter", "fire"], history.Select(static pause => pause.Actor.Reason));
    }

    [Fact]
    public async Task A_tenants_operator_stops_that_tenant_alone_and_sees_what_concerns_it()
    {
        await using var host = await ServiceHost.StartWithPolicyAsync([.. Credential(0, "one", Requests.Tenant), .. Credential(1, "all", "*")]);
        var everybody = Create();
        everybody.Scope.TenantId = "";
        var (code, cause, _) = await Told.RefusedAsync(async () => await host.Operations.CreatePauseAsync(everybody, Told.As("one")));
        Assert.Equal((StatusCode.PermissionDenied, "TENANT_NOT_ALLOWED"), (code, cause.Reason));

        var ofAll = (await host.Operations.CreatePauseAsync(everybody, Told.As("all"))).Pause;
        var other = Create();
        other.Scope.TenantId = "t2";
        var ofOther = (await host.Operations.CreatePauseAsync(other, Told.As("all"))).Pause;
        var own = (await host.Operations.CreatePauseAsync(Create(), Told.As("one"))).Pause;

        var seen = (await host.Operations.ListPausesAsync(new(), Told.As("one"))).Pauses.Select(static pause => pause.PauseId);
        Assert.Equal(new[] { ofAll.PauseId, own.PauseId }.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal("PAUSE_NOT_FOUND", (await Told.RefusedAsync(async () => await host.Operations.DeletePauseAsync(Delete(ofOther.PauseId), Told.As("one")))).Cause.Reason);
        Assert.Equal("TENANT_NOT_ALLOWED", (await Told.RefusedAsync(async () => await host.Operations.DeletePauseAsync(Delete(ofAll.PauseId), Told.As("one")))).Cause.Reason);
    }

    private static V1.CreatePauseRequest Create() => new()
    {
        Scope = new V1.PauseScope { TenantId = Requests.Tenant, Channel = V1.ContactChannel.Call },
        Actor = new V1.Actor { Reason = "fire" },
    };

    private static V1.DeletePauseRequest Delete(string id) => new() { PauseId = id, Actor = new V1.Actor { Reason = "over" } };

    private static (string Key, string Value)[] Credential(int index, string token, string tenant) =>
    [
        ($"Access:Credentials:{index}:TokenSha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))),
        ($"Access:Credentials:{index}:Actor", "operator-" + index),
        ($"Access:Credentials:{index}:Roles:0", "operator"),
        ($"Access:Credentials:{index}:Tenants:0", tenant),
    ];
}
