using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>What placed contacts will still bring: receipts and written answers, each at its time. Threading: safe for many.</summary>
internal sealed class LaterFacts
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(Receipt? Receipt, Signal? Signal), Instant> _queue = new();

    public int Count
    {
        get
        {
            lock (_lock) return _queue.Count;
        }
    }

    public Instant? NextAt
    {
        get
        {
            lock (_lock) return _queue.TryPeek(out _, out var at) ? at : null;
        }
    }

    public void Add(Dispatch dispatch, Conduct conduct, Instant placedAt)
    {
        lock (_lock)
        {
            foreach (var later in conduct.Receipts)
            {
                var at = placedAt + NodaTime.Duration.FromTimeSpan(later.After);
                var receipt = new Receipt
                {
                    TenantId = dispatch.TenantId,
                    DispatchId = dispatch.DispatchId,
                    Kind = later.Kind,
                    Final = later.IsFinal,
                    OccurTime = ProtocolValues.ToTimestamp(at),
                    ReceiveTime = ProtocolValues.ToTimestamp(at),
                    Evidence = ReceiptEvidence.Provider,
                };
                _queue.Enqueue((receipt, null), at);
            }

            if (conduct.Answer == Answer.None || conduct.AnswerAfter == TimeSpan.Zero) return;
            var wroteAt = placedAt + NodaTime.Duration.FromTimeSpan(conduct.AnswerAfter);
            _queue.Enqueue((null, AnswerSignals.Written(dispatch, conduct.Answer, wroteAt)), wroteAt);
        }
    }

    /// <summary>Takes what has come by now, up to a batch of each.</summary>
    public (List<Receipt> Receipts, List<Signal> Signals) Take(Instant now, int limit)
    {
        List<Receipt> receipts = [];
        List<Signal> signals = [];
        lock (_lock)
        {
            while (receipts.Count < limit && signals.Count < limit && _queue.TryPeek(out var item, out var at) && at <= now)
            {
                _queue.Dequeue();
                if (item.Receipt is { } receipt) receipts.Add(receipt);
                if (item.Signal is { } signal) signals.Add(signal);
            }
        }

        return (receipts, signals);
    }
}
