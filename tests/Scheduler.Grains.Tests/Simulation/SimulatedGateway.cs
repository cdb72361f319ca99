using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>
/// A gateway that keeps to the protocol and has bad luck: answers are lost, calls repeated, reports late, doubled or contradicting. It places a
/// dispatch at most once, before its not-after instant, and confirmed where that is asked.
/// </summary>
internal sealed class SimulatedGateway(string id, bool confirms, OutsideRecord outside, LongPolls polls)
{
    private readonly List<WaitingPull> _waiting = [];
    private readonly ConcurrentQueue<PullOrder> _unanswered = new();
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private int _pulls;

    public async Task PullAsync(World world, Random random)
    {
        var order = new PullOrder(
            id, "i-1", $"{id}-{++_pulls}", [], [ContactChannel.Whatsapp, ContactChannel.Sms], random.Next(1, 6), TimeSpan.FromSeconds(random.Next(20, 600)),
            TimeSpan.Zero, confirms, DateTimeOffset.MaxValue);
        var fate = random.Next(10);
        if (fate == 0) await Task.WhenAll(PullOnceAsync(world, order, fate), PullOnceAsync(world, order, fate));
        else await PullOnceAsync(world, order, fate);
    }

    /// <summary>Begins a pull that waits; its answer is taken in when the run looks. Its channels, wait and deadline are of all kinds.</summary>
    public void Poll(World world, Random random)
    {
        ContactChannel[][] channels = [[ContactChannel.Whatsapp], [ContactChannel.Sms], [ContactChannel.Whatsapp, ContactChannel.Sms]];
        var deadline = random.Next(4) == 0 ? Now(world) + TimeSpan.FromMilliseconds(random.Next(10, 3_000)) : DateTimeOffset.MaxValue;
        var order = new PullOrder(
            id, "i-1", $"{id}-{++_pulls}", [], [.. channels[random.Next(3)]], random.Next(1, 4), TimeSpan.FromSeconds(random.Next(20, 600)),
            TimeSpan.FromMicroseconds(random.Next(500, 4_000_000)), confirms, deadline);
        var fate = random.Next(10);
        Begin(world, order, fate);
        if (fate == 0) Begin(world, order, fate);
    }

    /// <summary>Takes in what has been answered; callers leave at their deadlines, and some before.</summary>
    /// <param name="leave">Every caller leaves: the connection is lost.</param>
    public async Task LookAtPollsAsync(World world, Random random, bool leave = false)
    {
        foreach (var pull in _waiting.ToList())
        {
            if (pull.Call.IsCompleted)
            {
                _waiting.Remove(pull);
                var isLost = pull.Caller.IsCancellationRequested || pull.Fate is >= 1 and <= 4;
                Settle(pull.Order, await outside.TryAsync(() => pull.Call), isLost);
                outside.Polls[pull.Caller.IsCancellationRequested ? 2 : pull.Call.IsCompletedSuccessfully && !(await pull.Call).Dispatches.IsEmpty ? 1 : 0]++;
                pull.Caller.Dispose();
            }
            else if (leave || pull.Order.Deadline <= Now(world) || random.Next(15) == 0)
            {
                await pull.Caller.CancelAsync();
            }
        }
    }

    /// <summary>Calls whose answers were lost are made again as they were; what was answered with nothing waits again.</summary>
    public async Task ReplayAsync(World world)
    {
        var orders = _unanswered.ToList();
        _unanswered.Clear();
        foreach (var order in orders)
        {
            if (order.Wait == TimeSpan.Zero) await PullOnceAsync(world, order, fate: 9);
            else Begin(world, order with { Deadline = DateTimeOffset.MaxValue }, fate: 9);
        }
    }

    /// <summary>Its own memory is gone but for what it placed; it asks for the rest.</summary>
    public async Task RestartAsync(World world)
    {
        _unanswered.Clear();
        foreach (var held in _held.Values) held.IsForgotten = true;
        var page = await outside.TryAsync(() => world.Pulls.ListLeasesAsync(id, "", [], 1_000, "", CancellationToken.None));
        if (page is not null) Take(page.Dispatches);
    }

    /// <summary>Confirms, places and reports, each with its own luck.</summary>
    public async Task WorkAsync(World world, Random random)
    {
        foreach (var held in _held.Values.ToList())
        {
            if (random.Next(3) == 0) continue;
            if (held.MayPlace(Now(world)))
            {
                if (confirms && !held.IsGo) await ConfirmAsync(world, held);
                if (held.IsGo || !confirms) Place(world, held, random);
            }

            if (held.Placement is not null && !held.IsReported && random.Next(3) > 0) await ReportAsync(world, held, random);
            else if (held.Placement is null && held.MayPlace(Now(world)) && random.Next(10) == 0) await NotPlacedAsync(world, held);
        }
    }

