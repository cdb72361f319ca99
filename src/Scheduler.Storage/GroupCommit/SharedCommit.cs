namespace Scheduler.Storage.GroupCommit;

/// <summary>A shared counter's write in the queue.</summary>
public sealed class SharedCommit(SharedWrite write) : CommitRequest<WriteAnswer>
{
    private const int RowOverhead = 96;

    public SharedWrite Write { get; } = write;

    public override CommitStatement Statement => CommitStatement.Shared;

    // Three slashes: neither a debtor's key nor a pull's looks like this.
    public override string Key { get; } = string.Concat(write.Key.Tenant, "///", write.Key.Scope);

    internal override int Bytes => RowOverhead + Write.State.Length;

    internal override void RefuseAsLate() => throw new InvalidOperationException("A shared counter's write has no deadline.");

    internal override void RefuseAsPoisoned() => Answer = new WriteAnswer(WriteAnswerKind.Poisoned);
}
