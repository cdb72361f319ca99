namespace Scheduler.Storage.GroupCommit;

/// <summary>The one order in which every group touches rows, so that two groups can never wait for each other's locks.</summary>
internal sealed class CommitOrder : IComparer<CommitRequest>
{
    public static CommitOrder Instance { get; } = new();

    public int Compare(CommitRequest? x, CommitRequest? y)
    {
        var byStatement = ((int)x!.Statement).CompareTo((int)y!.Statement);
        return byStatement != 0 ? byStatement : string.CompareOrdinal(x.Key, y.Key);
    }
}
