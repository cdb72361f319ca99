using System.Diagnostics;
using Grpc.Core;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Operations;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.RulePacks;
using Scheduler.V1;

namespace Scheduler.LoadTests;

/// <summary>How large the load is and how it is cut into calls.</summary>
internal sealed record SmokeTerms(int Seconds, int Debtors, string Run)
{
    public int EntriesPerCall { get; init; } = 500;

    public int Upstreams { get; init; } = 2;

    public int Gateways { get; init; } = 3;

    public int DispatchesPerPull { get; init; } = 500;
}

/// <summary>
/// Upstream and gateways at once, closed loop: entries go in, dispatches come out, every one is reported with its outcome. A lifecycle is
/// counted when its outcome is acknowledged, which means durable.
/// </summary>
internal sealed class SmokeRun(ServiceSession session, SmokeTerms terms, TimeProvider clock)
{
    private const string Tenant = "load";
    private const int LeastUseful = 200;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly LatencyLog _enqueue = new("EnqueueAccounts");
    private readonly LatencyLog _history = new("UpsertContactHistory");
    private readonly LatencyLog _pull = new("PullDispatches");
    private readonly LatencyLog _report = new("ReportOutcomes");
    private int _nextDebtor;
    private long _lastOutcomeAt;

    // Never twice in a run: a pull id that comes back is a replay.
    private long _pulls;

    public async Task<SmokeReport> RunAsync(CancellationToken cancel)
    {
        await WarmUpAsync(cancel);
        var started = Stopwatch.GetTimestamp();
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var portfolio = new LoadPortfolio(Now, terms.Run);
        var upstreams = Task.WhenAll(Enumerable.Range(0, terms.Upstreams).Select(_ => EnqueueAsync(portfolio, started, cancel)));
        var gateways = Enumerable.Range(0, terms.Gateways).Select(i => PullAsync(i, finished.Token)).ToList();
        await upstreams;
        await DrainedAsync(cancel);
        var elapsed = Stopwatch.GetElapsedTime(started, Math.Max(started, Interlocked.Read(ref _lastOutcomeAt)));
        await finished.CancelAsync();
        await Task.WhenAll(gateways);
        var audit = await AuditAsync(cancel);
        var statistics = await session.Operations.GetStatisticsAsync(new GetStatisticsRequest { TenantId = Tenant }, cancellationToken: cancel);
        return new SmokeReport(
            _report.Items, elapsed.TotalSeconds, [_enqueue.Figures(), _history.Figures(), _pull.Figures(), _report.Figures()],
            audit.ViolationCount, [.. audit.Violations.Take(10).Select(violation => $"{violation.Kind} {violation.DebtorId}: {violation.Detail}")],
            audit.EventCount, audit.DebtorCount, statistics.ConservationDifference);
    }

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    // Both sides are compiled to their last tier by the first few thousand lifecycles; they are not counted.
    private async Task WarmUpAsync(CancellationToken cancel)
    {
        var portfolio = new LoadPortfolio(Now, $"{terms.Run}w");
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var gateways = Enumerable.Range(0, terms.Gateways).Select(i => PullAsync(i, finished.Token)).ToList();
        for (var i = 0; i < 8; i++) await EnqueueBatchAsync(portfolio, i * terms.EntriesPerCall, cancel);
        await DrainedAsync(cancel);
        await finished.CancelAsync();
        await Task.WhenAll(gateways);
        foreach (var log in (LatencyLog[])[_enqueue, _history, _pull, _report]) log.Reset();
    }

