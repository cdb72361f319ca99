using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Scheduler.V1;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Scheduler.LoadTests.Traffic;

/// <summary>How a gateway works.</summary>
internal sealed record GatewayTerms(string Name, ImmutableArray<string> Tenants)
{
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    public bool Confirms { get; init; }
}

/// <summary>
/// Pulls, places at once and reports, over and over. A pull that fails is repeated under its own id, so that leases whose answer was lost
/// come again.
/// </summary>
internal sealed class LoadGateway(LoadStage stage, GatewayTerms terms, ReceiptFlow? receipts)
{
    private const int NotFinished = 200;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly GatewayIdentity _identity = new() { GatewayId = terms.Name, InstanceId = $"{stage.Run}-{terms.Name}", SoftwareVersion = "load" };
    private TaskCompletionSource? _stall;
    private long _heldInStall;

    /// <summary>Leases in hand when it stood still.</summary>
    public long HeldInStall => Interlocked.Read(ref _heldInStall);

    /// <summary>From the next pull on it holds what it has and says nothing, until it is told to go on.</summary>
    public void Stall() => _stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => Interlocked.Exchange(ref _stall, null)?.SetResult();

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var began = stage.Clock.Real.GetTimestamp();
            var beganAt = stage.Clock.Now;
            var request = Pull();
            var answer = await stage.Caller.TryAsync(stage.Meters.Pull, 0, () => stage.Session.Dispatches.PullDispatchesAsync(request).ResponseAsync);
            if (answer is null) await Task.Delay(TimeSpan.FromMilliseconds(NotFinished), stage.Clock.Real, CancellationToken.None);
            if (answer is null || answer.Dispatches.Count == 0) continue;
            Take(answer.Dispatches, stage.Clock.Real.GetElapsedTime(began), beganAt.ToUnixTimeMilliseconds());
            if (_stall is { } stall)
            {
                Interlocked.Add(ref _heldInStall, answer.Dispatches.Count);
                await stall.Task;
            }

            var going = terms.Confirms ? await ConfirmAsync(answer.Dispatches) : answer.Dispatches;
            if (going.Count > 0) await ReportAsync(going);
        }
    }

    private PullDispatchesRequest Pull() => new()
    {
        TenantIds = { terms.Tenants },
        Gateway = _identity,
        Channels = { ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Email },
        MaxDispatches = stage.Options.Pull,
        LeaseDuration = Duration.FromTimeSpan(terms.Lease),
        Wait = Duration.FromTimeSpan(Poll),
        PullId = stage.NextPullId(),
        ConfirmBeforePlacing = terms.Confirms,
    };

    private void Take(RepeatedField<Dispatch> dispatches, TimeSpan took, long beganAt)
    {
        var now = stage.Clock.Now.ToUnixTimeMilliseconds();
        var firstDue = long.MaxValue;
        foreach (var dispatch in dispatches)
        {
            if (stage.WorkOf(dispatch.DebtorId) is not { } work) continue;
            var number = LoadPortfolio.NumberOf(dispatch.DebtorId);
            var due = work.Book.DueOf(number);
            firstDue = Math.Min(firstDue, due);
            if (!work.Book.Lease(number) || due == 0) continue;
            var late = TimeSpan.FromMilliseconds(now - due);
            work.Lateness.Add(late, 1);
            stage.Sampler.Window.Add(late);
        }

        // Of a long poll only the time counts in which there was something to hand out.
        if (firstDue != long.MaxValue && firstDue > beganAt) took = TimeSpan.FromMilliseconds(Math.Max(0, now - firstDue));
        stage.Meters.Pull.Add(took, dispatches.Count);
    }

    private async Task<IReadOnlyList<Dispatch>> ConfirmAsync(RepeatedField<Dispatch> dispatches)
    {
        var request = new ConfirmDispatchesRequest { Gateway = _identity, Leases = { dispatches.Select(Reference) } };
        var began = stage.Clock.Real.GetTimestamp();
        var answer = await stage.Caller.CallAsync(stage.Meters.Confirm, dispatches.Count, began, () => stage.Session.Dispatches.ConfirmDispatchesAsync(request).ResponseAsync);
        if (answer is null) return [];
        stage.AddDenied(answer.Confirmations.Count(static confirmation => !confirmation.Go));
        return [.. dispatches.Where((_, i) => answer.Confirmations[i].Go)];
    }

    private async Task ReportAsync(IReadOnlyList<Dispatch> dispatches)
    {
        var request = new ReportOutcomesRequest { Gateway = _identity };
        var now = stage.Clock.Stamp();
        foreach (var dispatch in dispatches)
        {
            request.Outcomes.Add(new Outcome
            {
                Lease = Reference(dispatch),
                ReportTime = now,
                Placed = new Placed
                {
                    PlaceTime = now,
                    ProviderContactId = $"p-{dispatch.DispatchId}",
                    SenderId = "load",
                    Disposition = Disposition.Accepted,
                    PartCount = 1,
                    Facts = new ContactFacts { Placed = true, AddressReached = true, Delivered = receipts is null, TwoWay = false },
                    ReceiptsExpected = receipts is not null,
                },
            });
        }

        var began = stage.Clock.Real.GetTimestamp();
        var answer = await stage.Caller.CallAsync(stage.Meters.Report, dispatches.Count, began, () => stage.Session.Dispatches.ReportOutcomesAsync(request).ResponseAsync);
        if (answer is null) return;
        for (var i = 0; i < dispatches.Count; i++) Note(dispatches[i], answer.Results[i]);
        stage.NoteOutcome();
        receipts?.Follow(dispatches, _identity);
    }

    private void Note(Dispatch dispatch, FactResult result)
    {
        // Recorded before: this outcome was repeated because its answer was lost.
        if (result.State is FactState.Recorded or FactState.Duplicate or FactState.RecordedStale)
        {
            if (stage.WorkOf(dispatch.DebtorId) is { } work) work.Book.Place(LoadPortfolio.NumberOf(dispatch.DebtorId));
            if (result.State == FactState.RecordedStale) stage.AddStale();
        }
        else
        {
            stage.Meters.Report.Fail($"outcome {result.State}: {result.Status?.Message}");
        }
    }

    private static LeaseRef Reference(Dispatch dispatch) =>
        new() { TenantId = dispatch.TenantId, DebtorId = dispatch.DebtorId, DispatchId = dispatch.DispatchId, LeaseToken = dispatch.LeaseToken };
}
