using System.Threading.Tasks.Sources;

namespace Scheduler.Storage.Reads;

/// <summary>One read of a debtor's row in the queue, and the promise of its answer.</summary>
public sealed class ReadRequest(DebtorKey key) : IValueTaskSource<DebtorRow?>
{
    private ManualResetValueTaskSourceCore<DebtorRow?> source = new() { RunContinuationsAsynchronously = true };

    public DebtorKey Key { get; } = key;

    /// <summary>Set by the back end.</summary>
    public DebtorRow? Row { get; set; }

    internal ValueTask<DebtorRow?> AnswerAsync => new(this, source.Version);

    internal void Publish() => source.SetResult(Row);

    internal void Fail(Exception exception) => source.SetException(exception);

    DebtorRow? IValueTaskSource<DebtorRow?>.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<DebtorRow?>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<DebtorRow?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
