using Grpc.Core;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The law is changed in a running host, over its calls alone: tried, put in force, explained, taken back, and there after a kill.</summary>
public sealed class PolicyChangeTests
{
    private const string Overlay = """
        schema: 2
        packs:
          - id: house.closed_today
            title: House rule
            overlay: true
            applies: {}
            rules:
              - {id: house.closed_today, type: forbid, governs: {channels: [whatsapp, sms]}, valid_from: 2026-11-17, valid_to: 2026-11-17, source: "house rule", source_kind: design}
        """;

    private static readonly Actor Officer = new() { ActorId = "officer", Reason = "inspection" };

    private static CallOptions Call => new(new Metadata { { "authorization", "Bearer development" } }, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task What_an_overlay_closes_is_neither_pulled_nor_unexplained_until_it_is_taken_back()
    {
        using var folder = new TemporaryFolder();
        await using var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning);
        using var channel = host.Connect();
        var (ingest, policy, debtors) = (new IngestService.IngestServiceClient(channel), new PolicyService.PolicyServiceClient(channel), new DebtorService.DebtorServiceClient(channel));
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        for (var number = 1; number <= 6; number++) request.Entries.Add(Portfolio.Entry(number, Portfolio.TuesdayMorning));
        await ingest.EnqueueAccountsAsync(request, Call);

        var version = Assert.Single((await policy.CreatePackVersionAsync(new() { TenantId = Portfolio.Tenant, DefinitionYaml = Overlay, Actor = Officer }, Call)).PackVersions);
        var known = await policy.ListPacksAsync(new() { TenantId = Portfolio.Tenant, ActiveOnly = true }, Call);
        var list = known.Packs.Select(static pack => pack.PackVersion).Append(version).ToArray();
        var tried = await TryAsync(policy, list);
        // The overlay ends with the day: those whom it stops wait.
        Assert.Equal((6, 6, 0), (tried.ExaminedCount, tried.Result.PermitToDeferCount, tried.Result.PermitToDenyCount));
        Assert.Equal((6, 6), (tried.Result.DeferredByRule["house.closed_today"], tried.Result.LaterWakeCount));

        var activated = await policy.ActivatePolicyAsync(
            new() { TenantId = Portfolio.Tenant, PackVersions = { list }, Etag = known.Etag, Actor = Officer, RequestId = "close" }, Call);
        Assert.Empty((await PullAsync(channel, "closed")).Dispatches);
        var explained = await debtors.ExplainDebtorAsync(new() { TenantId = Portfolio.Tenant, DebtorId = "debtor-2", Channels = { ContactChannel.Whatsapp } }, Call);
        Assert.Contains(explained.Explanations[0].RuleResults, rule => rule.RuleId == "house.closed_today" && rule.PackVersion == version && rule.Kind != VerdictKind.Permit);

        await policy.RevertPolicyAsync(new() { TenantId = Portfolio.Tenant, Etag = activated.Etag, Actor = Officer }, Call);
        await ReplannedAsync(policy);
        var pulled = await PullAsync(channel, "open");
        Assert.NotEmpty(pulled.Dispatches);

        await host.KillAsync();
        await using var second = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning);
        using var again = second.Connect();
        var trail = await new PolicyService.PolicyServiceClient(again).ListActivationsAsync(new() { TenantId = Portfolio.Tenant }, Call);
        Assert.Equal([ActivationKind.Reverted, ActivationKind.Activated], trail.Activations.Select(static one => one.Kind));
        Assert.All(trail.Activations, static one => Assert.Equal(("officer", "inspection"), (one.Actor.ActorId, one.Actor.Reason)));
        Assert.Equal(Overlay, (await new PolicyService.PolicyServiceClient(again).GetPackAsync(new() { TenantId = Portfolio.Tenant, PackVersion = version }, Call)).DefinitionYaml);
        Assert.Equal(0, await second.StopAsync());
    }

    private static async Task<DryRunPolicyResponse> TryAsync(PolicyService.PolicyServiceClient policy, string[] list)
    {
        using var run = policy.DryRunPolicy(new DryRunPolicyRequest { TenantId = Portfolio.Tenant, PackVersions = { list } }, Call);
        var last = new DryRunPolicyResponse();
        await foreach (var answer in run.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) last = answer;
        return last;
    }

    private static async Task ReplannedAsync(PolicyService.PolicyServiceClient policy)
    {
        var epoch = (await policy.ListActivationsAsync(new() { TenantId = Portfolio.Tenant }, Call)).Activations[0].PolicyEpoch;
        while (true)
        {
            var replan = (await policy.ListActivationsAsync(new() { TenantId = Portfolio.Tenant }, Call)).Replan;
            if (replan is { IsDone: true } && replan.PolicyEpoch >= epoch) return;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<PullDispatchesResponse> PullAsync(ChannelBase channel, string id) => await new DispatchService.DispatchServiceClient(channel).PullDispatchesAsync(
        new()
        {
            Gateway = new GatewayIdentity { GatewayId = "gateway", InstanceId = "one" },
            Channels = { ContactChannel.Whatsapp, ContactChannel.Sms },
            MaxDispatches = 10,
            PullId = id,
            LeaseDuration = new() { Seconds = 120 },
            Wait = new() { Seconds = 5 },
        },
        Call);
}
