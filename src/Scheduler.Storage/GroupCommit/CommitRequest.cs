using System.Threading.Tasks.Sources;

namespace Scheduler.Storage.GroupCommit;

/// <summary>In which of a group's statements a request takes part; also the first sort key of a group.</summary>
public enum CommitStatement
{
    Create = 0,
    Update = 1,
    Pull = 2,
    Shared = 3,
}

/// <summary>
/// One write on its way through the committer, and the promise of its answer. One allocation per write: it is its own task source.
/// </summary>
/// <remarks>Threading: filled by the caller, then owned by the commit loop until answered.</remarks>
public abstract class CommitRequest
{
    public abstract CommitStatement Statement { get; }

    /// <summary>At most one request of a key is in a group.</summary>
    public abstract string Key { get; }

    public virtual DateTimeOffset? Deadline => null;

    internal abstract int Bytes { get; }

    internal long QueuedAt { get; set; }

    internal abstract bool IsAnswered { get; }

    internal abstract void RefuseAsLate();

    internal abstract void RefuseAsPoisoned();

    /// <summary>Wakes the caller with the answer that the back end has set.</summary>
    internal abstract void Publish();

    internal abstract void Fail(Exception exception);
}

/// <summary>A request with its kind of answer.</summary>
public abstract class CommitRequest<TAnswer> : CommitRequest, IValueTaskSource<TAnswer>
    where TAnswer : struct
{
    // Callers resume elsewhere: a continuation must never run inside the commit loop.
    private ManualResetValueTaskSourceCore<TAnswer> source = new() { RunContinuationsAsynchronously = true };

    /// <summary>Set by the back end for every request of a group before it returns; published only after the commit.</summary>
    public TAnswer Answer { get; set; }

    internal ValueTask<TAnswer> AnswerAsync => new(this, source.Version);

    internal override bool IsAnswered => !EqualityComparer<TAnswer>.Default.Equals(Answer, default);

    internal override void Publish() => source.SetResult(Answer);

    internal override void Fail(Exception exception) => source.SetException(exception);

    TAnswer IValueTaskSource<TAnswer>.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TAnswer>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<TAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}

/// <summary>A debtor's write in the queue.</summary>
public sealed class DebtorCommit(DebtorWrite write) : CommitRequest<WriteAnswer>
{
    // Statement texts, row headers and index entries: what a row costs beside its payloads.
    private const int RowOverhead = 128;

    public DebtorWrite Write { get; } = write;

    public override CommitStatement Statement => Write.ExpectedVersion == 0 ? CommitStatement.Create : CommitStatement.Update;

    public override string Key => Write.Key.Text;

    public override DateTimeOffset? Deadline => Write.Deadline;

    internal override int Bytes =>
        RowOverhead + Write.State.Length + (Write.Event?.Payload.Length ?? 0) + (Write.AddedLinks.Length * RowOverhead);

    internal override void RefuseAsLate() => Answer = new WriteAnswer(WriteAnswerKind.DeadlinePassed);

    internal override void RefuseAsPoisoned() => Answer = new WriteAnswer(WriteAnswerKind.Poisoned);
}

/// <summary>A pull's row in the queue.</summary>
public sealed class PullCommit(PullRow pull) : CommitRequest<PullAnswer>
{
    private const int KeyBytes = 32;

    public PullRow Pull { get; } = pull;

    public override CommitStatement Statement => CommitStatement.Pull;

    // Two slashes: no debtor's key looks like this.
    public override string Key { get; } = string.Concat(pull.Gateway, "//", pull.PullId);

    internal override int Bytes => Pull.Keys.Length * KeyBytes;

    internal override void RefuseAsLate() => throw new InvalidOperationException("A pull has no deadline.");

    internal override void RefuseAsPoisoned() => Answer = PullAnswer.Poisoned;
}
