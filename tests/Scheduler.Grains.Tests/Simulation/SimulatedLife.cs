using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Strategies;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>
/// Some days of dispatching on a simulated clock: debtors come in, gateways pull, place and report, operators pause, and storage, answers and processes
/// fail in between. A seed fixes what is done and what fails; after each step everything that follows from it has come to rest.
/// </summary>
internal sealed class SimulatedLife(int seed, BrokenGuard broken = BrokenGuard.None) : IAsyncDisposable
{
    private const int Debtors = 40;

    /// <summary>More to send than any law allows: what holds it back is the service.</summary>
    private static readonly StrategySet Pressing = new(
    [
        new Strategy
        {
            Id = "pressing",
            Version = 1,
            DefaultFor = ["*"],
            Steps =
            [
                Step("a", 1, ContactChannel.Whatsapp), Step("b", 1, ContactChannel.Sms), Step("c", 1, ContactChannel.Whatsapp), Step("d", 2, ContactChannel.Sms),
                Step("e", 2, ContactChannel.Whatsapp), Step("f", 3, ContactChannel.Whatsapp), Step("g", 4, ContactChannel.Sms), Step("h", 5, ContactChannel.Whatsapp),
            ],
        },
    ]);

    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(12)];

    /// <summary>Of two calls of one pull, which wait in turn, with their last looks.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Of a pull that waits: then it notices that nobody waits for it, or that the service drains.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromMilliseconds(1_200);

    private readonly InjectedFaults _faults = new(seed) { Broken = broken };
    private readonly OutsideRecord _outside = new();
    private readonly LongPolls _polls = new();
    private ImmutableArray<SimulatedGateway> _gateways = [];
    private SimulatedUpstream? _upstream;
    private World? _world;

    public OutsideRecord Outside => _outside;

    public LogOfRun? Log { get; private set; }

    private World World => _world!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task RunAsync(int steps)
    {
        _world = await World.StartAsync(new WorldTerms { Strategies = Pressing, IsTransportSimulated = true, IsOffDisk = true });
        _gateways = [new("wa-1", confirms: false, _outside, _polls), new("wa-2", confirms: true, _outside, _polls), new("wa-3", confirms: false, _outside, _polls)];
        _upstream = new SimulatedUpstream(_outside, Debtors);
        _faults.Arm(World.Store);
        for (var step = 0; step < steps; step++)
        {
            var random = new Random((seed * 100_003) + step);
            await StepAsync(random);
            await LookAtPollsAsync(random);
        }

        await SettleAsync();
        await CheckAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
    }

    private async Task StepAsync(Random random)
    {
        var gateway = _gateways[random.Next(_gateways.Length)];
        switch (random.Next(100))
        {
            case < 15: await _upstream!.EnterAsync(World, random); break;
            case < 25: gateway.Poll(World, random); break;
            case < 40:
                await gateway.PullAsync(World, random);
                if (random.Next(3) > 0) await gateway.WorkAsync(World, random);
                break;
            case < 45: await gateway.ReplayAsync(World); break;
            case < 50: await Task.WhenAll(_gateways.Select((one, at) => one.PullAsync(World, new Random(seed + at)))); break;
            case < 70: await gateway.WorkAsync(World, random); break;
            case < 82: await gateway.DisturbAsync(World, random); break;
            case < 88: await _upstream!.SignalAsync(World, random); break;
            case < 89: await _upstream!.CloseAsync(World, random); break;
            case < 91: await PauseAsync(random); break;
            case < 93: await ChangeRulesAsync(random); break;
            case < 95: await gateway.RestartAsync(World); break;
            case < 97: await CrashAsync(random); break;
            default: await AdvanceAsync(TimeSpan.FromHours(random.Next(1, 20))); break;
        }

        if (random.Next(2) == 0) await AdvanceAsync(Pauses[random.Next(Pauses.Length)]);
    }

    /// <summary>Until the queue's next question to the shards at least; and everything that time brings has happened.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        World.Time.AdvanceTo(World.Time.GetUtcNow() + time + TimeSpan.FromMilliseconds(25));
        await _polls.StillAsync(World);
    }

    /// <summary>What polls brought, once everything rests but what waits for time.</summary>
    private async Task LookAtPollsAsync(Random random, bool leave = false)
    {
        await _polls.StillAsync(World);
        foreach (var gateway in _gateways) await gateway.LookAtPollsAsync(World, random, leave);
    }

    /// <summary>Time passes until no pull waits any more.</summary>
    private async Task EndPollsAsync(Random random, TimeSpan within)
    {
        if (!await _polls.EndAsync(World, within)) throw new InvalidOperationException($"a pull waits on, {within} after it must have ended");
        await LookAtPollsAsync(random);
    }

    /// <summary>Stops a channel or everything, or ends what is stopped.</summary>
    private async Task PauseAsync(Random random)
    {
        var book = World.Get<PauseBook>();
        if (World.Get<PauseBoard>().InForce is [var known, ..])
        {
            await _outside.TryAsync(async () =>
            {
                var ordered = await HeadAsync();
                for (var at = 0; at < _outside.Stops.Count; at++) _outside.Stops[at] = _outside.Stops[at] with { To = _outside.Stops[at].To ?? ordered };
                return await book.EndAsync(known.Pause.Id, "ops", "over", Cancel);
            });
            return;
        }

        var channel = random.Next(2) == 0 ? ContactChannel.Whatsapp : ContactChannel.Unknown;
        var end = World.Time.GetUtcNow().AddMinutes(random.Next(2, 30));
        var answer = await _outside.TryAsync(() => book.StopAsync(
            new PauseOrder(new PauseScope { Tenant = World.Tenant, Channel = channel }, Instant.FromDateTimeOffset(end), Revokes: random.Next(2) == 0, "ops", "test"), Cancel));
        if (answer is { Refusal: PauseRefusal.None }) _outside.Stops.Add(new Stop(channel == ContactChannel.Unknown ? null : channel, await HeadAsync(), null, end));
    }

    private async Task ChangeRulesAsync(Random random)
    {
        await _outside.TryAsync(() => World.Store.Epochs.AdvanceEpochAsync(random.Next(4) == 0 ? EpochKind.Recovery : EpochKind.Policy, Cancel));
        await _outside.TryAsync(() => World.Debtor($"d{random.Next(Debtors)}").Replan());
    }

    /// <summary>The process ends: in order, or dead in the middle of what everybody asks of it.</summary>
    private async Task CrashAsync(Random random)
    {
        if (random.Next(3) > 0)
        {
            _faults.DieWithin(random.Next(1, 8));
            await Task.WhenAll(_gateways.Select((one, at) => one.PullAsync(World, new Random(seed + at))));
            await _gateways[random.Next(_gateways.Length)].WorkAsync(World, random);
            await _upstream!.EnterAsync(World, random);
            await LookAtPollsAsync(random, leave: true);
        }
        else
        {
            await World.Get<DrainSwitch>().BeginAsync();
        }

        await EndPollsAsync(random, OneLook);
        _world = await World.RestartAsync();
        _faults.Arm(World.Store);
    }

    /// <summary>Nothing fails any more: gateways report what they did, and the days pass until there is nothing left to do.</summary>
    private async Task SettleAsync()
    {
        var random = new Random(seed);
        await EndPollsAsync(random, LongestWait);
        _faults.DieWithin(1);
        _world = await World.RestartAsync();
        InjectedFaults.Disarm(World.Store);
        if (World.Get<PauseBoard>().InForce is [var known, ..]) await World.Get<PauseBook>().EndAsync(known.Pause.Id, "ops", "over", Cancel);
        for (var day = 0; day < 3; day++)
        {
            var morning = new DateTimeOffset(World.Time.GetUtcNow().Date, TimeSpan.Zero).AddDays(1).AddHours(15);
            await AdvanceAsync(morning - World.Time.GetUtcNow());
            for (var round = 0; round < 4; round++)
            {
                foreach (var gateway in _gateways)
                {
                    await gateway.PullAsync(World, new Random(day));
                    await gateway.WorkAsync(World, random);
                    await gateway.FinishAsync(World, random);
                    await EndPollsAsync(random, LongestWait);
                    await AdvanceAsync(TimeSpan.FromSeconds(2));
                }

                await World.AdvanceAsync(TimeSpan.FromMinutes(11));
                await World.QuietAsync();
            }
        }

        foreach (var gateway in _gateways) await gateway.FinishAsync(World, random);
        await EndPollsAsync(random, LongestWait);
        await World.AdvanceAsync(TimeSpan.FromMinutes(20));
        await World.QuietAsync();
    }

    private async Task CheckAsync()
    {
        Log = new LogOfRun(_outside);
        await Log.ReadAsync(World.Store);
        Log.Compare();
        var tally = await World.Store.ReadTallyAsync(World.Tenant, Cancel);
        if (!tally.IsConserved) _outside.Found($"accounts are not conserved: {tally}");
        if ((tally.AccountsIn, tally.Finished, tally.Leased) != (Log.AccountCount, Log.ClosedCount, 0)) _outside.Found($"the tally says {tally}, the log {Log.AccountCount} accounts, {Log.ClosedCount} closed");
        foreach (var row in await World.Store.ListDebtorsAsync(World.Tenant, null, 1_000, Cancel))
        {
            var debtor = await World.StateAsync(row.Key.Debtor);
            var isAtRest = debtor.State is V1.DebtorState.Finished or V1.DebtorState.Held or V1.DebtorState.Blocked;
            if (!isAtRest && debtor.WakeTime is null) _outside.Found($"{debtor.DebtorId} is {debtor.State} and has no wake");
            if (debtor.Lease is not null) _outside.Found($"{debtor.DebtorId} is still leased");
            if (!isAtRest && debtor.WakeTime?.ToDateTimeOffset() < World.Time.GetUtcNow().AddHours(-1)) _outside.Found($"{debtor.DebtorId} was due at {debtor.WakeTime} and nobody looked");
        }
    }

    private Task<long> HeadAsync() => World.Store.Events.ReadHeadAsync(Cancel);

    private static Step Step(string id, int day, ContactChannel channel) => new() { Id = id, Day = day, Channel = channel, Template = "reminder", LapseAfterDays = 3, Notices = ["OPT_OUT"] };
}
