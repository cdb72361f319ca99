using Scheduler.Storage.GroupCommit;

namespace Scheduler.Storage.Tests.TestKit;

/// <summary>Faults to come, for all commits of a store together.</summary>
internal sealed class BackendFaults
{
    private int lostAnswers;
    private int refusals;

    /// <summary>How many of the next commits reach the database but lose their answer.</summary>
    public int LostAnswers
    {
        get => Volatile.Read(ref lostAnswers);
        set => Volatile.Write(ref lostAnswers, value);
    }

    /// <summary>How many of the next commits find the database gone.</summary>
    public int Refusals
    {
        get => Volatile.Read(ref refusals);
        set => Volatile.Write(ref refusals, value);
    }

    public bool TakeLostAnswer() => Take(ref lostAnswers);

    public bool TakeRefusal() => Take(ref refusals);

    private static bool Take(ref int left)
    {
        for (var seen = Volatile.Read(ref left); seen > 0; seen = Volatile.Read(ref left))
        {
            if (Interlocked.CompareExchange(ref left, seen - 1, seen) == seen) return true;
        }

        return false;
    }
}

/// <summary>A real back end with faults before and after its commits.</summary>
internal sealed class FaultyBackend(IGroupBackend inner, BackendFaults faults) : IGroupBackend
{
    public bool ChecksRowsTogether => inner.ChecksRowsTogether;

    public async ValueTask CommitAsync(ReadOnlyMemory<CommitRequest> group)
    {
        if (faults.TakeRefusal()) throw new GroupFaultException(GroupFault.Unavailable, "the disk is full");
        await inner.CommitAsync(group);
        if (faults.TakeLostAnswer()) throw new GroupFaultException(GroupFault.OutcomeUnknown, "the answer is lost");
    }

    public ValueTask ReconnectAsync() => inner.ReconnectAsync();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