    private async Task EnqueueAsync(LoadPortfolio portfolio, long started, CancellationToken cancel)
    {
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < terms.Seconds)
        {
            var first = Interlocked.Add(ref _nextDebtor, terms.EntriesPerCall) - terms.EntriesPerCall;
            if (first >= terms.Debtors) return;
            // Upstream stays a bounded distance ahead of the gateways, so that the figure is of whole lifecycles.
            while (first - _report.Items > terms.EntriesPerCall * 40) await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancel);
            await EnqueueBatchAsync(portfolio, first, cancel);
        }
    }

    private async Task EnqueueBatchAsync(LoadPortfolio portfolio, int first, CancellationToken cancel)
    {
        var request = new EnqueueAccountsRequest { TenantId = Tenant };
        for (var i = 0; i < terms.EntriesPerCall; i++) request.Entries.Add(portfolio.Debtor(first + i));
        var answer = await TimedAsync(_enqueue, terms.EntriesPerCall, () => session.Ingest.EnqueueAccountsAsync(request, cancellationToken: cancel).ResponseAsync);
        _enqueue.AddFailures(answer.Results.Count(result => result.State == EntryState.Rejected));
        var history = new UpsertContactHistoryRequest { TenantId = Tenant };
        for (var i = 0; i < terms.EntriesPerCall; i++)
        {
            if (LoadPortfolio.HasHistory(first + i)) history.Contacts.AddRange(portfolio.History(first + i));
        }

        var seeded = await TimedAsync(_history, history.Contacts.Count, () => session.Ingest.UpsertContactHistoryAsync(history, cancellationToken: cancel).ResponseAsync);
        _history.AddFailures(seeded.Results.Count(result => !result.Ok));
    }

    private async Task PullAsync(int number, CancellationToken cancel)
    {
        var identity = new GatewayIdentity { GatewayId = $"load-{number}", InstanceId = $"{terms.Run}-{number}", SoftwareVersion = "load" };
        while (!cancel.IsCancellationRequested)
        {
            var request = new PullDispatchesRequest
            {
                TenantIds = { Tenant },
                Gateway = identity,
                Channels = { ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Email },
                MaxDispatches = terms.DispatchesPerPull,
                LeaseDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
                Wait = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(Poll),
                PullId = $"{number:x8}-0000-4000-a000-{Interlocked.Increment(ref _pulls):x12}",
            };
            var began = Stopwatch.GetTimestamp();
            try
            {
                var answer = await session.Dispatches.PullDispatchesAsync(request, cancellationToken: CancellationToken.None);
                if (answer.Dispatches.Count == 0) continue;
                _pull.Add(Stopwatch.GetElapsedTime(began), answer.Dispatches.Count);
                await ReportAsync(identity, answer.Dispatches);
            }
            catch (RpcException)
            {
                _pull.AddFailures(1);
                await Task.Delay(TimeSpan.FromMilliseconds(LeastUseful), clock, CancellationToken.None);
            }
        }
    }

    private async Task ReportAsync(GatewayIdentity identity, Google.Protobuf.Collections.RepeatedField<Dispatch> dispatches)
    {
        var request = new ReportOutcomesRequest { Gateway = identity };
        var now = ProtocolValues.ToTimestamp(Now);
        foreach (var dispatch in dispatches)
        {
            request.Outcomes.Add(new Outcome
            {
                Lease = new LeaseRef { TenantId = dispatch.TenantId, DebtorId = dispatch.DebtorId, DispatchId = dispatch.DispatchId, LeaseToken = dispatch.LeaseToken },
                ReportTime = now,
                Placed = new Placed
                {
                    PlaceTime = now,
                    ProviderContactId = $"p-{dispatch.DispatchId}",
                    SenderId = "load",
                    Disposition = Disposition.Accepted,
                    PartCount = 1,
                    Facts = new ContactFacts { Placed = true, AddressReached = true, Delivered = true, TwoWay = false },
                    ReceiptsExpected = false,
                },
            });
        }

        var answer = await TimedAsync(_report, dispatches.Count, () => session.Dispatches.ReportOutcomesAsync(request, cancellationToken: CancellationToken.None).ResponseAsync);
        Interlocked.Exchange(ref _lastOutcomeAt, Stopwatch.GetTimestamp());
        _report.AddFailures(answer.Results.Count(result => result.State != FactState.Recorded));
    }

    private async Task DrainedAsync(CancellationToken cancel)
    {
        while (true)
        {
            var statistics = await session.Operations.GetStatisticsAsync(new GetStatisticsRequest { TenantId = Tenant }, cancellationToken: cancel);
            var leased = statistics.DebtorsByState.GetValueOrDefault("DEBTOR_STATE_LEASED");
            if (statistics.DueCount == 0 && leased == 0) return;
            await Task.Delay(TimeSpan.FromMilliseconds(LeastUseful), clock, cancel);
        }
    }

    private async Task<ComplianceReport> AuditAsync(CancellationToken cancel)
    {
        var checker = new ComplianceChecker(PackLibrary.LoadShipped().FindVersion);
        await EventFeed.ReadAsync(session, Tenant, checker.Take, cancel);
        return checker.Report();
    }

    private static async Task<T> TimedAsync<T>(LatencyLog log, int items, Func<Task<T>> call)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await call();
        log.Add(Stopwatch.GetElapsedTime(began), items);
        return answer;
    }
}
