using System.Diagnostics;

namespace Scheduler.Storage.GroupCommit;

/// <summary>Room for one commit in flight: its connection, its group, and what the group touches.</summary>
internal sealed class GroupSlot(IGroupBackend backend, GroupLimits limits, TimeProvider clock, CommitMetrics metrics) : IAsyncDisposable
{
    private readonly GroupSender sender = new(backend, limits, clock, metrics);

    public CommitRequest[] Group { get; } = new CommitRequest[limits.Rows];

    public GroupKeys Keys { get; } = new();

    /// <summary>See <see cref="IGroupBackend.ChecksRowsTogether"/>.</summary>
    public bool ChecksRowsTogether { get; } = backend.ChecksRowsTogether;

    /// <summary>Never fails: whatever happens is told to the group's callers.</summary>
    public Task Sending { get; private set; } = Task.CompletedTask;

    public void Send(int count)
    {
        Array.Sort(Group, 0, count, CommitOrder.Instance);
        Sending = SendAsync(count);
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    private async Task SendAsync(int count)
    {
        var sentAt = Stopwatch.GetTimestamp();
        metrics.GroupSent(Group.AsSpan(0, count), sentAt);
        await sender.SendAsync(Group.AsMemory(0, count));
        metrics.GroupAnswered(sentAt);
        Array.Clear(Group, 0, count);
    }
}
