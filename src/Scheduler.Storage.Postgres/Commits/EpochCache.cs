namespace Scheduler.Storage.Postgres.Commits;

/// <summary>The epochs as last read. A lease that was decided on older ones does not commit, and the group that says so brings the newer ones.</summary>
internal sealed class EpochCache
{
    private readonly Lock gate = new();
    private Epochs current;

    public Epochs Current
    {
        get
        {
            lock (gate) return current;
        }
    }

    /// <summary>Epochs only rise, whatever order the answers come in.</summary>
    public void Learn(Epochs read)
    {
        lock (gate) current = new Epochs(Math.Max(current.Policy, read.Policy), Math.Max(current.Recovery, read.Recovery));
    }
}
