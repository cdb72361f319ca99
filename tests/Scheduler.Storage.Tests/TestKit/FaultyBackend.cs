using Scheduler.Storage.GroupCommit;

namespace Scheduler.Storage.Tests.TestKit;

/// <summary>A real back end with faults before and after its commits.</summary>
internal sealed class FaultyBackend(IGroupBackend inner) : IGroupBackend
{
    /// <summary>How many of the next commits reach the database but lose their answer.</summary>
    public int LostAnswers { get; set; }

    /// <summary>How many of the next commits find the database gone.</summary>
    public int Refusals { get; set; }

    public async ValueTask CommitAsync(ReadOnlyMemory<CommitRequest> group)
    {
        if (Refusals > 0)
        {
            Refusals--;
            throw new GroupFaultException(GroupFault.Unavailable, "the disk is full");
        }

        await inner.CommitAsync(group);
        if (LostAnswers == 0) return;
        LostAnswers--;
        throw new GroupFaultException(GroupFault.OutcomeUnknown, "the answer is lost");
    }

    public ValueTask ReconnectAsync() => inner.ReconnectAsync();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
