using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <summary>What a failure of storage or of the way to a debtor means to the one item that met it; the other items of its batch have their own answers.</summary>
public static class StorageFaults
{
    public static readonly Fault NotTried = new("STORAGE_UNAVAILABLE", "An earlier entry of this debtor could not be recorded; nothing of this one was.");

    internal static readonly Fault Contended = new("STORAGE_UNAVAILABLE", "Too many debtors of one account came in at once; nothing was recorded.");

    private static readonly Fault Unavailable = new("STORAGE_UNAVAILABLE", "Storage could not be reached; nothing was recorded.");

    private static readonly Fault Unknown = new("OUTCOME_UNKNOWN", "It is not known whether this was recorded; repeat it as it was.");

    private static readonly Fault Unreadable = new("DEBTOR_UNREADABLE", "The debtor's stored state cannot be read; an operator must look at it.");

    private static readonly Fault Unreached = new("STORAGE_UNAVAILABLE", "The debtor could not be reached; repeat this as it was.");

    private static readonly Fault Poisoned = new("ROW_REFUSED", "The database refuses these values; repeating them does not help.");

    /// <summary>Null where the failure is not the item's.</summary>
    public static Fault? Of(Exception failure) => failure switch
    {
        StorageUnavailableException => Unavailable,
        StorageOutcomeUnknownException or TimeoutException => Unknown,
        RowRefusedException { Kind: WriteAnswerKind.TooLarge } => Answers.TooLarge,
        RowRefusedException { Kind: WriteAnswerKind.Poisoned } => Poisoned,
        LeasingClosedException closed => closed.Fault,
        DebtorUnreadableException => Unreadable,
        OrleansException => Unreached,
        _ => null,
    };

    /// <summary>Whether what comes after it in the same debtor's order must not be applied before it.</summary>
    internal static bool MustComeFirst(Exception failure) => failure is not RowRefusedException;
}
