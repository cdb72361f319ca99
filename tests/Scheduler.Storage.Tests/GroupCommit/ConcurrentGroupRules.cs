using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.GroupCommit;

/// <summary>Two commits in flight.</summary>
public sealed class ConcurrentGroupRules : IAsyncLifetime
{
    private readonly RecordingBackend first = new() { ChecksRowsTogether = true };
    private readonly RecordingBackend second = new() { ChecksRowsTogether = true };
    private readonly CommitMetrics metrics = new();
    private GroupCommitter committer = null!;

    private IEnumerable<string[]> Groups => first.Groups.Concat(second.Groups).Select(static group => group.Select(static request => request.Key).ToArray());

    public ValueTask InitializeAsync()
    {
        committer = new GroupCommitter([first, second], new GroupLimits { FirstPause = TimeSpan.Zero }, new ManualClock(), metrics, TaskScheduler.Default);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        first.OpenGate();
        second.OpenGate();
        await committer.DisposeAsync();
        metrics.Dispose();
    }

    [Fact]
    public async Task A_write_is_sent_while_another_groups_commit_is_in_flight()
    {
        var (held, free) = await HoldOneAsync(Write.Create("a"));
        Assert.True((await committer.WriteAsync(Write.Create("b"))).IsCommitted);

        Assert.Equal("acme/b", Assert.Single(Assert.Single(free.Groups)).Key);
        held.OpenGate();
    }

    [Fact]
    public async Task A_key_in_flight_is_in_no_other_group_and_keeps_nobody_else_waiting()
    {
        var (held, free) = await HoldOneAsync(Write.Create("a"));
        var again = committer.WriteAsync(Write.Update("a", 1)).AsTask();
        Assert.True((await committer.WriteAsync(Write.Create("b"))).IsCommitted);
        Assert.DoesNotContain(free.Groups.SelectMany(static group => group), static request => request.Key == "acme/a");

        held.OpenGate();
        Assert.True((await again).IsCommitted);
    }

    [Fact]
    public async Task What_comes_later_for_a_key_does_not_overtake_what_waits()
    {
        var (held, _) = await HoldOneAsync(Write.Create("a"));
        var waiting = Enumerable.Range(1, 30).Select(version => committer.WriteAsync(Write.Update("a", version)).AsTask()).ToArray();
        held.OpenGate();
        await Task.WhenAll(waiting);

        var sent = first.Groups.Concat(second.Groups).SelectMany(static group => group).Cast<DebtorCommit>().Select(static commit => commit.Write.ExpectedVersion);
        Assert.Equal(Enumerable.Range(0, 31).Select(static version => (long)version), sent.Order());
        Assert.All(Groups, static group => Assert.Single(group));
    }

    [Fact]
    public async Task Who_wants_a_link_alone_waits_while_somebody_elses_write_of_it_is_in_flight()
    {
        var loan = new DebtorLink(LinkKind.Account, "loan-1");
        var (held, free) = await HoldOneAsync(Write.Create("a") with { AddedLinks = [loan], SoleLinks = [loan] });
        var alone = committer.WriteAsync(Write.Create("b") with { AddedLinks = [loan], SoleLinks = [loan] }).AsTask();
        var beside = committer.WriteAsync(Write.Create("c") with { AddedLinks = [loan] });
        Assert.True((await beside).IsCommitted);
        Assert.DoesNotContain(free.Groups.SelectMany(static group => group), static request => request.Key == "acme/b");

        held.OpenGate();
        Assert.True((await alone).IsCommitted);
    }

    [Fact]
    public async Task Who_wants_a_link_alone_is_not_in_one_group_with_who_adds_it()
    {
        var loan = new DebtorLink(LinkKind.Account, "loan-1");
        _ = first.CloseGate();
        _ = second.CloseGate();
        var writes = new[] { "x", "y", "a", "b" }.Select(debtor => committer.WriteAsync(Write.Create(debtor) with { AddedLinks = [loan], SoleLinks = [loan] }).AsTask()).ToArray();
        first.OpenGate();
        second.OpenGate();
        await Task.WhenAll(writes);

        Assert.All(Groups, static group => Assert.Single(group));
    }

    [Fact]
    public async Task A_lost_answer_of_one_commit_does_not_hold_up_the_other()
    {
        var (held, free) = await HoldOneAsync(Write.Create("a"));
        held.Faults.Enqueue(new GroupFaultException(GroupFault.OutcomeUnknown, "connection lost"));
        Assert.True((await committer.WriteAsync(Write.Create("b"))).IsCommitted);
        held.OpenGate();
        while (held.Reconnects == 0) await Task.Yield();

        Assert.Equal(0, free.Reconnects);
    }

    [Fact]
    public async Task Closing_finishes_both_commits()
    {
        var (held, free) = await HoldOneAsync(Write.Create("a"));
        var waiting = committer.WriteAsync(Write.Update("a", 1)).AsTask();
        var closing = committer.DisposeAsync();
        held.OpenGate();
        await closing;

        Assert.True((await waiting).IsCommitted);
        Assert.True(held.IsClosed && free.IsClosed);
    }

    /// <summary>Puts a write into a commit that does not end before its gate opens; answers its back end and the free one.</summary>
    private async Task<(RecordingBackend Held, RecordingBackend Free)> HoldOneAsync(DebtorWrite write)
    {
        Task[] entered = [first.CloseGate(), second.CloseGate()];
        _ = committer.WriteAsync(write).AsTask();
        var isFirst = await Task.WhenAny(entered) == entered[0];
        var (held, free) = isFirst ? (first, second) : (second, first);
        free.OpenGate();
        return (held, free);
    }
}
