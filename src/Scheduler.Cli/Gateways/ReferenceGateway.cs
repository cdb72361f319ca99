using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sampling;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>
/// A gateway of one channel as the protocol wants it: pulls with a fresh pull id and repeats a lost pull under the same one, places
/// nothing that was withdrawn or is too late, reports every outcome, and gives back what it did not place. The contacts are simulated.
/// </summary>
internal sealed class ReferenceGateway(ServiceSession session, GatewayTerms terms, BehaviourModel model, RevocationWatch watch, TimeProvider clock, ServiceRetry retry)
{
    private const int LargestBatch = 500;

    private readonly LaterFacts _later = new();
    private long _pullCount;

    public GatewayTally Tally { get; } = new();

    public LaterFacts Later => _later;

    /// <summary>Driven step by step under a clock that stands still: withdrawals come with every pull, and no watch is needed.</summary>
    public bool IsDriven { get; init; }

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>One pull, placed and reported; answers how many dispatches came.</summary>
    public async Task<int> PullAsync(TimeSpan wait, CancellationToken cancel)
    {
        var request = new PullDispatchesRequest
        {
            TenantIds = { terms.Tenant },
            Gateway = terms.Identity,
            Channels = { terms.Channel },
            MaxDispatches = terms.MaxDispatches,
            LeaseDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(terms.LeaseDuration),
            Wait = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(wait),
            PullId = NextPullId(),
            ConfirmBeforePlacing = terms.Confirms,
        };
        var answer = await retry.RunAsync(() => session.Dispatches.PullDispatchesAsync(request, cancellationToken: cancel).ResponseAsync, cancel);
        watch.Take(answer.Revocations);
        if (answer.Dispatches.Count == 0) return 0;
        Tally.AddLeased(answer.Dispatches.Count);
        if (cancel.IsCancellationRequested || answer.DrainState == DrainState.Stop)
        {
            await ReleaseAsync(answer.Dispatches);
            return 0;
        }

        await PlaceAsync(answer.Dispatches, cancel);
        return answer.Dispatches.Count;
    }

    /// <summary>Reports the receipts and answers whose time has come; answers whether there were any.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancel)
    {
        for (var isChanged = false; ; isChanged = true)
        {
            var (receipts, signals) = _later.Take(Now, LargestBatch);
            if (receipts.Count == 0 && signals.Count == 0) return isChanged;
            if (receipts.Count > 0)
            {
                var request = new ReportReceiptsRequest { Gateway = terms.Identity, Receipts = { receipts } };
                await retry.RunAsync(() => session.Dispatches.ReportReceiptsAsync(request, cancellationToken: cancel).ResponseAsync, cancel);
                Tally.AddReceipts(receipts.Count);
            }

            if (signals.Count > 0)
            {
                var request = new RecordSignalsRequest { TenantId = terms.Tenant, Signals = { signals } };
                await retry.RunAsync(() => session.Debtors.RecordSignalsAsync(request, cancellationToken: cancel).ResponseAsync, cancel);
                foreach (var signal in signals)
                {
                    if (signal.FactCase == Signal.FactOneofCase.Promise) Tally.AddPromise();
                }
            }
        }
    }

    // The leases in hand are finished even when the gateway is told to stop: only what was not placed is given back.
    private async Task PlaceAsync(IReadOnlyList<Dispatch> dispatches, CancellationToken cancel)
    {
        var going = await ConfirmAsync(dispatches, cancel);
        List<Outcome> outcomes = [];
        List<Dispatch> unplaced = [];
        foreach (var dispatch in going)
        {
            if (!terms.Confirms && !IsDriven && !watch.IsTrusted) unplaced.Add(dispatch);
            else outcomes.Add(Place(dispatch));
        }

        if (unplaced.Count > 0) await ReleaseAsync(unplaced);
        foreach (var batch in outcomes.Chunk(LargestBatch))
        {
            var request = new ReportOutcomesRequest { Gateway = terms.Identity, Outcomes = { batch } };
            await retry.RunAsync(() => session.Dispatches.ReportOutcomesAsync(request, cancellationToken: CancellationToken.None).ResponseAsync, CancellationToken.None);
        }
    }