    /// <summary>Something out of order about any dispatch it ever saw.</summary>
    public async Task DisturbAsync(World world, Random random)
    {
        if (_held.Count == 0) return;
        var held = _held.Values.ElementAt(random.Next(_held.Count));
        var claim = new LeaseClaim(id, held.Dispatch.DispatchId, held.Dispatch.LeaseToken.Memory);
        var debtor = world.Debtor(held.Dispatch.DebtorId);
        switch (random.Next(7))
        {
            case 0:
                var extended = await outside.TryAsync(() => debtor.Extend(new LeaseExtension(claim, TimeSpan.FromSeconds(random.Next(30, 900)))));
                if (extended is { Done: true, ExpiresAt: { } until }) outside.Extended[held.Dispatch.DispatchId] = until;
                break;
            case 1 when held.Placement is null:
                await ReleaseAsync(world, held);
                break;
            case 2 when held.Placement is not null:
                await ReportAsync(world, held, random);
                break;
            case 3 when held.Placement is not null:
                // Contradicts what was or will be reported: the stricter stands.
                if (held.IsReported) await SendAsync(world, NotPlaced(held));
                break;
            case 4 when held.Placement is null && held.IsOver:
                // Not placed, or given back, and now said to have been placed.
                if (await SendAsync(world, Entries.Placed(held.Dispatch, Now(world))) is { Fault: null }) held.IsMisreported = true;
                break;
            case 5 when held.Placement is not null:
                await ReceiptAsync(world, held);
                break;
            default:
                var forged = Protocol.Mapping.DispatchMap.Token(random.Next(1, 40)).Memory;
                await outside.TryAsync(() => debtor.Release(new LeaseReturn(claim with { GatewayId = "another", Token = forged }, 1)));
                break;
        }
    }

    /// <summary>Everything that happened is reported until it is acknowledged.</summary>
    public async Task FinishAsync(World world, Random random)
    {
        await ReplayAsync(world);
        foreach (var held in _held.Values.Where(static held => held.Placement is not null).ToList())
        {
            if (!held.IsReported) await ReportAsync(world, held, random);
            await ReceiptAsync(world, held);
        }
    }

    private async Task PullOnceAsync(World world, PullOrder order, int fate)
    {
        using var caller = new CancellationTokenSource();
        var batch = await outside.TryAsync(() => CallAsync(world, order, fate, caller));
        Settle(order, batch, isLost: fate is >= 1 and <= 4);
    }

    private void Begin(World world, PullOrder order, int fate)
    {
        var caller = new CancellationTokenSource();
        _waiting.Add(new WaitingPull(order, fate, caller, polls.Begin(order.PullId, () => CallAsync(world, order, fate, caller))));
    }

    private static Task<PulledBatch> CallAsync(World world, PullOrder order, int fate, CancellationTokenSource caller) => world.Pulls.PullAsync(
        order,
        async batch =>
        {
            if (fate is 1 or 2) await caller.CancelAsync();
            return fate == 3 ? throw new IOException("The connection broke.") : batch;
        },
        caller.Token);

    private void Settle(PullOrder order, PulledBatch? batch, bool isLost)
    {
        if (batch is null || isLost) _unanswered.Enqueue(order);
        else Take(batch.Dispatches);
    }

    private void Take(ImmutableArray<ReadOnlyMemory<byte>> dispatches)
    {
        foreach (var dispatch in dispatches.Select(static bytes => V1.Dispatch.Parser.ParseFrom(bytes.Span)))
        {
            lock (outside.HandedOut)
            {
                if (outside.HandedOut.TryAdd(dispatch.DispatchId, dispatch)) _held.Add(dispatch.DispatchId, new Held(dispatch));
                else if (!_held.TryGetValue(dispatch.DispatchId, out var held)) outside.Found($"{dispatch.DispatchId} was handed to two gateways");
                else if (held.Dispatch.LeaseToken != dispatch.LeaseToken) outside.Found($"{dispatch.DispatchId} was handed out with two tokens");
                else held.IsForgotten = false;
            }
        }
    }

