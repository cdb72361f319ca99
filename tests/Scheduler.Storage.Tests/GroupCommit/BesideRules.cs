using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.GroupCommit;

/// <summary>Whether a group goes beside another one's commit, where three rows are enough for it.</summary>
public sealed class BesideRules : IAsyncLifetime
{
    private readonly RecordingBackend first = new();
    private readonly RecordingBackend second = new();
    private readonly CommitMetrics metrics = new();
    private GroupCommitter committer = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        first.OpenGate();
        second.OpenGate();
        await committer.DisposeAsync();
        metrics.Dispose();
    }

    [Fact]
    public async Task A_few_rows_wait_for_the_commit_in_flight_and_go_together()
    {
        var (held, free) = await HoldOneAsync(Timeout.InfiniteTimeSpan);
        Task[] few = [WriteAsync("b"), WriteAsync("c")];
        held.OpenGate();
        await Task.WhenAll(few);

        var group = Assert.Single(first.Groups.Concat(second.Groups), static group => group.Length > 1);
        Assert.Equal(["acme/b", "acme/c"], group.Select(static request => request.Key));
        free.OpenGate();
    }

    [Fact]
    public async Task Enough_rows_go_beside_the_commit_in_flight()
    {
        var (held, free) = await HoldOneAsync(Timeout.InfiniteTimeSpan);
        free.OpenGate();
        await Task.WhenAll(WriteAsync("b"), WriteAsync("c"), WriteAsync("d"));

        Assert.Single(free.Groups);
        held.OpenGate();
    }

    [Fact]
    public async Task A_few_rows_do_not_wait_for_ever_for_a_commit_that_does_not_end()
    {
        var (held, free) = await HoldOneAsync(TimeSpan.FromMilliseconds(1));
        free.OpenGate();
        await WriteAsync("b");

        Assert.Equal("acme/b", Assert.Single(Assert.Single(free.Groups)).Key);
        held.OpenGate();
    }

    private async Task WriteAsync(string debtor) => Assert.True((await committer.WriteAsync(Write.Create(debtor))).IsCommitted);

    /// <summary>Puts a write into a commit that does not end before its gate opens; answers its back end and the free one, its gate closed.</summary>
    private async Task<(RecordingBackend Held, RecordingBackend Free)> HoldOneAsync(TimeSpan waitBeside)
    {
        var limits = new GroupLimits { RowsBeside = 3, WaitBeside = waitBeside };
        committer = new GroupCommitter([first, second], limits, new ManualClock(), metrics, TaskScheduler.Default);
        Task[] entered = [first.CloseGate(), second.CloseGate()];
        _ = committer.WriteAsync(Write.Create("a")).AsTask();
        return await Task.WhenAny(entered) == entered[0] ? (first, second) : (second, first);
    }
}
