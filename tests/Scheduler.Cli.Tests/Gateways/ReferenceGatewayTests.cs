using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.Cli.Gateways;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Gateways;

/// <summary>What the reference gateway places, and what it does not: a gateway in this process over a service that is scripted.</summary>
public sealed class ReferenceGatewayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_watch_alive_what_was_leased_without_confirmation_is_placed()
    {
        var (clock, service, gateway, _) = Start(confirms: false);
        await gateway.PullAsync(TimeSpan.Zero, Cancel);
        Assert.Equal((3, 0), (service.Reported.Count, service.Released.Count));
        Assert.All(service.Reported, static outcome => Assert.NotEqual(Outcome.ResultOneofCase.None, outcome.ResultCase));
        Assert.Equal(0, service.Confirmed);
        _ = clock;
    }

    [Theory]
    [InlineData(29.9, true)]
    [InlineData(30, false)]
    public async Task A_watch_that_is_silent_for_thirty_seconds_stops_unconfirmed_placing_and_leases_go_back(double seconds, bool isPlaced)
    {
        var (clock, service, gateway, watch) = Start(confirms: false);
        clock.Pass(TimeSpan.FromMinutes(10));
        watch.Hear(new WatchRevocationsResponse(), isNews: true);
        clock.Pass(TimeSpan.FromSeconds(seconds));
        await gateway.PullAsync(TimeSpan.Zero, Cancel);
        Assert.Equal(isPlaced ? (3, 0) : (0, 3), (service.Reported.Count, service.Released.Count));
        watch.Hear(new WatchRevocationsResponse(), isNews: true);
        await gateway.PullAsync(TimeSpan.Zero, Cancel);
        Assert.Equal(isPlaced ? 6 : 3, service.Reported.Count);
    }

    [Fact]
    public async Task A_gateway_that_confirms_needs_no_watch_and_places_only_what_is_told_to_go()
    {
        var (clock, service, gateway, watch) = Start(confirms: true);
        clock.Pass(TimeSpan.FromHours(1));
        Assert.False(watch.IsTrusted);
        service.Denied.Add("d-1.2");
        await gateway.PullAsync(TimeSpan.Zero, Cancel);
        Assert.Equal(3, service.Confirmed);
        Assert.Equal(["d-0.2", "d-2.2"], service.Reported.Select(static outcome => outcome.Lease.DispatchId));
        Assert.Equal(1, gateway.Tally.Denied);
    }

    [Fact]
    public async Task What_was_withdrawn_or_is_too_late_is_reported_as_not_placed()
    {
        var (clock, service, gateway, watch) = Start(confirms: false);
        watch.Hear(new WatchRevocationsResponse { Revocations = { Withdrawn("d-1.2", clock.At) }, ServerTime = clock.At }, isNews: true);
        service.NotAfter = clock.At;
        await gateway.PullAsync(TimeSpan.Zero, Cancel);
        Assert.Equal(
            [NotPlacedReason.TooLate, NotPlacedReason.Revoked, NotPlacedReason.TooLate],
            service.Reported.OrderBy(static outcome => outcome.Lease.DispatchId, StringComparer.Ordinal).Select(static outcome => outcome.NotPlaced.Reason));
    }

    [Fact]
    public void How_long_a_withdrawal_took_to_be_told_is_measured_on_what_comes_as_it_happens()
    {
        var (clock, _, _, watch) = Start(confirms: false);
        var told = clock.At;
        watch.Hear(new WatchRevocationsResponse { Revocations = { Withdrawn("old.1", told - new Duration { Seconds = 600 }) }, ServerTime = told }, isNews: false);
        for (var i = 1; i <= 100; i++)
        {
            var revoked = Withdrawn($"new.{i}", told - Duration.FromTimeSpan(TimeSpan.FromMilliseconds(i)));
            watch.Hear(new WatchRevocationsResponse { Revocations = { revoked }, ServerTime = told }, isNews: true);
        }

        Assert.Equal(100, watch.Lag.Count);
        Assert.Equal((50, 99, 100), (watch.Lag.Within(0.5).TotalMilliseconds, watch.Lag.Within(0.99).TotalMilliseconds, watch.Lag.Within(1).TotalMilliseconds));
        Assert.True(watch.IsRevoked("old.1"));
    }

    private static Revocation Withdrawn(string dispatch, Timestamp at) => new() { DispatchId = dispatch, Reason = "HOLD", RevokeTime = at };

    private static (MovedClock Clock, ScriptedService Service, ReferenceGateway Gateway, RevocationWatch Watch) Start(bool confirms)
    {
        var clock = new MovedClock();
        var service = new ScriptedService { NotAfter = clock.At + new Duration { Seconds = 36_000 } };
        var session = new ServiceSession(service);
        var terms = new GatewayTerms("demo", "sim", "1", ContactChannel.Whatsapp) { Confirms = confirms };
        var watch = new RevocationWatch(session.Dispatches, terms, clock);
        return (clock, service, new ReferenceGateway(session, terms, new BehaviourModel(1), watch, clock, new ServiceRetry(clock)), watch);
    }

    /// <summary>Stands still until a test moves it.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero);

        public Timestamp At => Timestamp.FromDateTimeOffset(_now);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;

        public void Pass(TimeSpan time) => _now += time;
    }

    /// <summary>Answers each pull with the same three dispatches and writes down what it is told.</summary>
    private sealed class ScriptedService : CallInvoker
    {
        public List<Outcome> Reported { get; } = [];

        public List<LeaseRef> Released { get; } = [];

        public HashSet<string> Denied { get; } = [];

        public int Confirmed { get; private set; }

        public required Timestamp NotAfter { get; set; }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
            Task.FromResult((TResponse)Answer(request)), Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        private object Answer(object request)
        {
            switch (request)
            {
                case PullDispatchesRequest:
                    return new PullDispatchesResponse { Dispatches = { Enumerable.Range(0, 3).Select(Dispatch) } };
                case ConfirmDispatchesRequest confirm:
                    Confirmed += confirm.Leases.Count;
                    return new ConfirmDispatchesResponse { Confirmations = { confirm.Leases.Select(lease => new Confirmation { Go = !Denied.Contains(lease.DispatchId) }) } };
                case ReleaseLeasesRequest release:
                    Released.AddRange(release.Leases);
                    return new ReleaseLeasesResponse();
                case ReportOutcomesRequest report:
                    Reported.AddRange(report.Outcomes);
                    return new ReportOutcomesResponse();
                default:
                    throw new NotSupportedException(request.GetType().Name);
            }
        }

        private Dispatch Dispatch(int number) => new()
        {
            TenantId = "demo",
            DebtorId = $"d-{number}",
            DispatchId = $"d-{number}.2",
            Channel = ContactChannel.Whatsapp,
            DeliveryCount = 1,
            NotAfterTime = NotAfter,
            Accounts = { new DispatchAccount { AccountId = $"a-{number}" } },
            Plan = new PlanState { AccountId = $"a-{number}", StepId = "s1" },
        };
    }
}