    private async Task<List<Dispatch>> ConfirmAsync(IReadOnlyList<Dispatch> dispatches, CancellationToken cancel)
    {
        if (!terms.Confirms) return [.. dispatches];
        List<Dispatch> going = [];
        foreach (var batch in dispatches.Chunk(LargestBatch))
        {
            var request = new ConfirmDispatchesRequest { Gateway = terms.Identity, Leases = { batch.Select(Reference) } };
            var answer = await retry.RunAsync(() => session.Dispatches.ConfirmDispatchesAsync(request, cancellationToken: cancel).ResponseAsync, cancel);
            for (var i = 0; i < batch.Length; i++)
            {
                if (answer.Confirmations[i].Go) going.Add(batch[i]);
                else Tally.AddDenied();
            }
        }

        return going;
    }

    private Outcome Place(Dispatch dispatch)
    {
        var now = Now;
        var outcome = new Outcome { Lease = Reference(dispatch), ReportTime = ProtocolValues.ToTimestamp(now) };
        var conduct = model.Of(dispatch);
        var reason = watch.IsRevoked(dispatch.DispatchId) ? NotPlacedReason.Revoked
            : now >= ProtocolValues.ToInstant(dispatch.NotAfterTime) ? NotPlacedReason.TooLate
            : conduct.NotPlaced;
        if (reason is { } known)
        {
            watch.Forget(dispatch.DispatchId);
            Tally.AddNotPlaced();
            outcome.NotPlaced = new NotPlaced { Reason = known, Scope = FaultScope.Dispatch, RetryTime = ProtocolValues.ToTimestamp(now + NodaTime.Duration.FromMinutes(30)) };
            return outcome;
        }

        outcome.Placed = new Placed
        {
            PlaceTime = ProtocolValues.ToTimestamp(now),
            ProviderContactId = $"sim-{dispatch.DispatchId}",
            SenderId = $"sim-{terms.GatewayId}",
            Disposition = conduct.Disposition,
            Facts = conduct.Facts,
            ReceiptsExpected = conduct.Disposition == Disposition.Accepted,
            PartCount = 1,
        };
        if (conduct.AnswerAfter == TimeSpan.Zero && AnswerSignals.Said(dispatch, conduct.Answer, now) is { } said) outcome.Placed.Signals.Add(said);
        _later.Add(dispatch, conduct, now);
        Count(conduct);
        return outcome;
    }

    private void Count(Conduct conduct)
    {
        Tally.AddPlaced();
        if (conduct.Disposition == Disposition.RightParty) Tally.AddRightParty();
        if (conduct is { Answer: Answer.Promise, AnswerAfter.Ticks: 0 }) Tally.AddPromise();
    }

    private async Task ReleaseAsync(IReadOnlyCollection<Dispatch> dispatches)
    {
        var request = new ReleaseLeasesRequest { Gateway = terms.Identity, Leases = { dispatches.Select(Reference) }, Reason = NotPlacedReason.NoCapacity };
        await retry.RunAsync(() => session.Dispatches.ReleaseLeasesAsync(request, cancellationToken: CancellationToken.None).ResponseAsync, CancellationToken.None);
        Tally.AddReleased(dispatches.Count);
    }

    private static LeaseRef Reference(Dispatch dispatch) => new()
    {
        TenantId = dispatch.TenantId,
        DebtorId = dispatch.DebtorId,
        DispatchId = dispatch.DispatchId,
        LeaseToken = dispatch.LeaseToken,
    };

    // A UUID in form, unique by gateway, instance and count, so that a simulated run repeats itself.
    private string NextPullId()
    {
        var number = $"{Interlocked.Increment(ref _pullCount)}";
        var high = StableHash.Of(0, terms.GatewayId, terms.InstanceId, number, "high");
        var low = StableHash.Of(0, terms.GatewayId, terms.InstanceId, number, "low");
        return $"{high >> 32:x8}-{(high >> 16) & 0xFFFF:x4}-4{high & 0xFFF:x3}-a{(low >> 48) & 0xFFF:x3}-{low & 0xFFFF_FFFF_FFFF:x12}";
    }
}
