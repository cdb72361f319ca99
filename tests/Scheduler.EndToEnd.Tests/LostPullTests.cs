using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Scheduler.PostgresKit;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>kill -9 after a pull was committed and before its gateway has read the answer: the same pull id gets the same leases from the next process.</summary>
public sealed class LostPullTests(AssemblyServer servers)
{
    private const int Debtors = 12;

    private static readonly Metadata Told = new() { { "authorization", "Bearer development" } };
    private static readonly GatewayIdentity Gateway = new() { GatewayId = "gateway", InstanceId = "1" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_pull_whose_answer_died_with_the_host_is_answered_alike_by_the_next_one(Database database)
    {
        using var folder = new TemporaryFolder();
        var settings = await database.SettingsAsync(servers);
        IReadOnlyList<Dispatch> committed;
        await using (var host = await StartAsync(folder, settings, Portfolio.TuesdayMorning))
        {
            using var channel = host.Connect();
            await EnqueueAsync(channel);
            committed = await PullInVainAsync(host, channel);
            await host.KillAsync();
        }

        await using var next = await StartAsync(folder, settings, Portfolio.TuesdayMorning.AddSeconds(40));
        using var again = next.Connect();
        // Another gateway first: what is leased is nobody else's.
        var others = await PullAsync(again, new GatewayIdentity { GatewayId = "another", InstanceId = "1" }, "another-1", 100);
        Assert.Empty(others.Select(static d => d.DebtorId).Intersect(committed.Select(static d => d.DebtorId)));

        var first = await PullAsync(again, Gateway, "lost", 5);
        var second = await PullAsync(again, Gateway, "lost", 5);
        Assert.Equal(Known(committed), Known(first));
        Assert.Equal(Known(committed), Known(second));
        Assert.All(first.Zip(second), static pair => Assert.Equal(pair.First, pair.Second));

        var report = new ReportOutcomesRequest { Gateway = Gateway, Outcomes = { first.Select(Placed) } };
        var results = (await new DispatchService.DispatchServiceClient(again).ReportOutcomesAsync(report, Told)).Results;
        Assert.All(results, static result => Assert.Equal(FactState.Recorded, result.State));
        Assert.Empty(await PullAsync(again, Gateway, "lost", 5));
        Assert.Equal(0, await next.StopAsync());
    }

    /// <summary>The leases as they stand once the pull's answer has left the host; the gateway got nothing.</summary>
    private static async Task<IReadOnlyList<Dispatch>> PullInVainAsync(HostProcess host, GrpcChannel beside)
    {
        await using var relay = new SilentRelay(host.Address);
        using var channel = GrpcChannel.ForAddress(relay.Address, new GrpcChannelOptions());
        await ListAsync(channel);
        relay.FallSilent();
        var pull = PullAsync(channel, Gateway, "lost", 5);
        await relay.AnswerLost.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        var committed = await ListAsync(beside);
        Assert.NotEmpty(committed);
        Assert.False(pull.IsCompleted);
        await host.KillAsync();
        await Assert.ThrowsAsync<RpcException>(() => pull);
        return committed;
    }

    private static Task<HostProcess> StartAsync(TemporaryFolder folder, IReadOnlyDictionary<string, string> settings, DateTimeOffset clock)
    {
        var all = HostProcess.Simulated(folder.Path, clock);
        foreach (var (name, value) in settings) all[name] = value;
        return HostProcess.StartAsync(all);
    }

    private static async Task EnqueueAsync(GrpcChannel channel)
    {
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        request.Entries.AddRange(Enumerable.Range(0, Debtors).Select(static number => Portfolio.Entry(number, Portfolio.TuesdayMorning)));
        var answer = await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(request, Told);
        Assert.All(answer.Results, static result => Assert.Equal(EntryState.Accepted, result.State));
    }

    private static async Task<IReadOnlyList<Dispatch>> PullAsync(GrpcChannel channel, GatewayIdentity gateway, string pullId, int count)
    {
        var request = new PullDispatchesRequest
        {
            TenantIds = { Portfolio.Tenant },
            Gateway = gateway,
            Channels = { ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email },
            MaxDispatches = count,
            LeaseDuration = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)),
            PullId = pullId,
            Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
        };
        return (await new DispatchService.DispatchServiceClient(channel).PullDispatchesAsync(request, Told, cancellationToken: Cancel)).Dispatches;
    }

    private static async Task<IReadOnlyList<Dispatch>> ListAsync(GrpcChannel channel) =>
        (await new DispatchService.DispatchServiceClient(channel).ListLeasesAsync(new() { GatewayId = Gateway.GatewayId }, Told, cancellationToken: Cancel)).Dispatches;

    private static IEnumerable<(string, string, string)> Known(IEnumerable<Dispatch> dispatches) =>
        dispatches.Select(static d => (d.DispatchId, d.DebtorId, d.LeaseToken.ToBase64())).Order();

    private static Outcome Placed(Dispatch dispatch) => new()
    {
        Lease = new LeaseRef { TenantId = dispatch.TenantId, DebtorId = dispatch.DebtorId, DispatchId = dispatch.DispatchId, LeaseToken = dispatch.LeaseToken },
        Placed = new Placed
        {
            PlaceTime = Timestamp.FromDateTimeOffset(Portfolio.TuesdayMorning.AddSeconds(40)),
            ProviderContactId = $"provider-{dispatch.DispatchId}",
            Disposition = Disposition.Accepted,
            Facts = new ContactFacts { Placed = true },
        },
        ReportTime = Timestamp.FromDateTimeOffset(Portfolio.TuesdayMorning.AddSeconds(41)),
    };
}
