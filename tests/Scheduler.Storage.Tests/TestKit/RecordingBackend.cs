using System.Collections.Concurrent;
using Scheduler.Storage.GroupCommit;

namespace Scheduler.Storage.Tests.TestKit;

/// <summary>Keeps every group it is sent and answers as told; a closed gate holds a commit until the test opens it.</summary>
internal sealed class RecordingBackend : IGroupBackend
{
    private TaskCompletionSource gate = Opened();
    private TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<CommitRequest[]> Groups { get; } = [];

    /// <summary>Thrown by the commits to come, in turn; null lets one through.</summary>
    public Queue<Exception?> Faults { get; } = new();

    /// <summary>Keys that the database refuses.</summary>
    public HashSet<string> PoisonKeys { get; } = [];

    public int Reconnects { get; private set; }

    public bool ChecksRowsTogether { get; init; }

    public bool IsClosed { get; private set; }

    /// <summary>Holds the next commit; the task ends when a group has arrived there.</summary>
    public Task CloseGate()
    {
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return entered.Task;
    }

    public void OpenGate() => gate.TrySetResult();

    public async ValueTask CommitAsync(ReadOnlyMemory<CommitRequest> group)
    {
        Groups.Enqueue(group.ToArray());
        entered.TrySetResult();
        await gate.Task;
        if (Faults.TryDequeue(out var fault) && fault is not null) throw fault;
        foreach (var request in group.ToArray())
        {
            if (PoisonKeys.Contains(request.Key)) throw new GroupFaultException(GroupFault.Data, "constraint failed");
        }

        foreach (var request in group.ToArray()) Answer(request);
    }

    public ValueTask ReconnectAsync()
    {
        Reconnects++;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }

    private static void Answer(CommitRequest request)
    {
        if (request is DebtorCommit debtor) debtor.Answer = new WriteAnswer(WriteAnswerKind.Committed, debtor.Write.ExpectedVersion + 1);
        else ((PullCommit)request).Answer = PullAnswer.Added;
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
