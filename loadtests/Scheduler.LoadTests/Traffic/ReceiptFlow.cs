using Scheduler.Cli.Sampling;
using Scheduler.LoadTests.Measuring;
using Scheduler.V1;

namespace Scheduler.LoadTests.Traffic;

/// <summary>
/// What providers send after a message: 2.2 receipts each (sent, nine in ten delivered, three in ten read), one in twenty twice, in no order,
/// and one in a hundred only after three days. Threading: safe for many.
/// </summary>
internal sealed class ReceiptFlow(LoadStage stage)
{
    private const int MostInBatch = 500;
    private const int Pool = 4_000;
    private const double Delivered = 0.9;
    private const double Read = 0.3;
    private const double Repeated = 0.05;
    private const double Late = 0.01;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<Receipt> _waiting = [];
    private readonly List<Receipt> _late = [];
    private GatewayIdentity? _identity;
    private ulong _draws;
    private long _made;
    private long _repeated;
    private long _sent;
    private long _duplicates;

    /// <summary>Receipts made, repeats included.</summary>
    public long Made => Interlocked.Read(ref _made);

    public long MadeTwice => Interlocked.Read(ref _repeated);

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Answered as recorded before.</summary>
    public long AnsweredDuplicate => Interlocked.Read(ref _duplicates);

    public int LateCount
    {
        get
        {
            lock (_lock) return _late.Count;
        }
    }

    public void Follow(IReadOnlyList<Dispatch> dispatches, GatewayIdentity identity)
    {
        lock (_lock)
        {
            _identity = identity;
            foreach (var dispatch in dispatches)
            {
                Add(dispatch, ReceiptKind.Sent);
                if (Draw(dispatch, "delivered") < Delivered) Add(dispatch, ReceiptKind.Delivered);
                if (Draw(dispatch, "read") < Read) Add(dispatch, ReceiptKind.Read);
            }
        }
    }

    /// <summary>Reports what waits, shuffled, until told to end and nothing waits.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var isEnding = cancel.IsCancellationRequested;
            var batch = Take(isEnding ? 1 : Pool);
            if (batch.Count > 0) await ReportAsync(batch);
            else if (isEnding) return;
            else await Task.Delay(Between, stage.Clock.Real, CancellationToken.None);
        }
    }

    /// <summary>The ones that come after three days.</summary>
    public async Task ReportLateAsync()
    {
        List<Receipt> late;
        lock (_lock)
        {
            late = [.. _late];
            _late.Clear();
        }

        foreach (var batch in late.Chunk(MostInBatch)) await ReportAsync(batch);
    }

    // From anywhere in the pool, so that receipts of one message come in any order.
    private List<Receipt> Take(int least)
    {
        lock (_lock)
        {
            if (_waiting.Count < least && _waiting.Count < MostInBatch) return [];
            List<Receipt> batch = [];
            while (batch.Count < MostInBatch && _waiting.Count > 0)
            {
                var at = (int)(StableHash.Of(7, $"{_draws++}") % (ulong)_waiting.Count);
                batch.Add(_waiting[at]);
                _waiting[at] = _waiting[^1];
                _waiting.RemoveAt(_waiting.Count - 1);
            }

            return batch;
        }
    }

    private async Task ReportAsync(IReadOnlyCollection<Receipt> batch)
    {
        var request = new ReportReceiptsRequest { Gateway = _identity };
        request.Receipts.AddRange(batch);
        var meter = stage.Meters.Receipts;
        var answer = await stage.Caller.CallAsync(meter, batch.Count, stage.Clock.Real.GetTimestamp(), () => stage.Session.Dispatches.ReportReceiptsAsync(request).ResponseAsync);
        if (answer is null) return;
        Interlocked.Add(ref _sent, batch.Count);
        foreach (var result in answer.Results)
        {
            if (result.State == FactState.Duplicate) Interlocked.Increment(ref _duplicates);
            else if (result.State is not (FactState.Recorded or FactState.RecordedStale)) meter.Fail($"receipt {result.State}: {result.Status?.Message}");
        }
    }

    private void Add(Dispatch dispatch, ReceiptKind kind)
    {
        var receipt = new Receipt
        {
            TenantId = dispatch.TenantId,
            ProviderContactId = $"p-{dispatch.DispatchId}",
            Kind = kind,
            OccurTime = stage.Clock.Stamp(),
            ReceiveTime = stage.Clock.Stamp(),
            Part = 0,
            Evidence = ReceiptEvidence.Provider,
        };
        var isLate = Draw(dispatch, $"late {kind}") < Late;
        (isLate ? _late : _waiting).Add(receipt);
        Interlocked.Increment(ref _made);
        if (Draw(dispatch, $"twice {kind}") >= Repeated) return;
        (isLate ? _late : _waiting).Add(receipt);
        Interlocked.Increment(ref _made);
        Interlocked.Increment(ref _repeated);
    }

    // By number, so that every run draws the same.
    private static double Draw(Dispatch dispatch, string about) => StableHash.Fraction(3, $"{LoadPortfolio.NumberOf(dispatch.DebtorId)}", about);
}
