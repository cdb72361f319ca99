using System.CommandLine;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>`scheduler gateway --channel C`: the reference gateway, until it is stopped.</summary>
internal static class GatewayCommand
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    // A queue that nobody asked before needs a moment to be filled.
    private static readonly TimeSpan OnePoll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(1);

    public static Command Create(CommandSet set)
    {
        var channel = new Option<string>("--channel") { Description = $"Channel it places: {FieldWords.All<ContactChannel>()}", Required = true };
        var id = new Option<string>("--id") { Description = "Gateway's id (default: sim-CHANNEL)" };
        var seed = new Option<long>("--seed") { Description = "Seed of the behaviour model", DefaultValueFactory = _ => 1 };
        var most = new Option<int>("--max-dispatches") { Description = "Largest pull, 1..1000", DefaultValueFactory = _ => 200 };
        var lease = new Option<int>("--lease-seconds") { Description = "Lease asked for", DefaultValueFactory = _ => 120 };
        var confirm = new Option<bool>("--confirm") { Description = "Confirm before placing, as dialers must" };
        var once = new Option<bool>("--once") { Description = "One pull, then end" };
        var metrics = new Option<int?>("--metrics-port") { Description = "Port that shows metrics under /metrics in Prometheus' text format (default: none)" };
        var command = new Command("gateway", "Reference gateway: pulls, places by a behaviour model, reports") { channel, id, seed, most, lease, confirm, once, metrics };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var contactChannel = CommandArguments.Word<ContactChannel>("--channel", parse.GetRequiredValue(channel));
            if (parse.GetValue(most) is < 1 or > 1_000) throw new UsageException("--max-dispatches must be 1..1000");
            var clock = set.Environment.Clock;
            var terms = new GatewayTerms(
                settings.Tenant, parse.GetValue(id) ?? $"sim-{FieldWords.Of(contactChannel)}", $"{Environment.ProcessId}-{clock.GetUtcNow().ToUnixTimeMilliseconds()}", contactChannel)
            {
                MaxDispatches = parse.GetValue(most),
                Confirms = parse.GetValue(confirm),
                LeaseDuration = TimeSpan.FromSeconds(parse.GetValue(lease)),
            };
            var watch = new RevocationWatch(session.Dispatches, terms, clock);
            var gateway = new ReferenceGateway(session, terms, new BehaviourModel(parse.GetValue(seed)), watch, clock, new ServiceRetry(clock));
            await using var port = parse.GetValue(metrics) is { } number ? MetricsPort.Open(number, watch.Lag.ToPrometheus) : null;
            if (parse.GetValue(once)) await gateway.PullAsync(OnePoll, cancel);
            else await RunAsync(gateway, watch, clock, cancel);
            Print(set, settings, gateway, watch.Lag);
            return ExitCode.Done;
        }));
        return command;
    }

    private static async Task RunAsync(ReferenceGateway gateway, RevocationWatch watch, TimeProvider clock, CancellationToken cancel)
    {
        var watching = watch.RunAsync(cancel);
        var flushing = FlushAsync(gateway, clock, cancel);
        try
        {
            while (!cancel.IsCancellationRequested) await gateway.PullAsync(LongPoll, cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or Grpc.Core.RpcException && cancel.IsCancellationRequested)
        {
            // Told to stop while waiting for work: nothing is in hand.
        }

        await watching;
        await flushing;
    }

    private static async Task FlushAsync(ReferenceGateway gateway, TimeProvider clock, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await gateway.FlushAsync(CancellationToken.None);
            await Task.Delay(FlushEvery, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Print(CommandSet set, CallSettings settings, ReferenceGateway gateway, RevocationLag lag)
    {
        var tally = gateway.Tally;
        set.Environment.Output.WriteLine(settings.Json
            ? JsonSerializer.Serialize(new
            {
                leased = tally.Leased,
                placed = tally.Placed,
                not_placed = tally.NotPlaced,
                denied = tally.Denied,
                right_party = tally.RightParty,
                promises = tally.Promises,
                receipts = tally.Receipts,
                released = tally.Released,
                receipts_outstanding = gateway.Later.Count,
                revocations = lag.Count,
                revocation_p50_ms = lag.Within(0.5).TotalMilliseconds,
                revocation_p99_ms = lag.Within(0.99).TotalMilliseconds,
                revocation_longest_ms = lag.Within(1).TotalMilliseconds,
            })
            : $"leased {tally.Leased}, placed {tally.Placed}, not placed {tally.NotPlaced}, denied {tally.Denied}, right party {tally.RightParty}, "
              + $"promises {tally.Promises}, receipts {tally.Receipts}, released {tally.Released}, receipts outstanding {gateway.Later.Count}"
              + (lag.Count == 0 ? "" : $"; revocations {lag.Count}, told of after p50 {lag.Within(0.5).TotalMilliseconds:0} ms, p99 {lag.Within(0.99).TotalMilliseconds:0} ms, longest {lag.Within(1).TotalMilliseconds:0} ms"));
    }
}
