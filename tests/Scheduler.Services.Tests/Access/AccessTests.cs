using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Scheduler.Services.Access;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;

namespace Scheduler.Services.Tests.Access;

public sealed class AccessTests
{
    public static TheoryData<string> Methods => [.. EveryMethod.Calls.Keys];

    [Fact]
    public void Every_method_of_the_protocol_has_its_roles_and_is_tried_here()
    {
        var methods = new Reflection.DescriptorBook().Services
            .Where(static name => name != "grpc.health.v1.Health")
            .SelectMany(static name => new Reflection.DescriptorBook().BySymbol(name)!.Services.Single(s => s.FullName == name).Methods
                .Select(method => $"/{name}/{method.Name}"))
            .ToArray();

        Assert.All(methods, static method => Assert.NotEqual(Roles.None, AccessRules.RolesOf(method)));
        Assert.Equal(methods.Order(StringComparer.Ordinal), EveryMethod.Calls.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Without_a_credential_nothing_is_done(string method)
    {
        await using var host = await ServiceHost.StartAsync();

        var (code, cause, _) = await Told.RefusedAsync(() => EveryMethod.Calls[method](host, []));

        Assert.Equal(StatusCode.Unauthenticated, code);
        Assert.Equal("CREDENTIAL_MISSING", cause.Reason);
        Assert.Empty(host.Grains.Calls);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_credential_without_the_role_is_refused(string method)
    {
        var allowed = AccessRules.RolesOf(method);
        var other = Enum.GetValues<Roles>().FirstOrDefault(role => role is not (Roles.None or Roles.All) && (role & allowed) == 0);
        if (other == Roles.None) return;
        await using var host = await ServiceHost.StartAsync(Credential(0, "token", "someone", other.ToString(), "*"));

        var (code, cause, _) = await Told.RefusedAsync(() => EveryMethod.Calls[method](host, Told.As("token")));

        Assert.Equal(StatusCode.PermissionDenied, code);
        Assert.Equal("ROLE_NOT_ALLOWED", cause.Reason);
        Assert.Equal(method, cause.Metadata["method"]);
        Assert.Empty(host.Grains.Calls);
    }

    [Fact]
    public async Task Counts_over_all_tenants_are_for_credentials_of_all_tenants()
    {
        await using var host = await ServiceHost.StartAsync(
            [.. Credential(0, "one", "someone", "operator", Requests.Tenant), .. Credential(1, "all", "other", "operator", "*")]);

        var one = await host.Operations.GetStatisticsAsync(new() { TenantId = Requests.Tenant }, Told.As("one"));
        var all = await host.Operations.GetStatisticsAsync(new() { TenantId = Requests.Tenant }, Told.As("all"));

        Assert.Equal((5, 0), (one.AccountsInCount, one.EventCount));
        Assert.Equal((5, 9), (all.AccountsInCount, all.EventCount));
    }

    [Theory]
    [InlineData("/scheduler.v1.IngestService/EnqueueAccounts")]
    [InlineData("/scheduler.v1.IngestService/CloseAccounts")]
    [InlineData("/scheduler.v1.IngestService/UpsertContactHistory")]
    [InlineData("/scheduler.v1.DebtorService/GetDebtor")]
    [InlineData("/scheduler.v1.DebtorService/RecordSignals")]
    [InlineData("/scheduler.v1.DebtorService/ListTimeline")]
    [InlineData("/scheduler.v1.DebtorService/ExplainDebtor")]
    [InlineData("/scheduler.v1.OperationsService/GetStatistics")]
    [InlineData("/scheduler.v1.OperationsService/StreamEvents")]
    public async Task Another_tenant_is_refused(string method)
    {
        await using var host = await ServiceHost.StartAsync(
            [.. Credential(0, "token", "someone", "ingest", "t2"), .. More(0, "compliance", "operator")]);

        var (code, cause, _) = await Told.RefusedAsync(() => EveryMethod.Calls[method](host, Told.As("token")));

        Assert.Equal(StatusCode.PermissionDenied, code);
        Assert.Equal("TENANT_NOT_ALLOWED", cause.Reason);
        Assert.Equal(Requests.Tenant, cause.Metadata["tenant_id"]);
        Assert.Empty(host.Grains.Calls);
    }

    [Fact]
    public async Task A_gateway_cannot_pull_for_another_tenant_nor_for_another_gateway()
    {
        await using var host = await ServiceHost.StartAsync(Credential(0, "token", "g1", "gateway", "t2"));
        var pull = Requests.Pull();
        pull.TenantIds.Add(Requests.Tenant);
        var (_, tenant, _) = await Told.RefusedAsync(async () => await host.Dispatches.PullDispatchesAsync(pull, Told.As("token")));
        pull = Requests.Pull();
        pull.Gateway.GatewayId = "g2";
        var (_, gateway, _) = await Told.RefusedAsync(async () => await host.Dispatches.PullDispatchesAsync(pull, Told.As("token")));

        Assert.Equal("TENANT_NOT_ALLOWED", tenant.Reason);
        Assert.Equal("GATEWAY_NOT_ALLOWED", gateway.Reason);
    }

    [Fact]
    public async Task A_gateway_is_not_told_who_lists_the_address_that_wrote()
    {
        await using var host = await ServiceHost.StartAsync(
            [.. Credential(0, "gateway", "g1", "gateway", Requests.Tenant), .. Credential(1, "ingest", "file", "ingest", Requests.Tenant)]);
        host.Room.Links[(LinkKind.AddressDigest, ScriptedRoom.Digests.Of(Requests.Tenant, "+573001234567"))] = [new DebtorKey(Requests.Tenant, "d1")];
        var talk = Requests.Signal("s1", "");
        talk.Address = "+573001234567";
        talk.Inbound = new V1.Inbound { Intent = V1.InboundIntent.Conversation };

        var told = (await host.Debtors.RecordSignalsAsync(Requests.Signals(talk), Told.As("gateway"))).Results[0];
        var toIngest = (await host.Debtors.RecordSignalsAsync(Requests.Signals(talk), Told.As("ingest"))).Results[0];

        Assert.True(told.Recorded);
        Assert.Empty(told.DebtorIds);
        Assert.Equal(["d1"], toIngest.DebtorIds);
    }

    [Fact]
    public async Task A_gateway_is_not_told_who_else_a_stop_of_its_dispatch_reached()
    {
        await using var host = await ServiceHost.StartAsync(
            [.. Credential(0, "gateway", "g1", "gateway", Requests.Tenant), .. Credential(1, "ingest", "file", "ingest", Requests.Tenant)]);
        host.Room.Links[(LinkKind.AddressDigest, ScriptedRoom.Digests.Of(Requests.Tenant, "+573001234567"))] =
            [new DebtorKey(Requests.Tenant, "d1"), new DebtorKey(Requests.Tenant, "d2")];
        host.Grains.Sources = static (_, asked) => new("d1", asked.DispatchId, Domain.Debtors.ContactChannel.Sms, ["+573001234567"], []);
        var stop = Requests.Signal("s1", "");
        stop.DispatchId = "d1.a";
        stop.Inbound = new V1.Inbound { Intent = V1.InboundIntent.Stop };

        var told = (await host.Debtors.RecordSignalsAsync(Requests.Signals(stop), Told.As("gateway"))).Results[0];
        var toIngest = (await host.Debtors.RecordSignalsAsync(Requests.Signals(stop), Told.As("ingest"))).Results[0];

        Assert.Equal(["d1"], told.DebtorIds);
        Assert.Equal(["d1", "d2"], toIngest.DebtorIds);
        Assert.Contains(host.Grains.Calls, static call => call.Key == "t1/d2");
    }

    [Fact]
    public async Task A_gateway_reads_that_it_may_not_and_not_what_befell_the_person()
    {
        await using var host = await ServiceHost.StartAsync(
            [.. Credential(0, "gateway", "g1", "gateway", Requests.Tenant), .. Credential(1, "desk", "g1", "gateway", Requests.Tenant), .. More(1, "compliance")]);
        var no = new V1.Verdict { Kind = V1.VerdictKind.Forbid, DecidingRuleId = "hold.deceased" };
        var refused = new V1.AuthorizeContactResponse { Verdict = no, RuleResults = { new V1.RuleResult { RuleId = "hold.deceased", Reason = "A hold is in force." } } };
        host.Room.Authorize = (_, _) => new(refused.ToByteArray(), null);
        host.Grains.Confirm = (_, _) => Task.FromResult(new Scheduler.Grains.Debtors.ConfirmAnswer(Go: false, null, no.ToByteArray(), null));
        var ask = new V1.AuthorizeContactRequest { TenantId = Requests.Tenant, DebtorId = "d1", Gateway = Requests.Gateway, Channel = V1.ContactChannel.Call, DryRun = true };
        var confirm = new V1.ConfirmDispatchesRequest { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1") } };

        var told = await host.Dispatches.AuthorizeContactAsync(ask, Told.As("gateway"));
        var confirmed = await host.Dispatches.ConfirmDispatchesAsync(confirm, Told.As("gateway"));
        var toDesk = await host.Dispatches.AuthorizeContactAsync(ask, Told.As("desk"));

        Assert.Equal((V1.VerdictKind.Forbid, "hold", 0), (told.Verdict.Kind, told.Verdict.DecidingRuleId, told.RuleResults.Count));
        Assert.Equal("hold", confirmed.Confirmations[0].Verdict.DecidingRuleId);
        Assert.Equal(("hold.deceased", 1), (toDesk.Verdict.DecidingRuleId, toDesk.RuleResults.Count));
    }

    [Fact]
    public async Task A_pull_without_tenants_is_for_those_of_the_credential()
    {
        await using var host = await ServiceHost.StartAsync(Credential(0, "token", "g1", "gateway", "t2"));
        string[] asked = [];
        host.Room.Pull = order =>
        {
            asked = [.. order.Tenants];
            return new([], false, false);
        };

        await host.Dispatches.PullDispatchesAsync(Requests.Pull(), Told.As("token"));

        Assert.Equal(["t2"], asked);
    }

    [Fact]
    public async Task A_lease_or_receipt_of_another_tenant_is_refused_and_the_rest_goes_through()
    {
        await using var host = await ServiceHost.StartAsync(Credential(0, "token", "g1", "gateway", Requests.Tenant));

        var confirmed = await host.Dispatches.ConfirmDispatchesAsync(
            new() { Gateway = Requests.Gateway, Leases = { Requests.Lease("d1", "other"), Requests.Lease("d2") } }, Told.As("token"));
        var reported = await host.Dispatches.ReportReceiptsAsync(
            new() { Gateway = Requests.Gateway, Receipts = { Requests.Receipt("d1", "other"), Requests.Receipt("d2") } }, Told.As("token"));

        Assert.Equal("TENANT_NOT_ALLOWED", Told.Cause(confirmed.Confirmations[0].Status).Reason);
        Assert.True(confirmed.Confirmations[1].Go);
        Assert.Equal("TENANT_NOT_ALLOWED", Told.Cause(reported.Results[0].Status).Reason);
        Assert.Equal(V1.FactState.Recorded, reported.Results[1].State);
        Assert.DoesNotContain(host.Grains.Calls, static call => call.Key.StartsWith("other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_development_token_is_good_for_nothing_where_credentials_are_configured()
    {
        await using var host = await ServiceHost.StartAsync(Credential(0, "token", "g1", "gateway", "*"));

        var (code, cause, _) = await Told.RefusedAsync(async () => await host.Dispatches.PullDispatchesAsync(Requests.Pull(), Told.Developer));

        Assert.Equal(StatusCode.Unauthenticated, code);
        Assert.Equal("CREDENTIAL_UNKNOWN", cause.Reason);
    }

    [Fact]
    public void The_development_token_is_for_loopback_alone()
    {
        var book = new CredentialBook(Microsoft.Extensions.Options.Options.Create(new AccessOptions()));

        Assert.NotNull(book.Find("development", isLoopback: true));
        Assert.Null(book.Find("development", isLoopback: false));
    }

    [Theory]
    [InlineData("not-hex", "ingest", "*")]
    [InlineData("", "reader", "*")]
    [InlineData("", "15", "*")]
    [InlineData("", "ingest", "")]
    public async Task A_credential_that_cannot_be_read_stops_the_host(string digest, string role, string tenant)
    {
        var settings = Credential(0, "token", "someone", role, tenant);
        if (digest.Length > 0) settings[0].Value = digest;
        if (tenant.Length == 0) settings = settings[..^1];

        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => ServiceHost.StartAsync(settings));
    }

    private static (string Key, string Value)[] Credential(int index, string token, string actor, string role, string tenant) =>
    [
        ($"Access:Credentials:{index}:TokenSha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))),
        ($"Access:Credentials:{index}:Actor", actor),
        ($"Access:Credentials:{index}:Roles:0", role),
        ($"Access:Credentials:{index}:Tenants:0", tenant),
    ];

    private static IEnumerable<(string Key, string Value)> More(int index, params string[] roles) =>
        roles.Select((role, i) => ($"Access:Credentials:{index}:Roles:{i + 1}", role));
}