    private async Task ConfirmAsync(World world, Held held)
    {
        var answer = await outside.TryAsync(() => world.Debtor(held.Dispatch.DebtorId).Confirm(new LeaseClaim(id, held.Dispatch.DispatchId, held.Dispatch.LeaseToken.Memory)));
        if (answer is null) return;
        held.IsGo = answer.Go;
        held.IsOver = !answer.Go;
        if (answer is { Go: true, NotAfter: { } notAfter }) held.NotAfter = notAfter;
        if (answer.Go) Told(held, "confirmed");
    }

    private void Place(World world, Held held, Random random)
    {
        if (!held.MayPlace(Now(world))) return;
        held.Placement = new Placement(held.Dispatch.DispatchId, held.Dispatch.DebtorId, held.Dispatch.Channel, Now(world), random.Next(5) > 0);
        outside.Placements.Add(held.Placement);
    }

    private async Task ReportAsync(World world, Held held, Random random)
    {
        var outcome = Entries.Placed(held.Dispatch, held.Placement!.At, "provider-" + held.Dispatch.DispatchId);
        for (var time = 0; time <= random.Next(2); time++)
        {
            if (await SendAsync(world, outcome) is not { } answer) continue;
            if (held.IsReported && answer.Fate is FactFate.Recorded or FactFate.RecordedStale) outside.Found($"{held.Dispatch.DispatchId} was recorded twice");
            if (answer.Fate is FactFate.Recorded or FactFate.RecordedStale or FactFate.Duplicate or FactFate.Conflict) (held.IsReported, held.IsOver) = (true, true);
            if (held.IsReported) Told(held, "placed");
        }
    }

    private async Task NotPlacedAsync(World world, Held held)
    {
        held.IsOver = true;
        if (await SendAsync(world, NotPlaced(held)) is { Fate: FactFate.Recorded or FactFate.RecordedStale or FactFate.Duplicate }) Told(held, "not placed");
    }

    private async Task ReleaseAsync(World world, Held held)
    {
        if (held.IsGo) return;
        held.IsOver = true;
        var answer = await outside.TryAsync(() => world.Debtor(held.Dispatch.DebtorId).Release(new LeaseReturn(new LeaseClaim(id, held.Dispatch.DispatchId, held.Dispatch.LeaseToken.Memory), 1)));
        if (answer?.Done == true) Told(held, "released");
    }

    private async Task ReceiptAsync(World world, Held held)
    {
        var receipt = new V1.Receipt
        {
            TenantId = World.Tenant,
            DispatchId = held.Dispatch.DispatchId,
            Kind = held.Placement!.IsDelivered ? V1.ReceiptKind.Delivered : V1.ReceiptKind.Failed,
            OccurTime = Timestamp.FromDateTimeOffset(held.Placement.At.AddSeconds(5)),
            Final = true,
        };
        if (Now(world) < held.Placement.At.AddSeconds(5)) return;
        await outside.TryAsync(() => world.Debtor(held.Dispatch.DebtorId).ReportReceipt(new FactReport(receipt.ToByteArray(), id, "tests")));
    }

    private Task<FactAnswer?> SendAsync(World world, V1.Outcome outcome) => outside.TryAsync(() => world.ReportAsync(outcome, id));

    private static V1.Outcome NotPlaced(Held held) => new()
    {
        Lease = Entries.LeaseOf(held.Dispatch),
        NotPlaced = new V1.NotPlaced { Reason = V1.NotPlacedReason.GatewayError },
    };

    private void Told(Held held, string fact) => outside.OfLeases.Add((held.Dispatch.DispatchId, fact));

    private static DateTimeOffset Now(World world) => world.Time.GetUtcNow();

    /// <summary>A pull that waits, and what becomes of its answer.</summary>
    private sealed record WaitingPull(PullOrder Order, int Fate, CancellationTokenSource Caller, Task<PulledBatch> Call);

    /// <summary>A dispatch as the gateway knows it.</summary>
    private sealed class Held(V1.Dispatch dispatch)
    {
        public V1.Dispatch Dispatch => dispatch;

        public DateTimeOffset NotAfter { get; set; } = dispatch.NotAfterTime.ToDateTimeOffset();

        public bool IsGo { get; set; }

        /// <summary>Given back, denied, reported: it is not placed any more.</summary>
        public bool IsOver { get; set; }

        /// <summary>Lost in a crash of the gateway until it is listed again.</summary>
        public bool IsForgotten { get; set; }

        public bool IsReported { get; set; }

        public bool IsMisreported { get; set; }

        public Placement? Placement { get; set; }

        public bool MayPlace(DateTimeOffset now) => Placement is null && !IsOver && !IsForgotten && !IsMisreported && now < NotAfter;
    }
}
