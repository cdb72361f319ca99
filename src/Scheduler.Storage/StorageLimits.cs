namespace Scheduler.Storage;

/// <summary>Limits on one row. What exceeds them is answered TooLarge and never queued.</summary>
public static class StorageLimits
{
    /// <summary>Rows past this halve the commit rate; histories in the state are bounded and the rest is in the log.</summary>
    public const int StateBytes = 8 * 1024;

    /// <summary>
    /// What makes a debtor grow by somebody's wish (entries, history, leases) ends here: the rest is kept for what must never be refused,
    /// withdrawals, payments and what became of a contact.
    /// </summary>
    public const int GrowthBytes = 6 * 1024;

    public const int EventBytes = 64 * 1024;

    public const int ChainBytes = 32;

    /// <summary>Links added and removed by one write: an enqueue of a whole request to one debtor fits.</summary>
    public const int LinkCount = 1_024;

    /// <summary>Characters of a link's key; providers' ids are opaque and long.</summary>
    public const int LinkKeyLength = 256;

    /// <summary>What all parties of a shared counter add together.</summary>
    public const int SharedBytes = 128 * 1024;

    public const int PullKeyCount = 1_000;
}
