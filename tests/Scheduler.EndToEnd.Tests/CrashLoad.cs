using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Upstream and gateways that go on through kills and write down what was acknowledged to them.</summary>
internal sealed class CrashLoad(LiveHost host, int debtorCount)
{
    private const int EntriesInBatch = 20;
    private const int DispatchesInPull = 10;
    private static readonly ContactChannel[] Channels = [ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email];
    private volatile bool _isUpstreamDone;

    public ConcurrentBag<string> AcknowledgedDebtors { get; } = [];

    public ConcurrentDictionary<string, string> GatewayOfDispatch { get; } = new();

    public ConcurrentBag<string> AcknowledgedOutcomes { get; } = [];

    public ConcurrentBag<string> AcknowledgedHolds { get; } = [];

    public ConcurrentBag<string> HeldTwice { get; } = [];

    public async Task EnqueueAllAsync()
    {
        foreach (var batch in Enumerable.Range(0, debtorCount).Chunk(EntriesInBatch))
        {
            var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
            request.Entries.AddRange(batch.Select(n => Portfolio.Entry(n, Portfolio.TuesdayMorning)));
            var answer = await host.CallAsync((invoker, options) => new IngestService.IngestServiceClient(invoker).EnqueueAccountsAsync(request, options));
            Assert.All(answer.Results, r => Assert.True(r.State is EntryState.Accepted or EntryState.Unchanged, r.ToString()));
            foreach (var entry in request.Entries) AcknowledgedDebtors.Add(entry.DebtorId);
            if (batch[0] % (EntriesInBatch * 3) == 0) await HoldAsync(request.Entries[^1].DebtorId);
        }

        _isUpstreamDone = true;
    }

    /// <summary>What is left after the last kill: leases whose holder forgot them have lapsed by then.</summary>
    public Task DrainAsync(string gatewayId)
    {
        _isUpstreamDone = true;
        return ServeAsync(gatewayId);
    }

    /// <summary>Pulls and reports until nothing is due and nothing more will come.</summary>
    public async Task ServeAsync(string gatewayId)
    {
        var gateway = new GatewayIdentity { GatewayId = gatewayId, InstanceId = "1" };
        for (var pull = 0; ; pull++)
        {
            var wasUpstreamDone = _isUpstreamDone;
            var request = new PullDispatchesRequest
            {
                TenantIds = { Portfolio.Tenant },
                Gateway = gateway,
                Channels = { Channels },
                MaxDispatches = DispatchesInPull,
                LeaseDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(60)),
                PullId = $"{gatewayId}-{pull}",
            };
            var answer = await host.CallAsync((invoker, options) => new DispatchService.DispatchServiceClient(invoker).PullDispatchesAsync(request, options));
            if (answer.Dispatches.Count > 0) await ReportAsync(gateway, answer.Dispatches);
            else if (wasUpstreamDone && await IsDrainedAsync()) return;
        }
    }

    private async Task ReportAsync(GatewayIdentity gateway, IReadOnlyList<Dispatch> dispatches)
    {
        foreach (var dispatch in dispatches)
        {
            if (GatewayOfDispatch.GetOrAdd(dispatch.DispatchId, gateway.GatewayId) != gateway.GatewayId) HeldTwice.Add(dispatch.DispatchId);
        }

        var report = new ReportOutcomesRequest { Gateway = gateway };
        report.Outcomes.AddRange(dispatches.Select(Placed));
        var answer = await host.CallAsync((invoker, options) => new DispatchService.DispatchServiceClient(invoker).ReportOutcomesAsync(report, options));
        foreach (var (dispatch, result) in dispatches.Zip(answer.Results))
        {
            Assert.True(result.State is FactState.Recorded or FactState.Duplicate or FactState.RecordedStale, result.ToString());
            AcknowledgedOutcomes.Add(dispatch.DispatchId);
        }
    }

    private static Outcome Placed(Dispatch dispatch) => new()
    {
        Lease = new LeaseRef { TenantId = dispatch.TenantId, DebtorId = dispatch.DebtorId, DispatchId = dispatch.DispatchId, LeaseToken = dispatch.LeaseToken },
        Placed = new Placed
        {
            PlaceTime = dispatch.NotBeforeTime ?? dispatch.LeaseExpireTime,
            ProviderContactId = $"provider-{dispatch.DispatchId}",
            Disposition = Disposition.Accepted,
            Facts = new ContactFacts { Placed = true, AddressReached = true },
        },
        ReportTime = dispatch.LeaseExpireTime,
    };

    private async Task HoldAsync(string debtor)
    {
        var signal = new Signal
        {
            SignalId = $"hold-{debtor}",
            DebtorId = debtor,
            OccurTime = Timestamp.FromDateTimeOffset(Portfolio.TuesdayMorning),
            HoldPlaced = new Hold { HoldId = "dispute", Kind = HoldKind.Dispute, StartTime = Timestamp.FromDateTimeOffset(Portfolio.TuesdayMorning) },
        };
        var request = new RecordSignalsRequest { TenantId = Portfolio.Tenant, Signals = { signal } };
        var answer = await host.CallAsync((invoker, options) => new DebtorService.DebtorServiceClient(invoker).RecordSignalsAsync(request, options));
        Assert.True(answer.Results[0].Recorded || answer.Results[0].Duplicate, answer.ToString());
        AcknowledgedHolds.Add(debtor);
    }

    private async Task<bool> IsDrainedAsync()
    {
        var request = new GetStatisticsRequest { TenantId = Portfolio.Tenant };
        var counts = await host.CallAsync((invoker, options) => new OperationsService.OperationsServiceClient(invoker).GetStatisticsAsync(request, options));
        return counts.DueCount == 0;
    }
}
