namespace Scheduler.Storage;

/// <summary>The end of what a debtor's older records say: a checkpoint stands for them from here on.</summary>
/// <param name="UpToSeq">The newest of them, whose payload the checkpoint becomes.</param>
/// <param name="Chain">Chain hash of that record, as the checkpoint names it.</param>
/// <param name="Checkpoint">Never empty; at most <see cref="StorageLimits.EventBytes"/>.</param>
public sealed record EventDrop(DebtorKey Key, long UpToSeq, ReadOnlyMemory<byte> Chain, ReadOnlyMemory<byte> Checkpoint);
