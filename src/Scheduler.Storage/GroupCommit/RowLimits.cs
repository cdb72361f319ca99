namespace Scheduler.Storage.GroupCommit;

/// <summary>Refuses at the door what no back end would take.</summary>
internal static class RowLimits
{
    public static bool Admit(DebtorWrite write)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(write.ExpectedVersion);
        if (write.DueAt is not null && write.Lane is null) throw new ArgumentException("A debtor that is due has a lane.", nameof(write));
        if (write.Event is { } decision && decision.Chain.Length != StorageLimits.ChainBytes)
            throw new ArgumentException("An event's chain hash has 32 bytes.", nameof(write));

        return write.State.Length <= Math.Min(write.StateLimit, StorageLimits.StateBytes)
            && (write.Event?.Payload.Length ?? 0) <= StorageLimits.EventBytes
            && write.AddedLinks.Length + write.RemovedLinks.Length <= StorageLimits.LinkCount
            && AdmitKeys(write);
    }

    public static bool Admit(PullRow pull) => pull.Keys.Length <= StorageLimits.PullKeyCount;

    public static bool Admit(SharedWrite write)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(write.ExpectedVersion);
        return write.State.Length <= StorageLimits.SharedBytes;
    }

    private static bool AdmitKeys(DebtorWrite write)
    {
        foreach (var link in write.AddedLinks)
        {
            if (link.Key.Length > StorageLimits.LinkKeyLength) return false;
        }

        return true;
    }
}
