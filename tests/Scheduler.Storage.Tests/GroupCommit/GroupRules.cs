using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.GroupCommit;

public sealed class GroupRules : IAsyncLifetime
{
    private readonly RecordingBackend backend = new();
    private readonly ManualClock clock = new();
    private readonly CommitMetrics metrics = new();
    private GroupCommitter committer = null!;

    private int[] GroupSizes => [.. backend.Groups.Select(group => group.Length)];

    public ValueTask InitializeAsync()
    {
        Use(new GroupLimits());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        backend.OpenGate();
        await committer.DisposeAsync();
        metrics.Dispose();
    }

    [Fact]
    public async Task A_lone_write_commits_at_once()
    {
        var answer = await committer.WriteAsync(Write.Create("a"));

        Assert.Equal(WriteAnswerKind.Committed, answer.Kind);
        Assert.Equal([1], GroupSizes);
    }

    [Fact]
    public async Task A_write_may_leave_room_below_the_limit_for_others()
    {
        var write = Write.Create("a") with { State = new byte[StorageLimits.GrowthBytes + 1] };

        Assert.Equal(WriteAnswerKind.TooLarge, (await committer.WriteAsync(write with { StateLimit = StorageLimits.GrowthBytes })).Kind);
        Assert.Equal(WriteAnswerKind.Committed, (await committer.WriteAsync(write)).Kind);
    }

    [Fact]
    public async Task Writes_that_arrive_during_a_commit_form_the_next_group()
    {
        await HoldAsync();
        var waiting = SendAll("b", "c", "d", "e");
        backend.OpenGate();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 4], GroupSizes);
    }

    [Fact]
    public async Task A_second_write_of_a_key_waits_for_the_next_group()
    {
        await HoldAsync();
        var waiting = SendAll("b", "c", "b", "d", "b");
        backend.OpenGate();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 3, 1, 1], GroupSizes);
    }

    [Fact]
    public async Task A_flood_of_one_key_is_answered_in_its_order()
    {
        Use(new GroupLimits { Rows = 10, Waiting = 50 });
        await HoldAsync();
        var waiting = Enumerable.Range(1, 40).Select(version => committer.WriteAsync(Write.Update("b", version)).AsTask()).ToArray();
        backend.OpenGate();
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(1, 40).Select(version => (long)version), backend.Groups.Skip(1).Select(group => ((DebtorCommit)group[0]).Write.ExpectedVersion));
    }

    [Fact]
    public async Task A_group_is_sorted_creates_then_updates_then_pulls_each_by_key()
    {
        await HoldAsync();
        Task[] waiting =
        [
            committer.AddPullAsync(new PullRow("gateway", "p", "i", 0, [])).AsTask(),
            committer.WriteAsync(Write.Update("z", 1)).AsTask(),
            committer.WriteAsync(Write.Create("y")).AsTask(),
            committer.WriteAsync(Write.Update("c", 1)).AsTask(),
            committer.WriteAsync(Write.Create("B")).AsTask(),
        ];
        backend.OpenGate();
        await Task.WhenAll(waiting);

        Assert.Equal(["acme/B", "acme/y", "acme/c", "acme/z", "gateway//p"], backend.Groups.Last().Select(request => request.Key));
    }

    [Fact]
    public async Task A_group_ends_at_its_row_limit()
    {
        Use(new GroupLimits { Rows = 3 });
        await HoldAsync();
        var waiting = SendAll("b", "c", "d", "e", "f", "g", "h");
        backend.OpenGate();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 3, 3, 1], GroupSizes);
    }

    [Fact]
    public async Task A_group_ends_at_its_byte_limit_but_holds_at_least_one_row()
    {
        Use(new GroupLimits { Bytes = 2_500 });
        await HoldAsync();
        int[] sizes = [1_000, 1_000, 8_000, 1_000];
        var waiting = sizes.Select((size, i) => committer.WriteAsync(Write.Create($"b{i}") with { State = new byte[size] }).AsTask()).ToArray();
        backend.OpenGate();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 2, 1, 1], GroupSizes);
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_stands_alone_and_the_others_commit()
    {
        backend.PoisonKeys.Add("acme/d");
        await HoldAsync();
        var waiting = SendAll("b", "c", "d", "e", "f");
        backend.OpenGate();
        var answers = await Task.WhenAll(waiting);

        Assert.Equal(WriteAnswerKind.Poisoned, answers[2].Kind);
        Assert.All(answers.Where((_, i) => i != 2), answer => Assert.Equal(WriteAnswerKind.Committed, answer.Kind));
    }

    [Fact]
    public async Task A_lost_answer_sends_the_same_group_again_on_a_new_connection()
    {
        backend.Faults.Enqueue(new GroupFaultException(GroupFault.OutcomeUnknown, "connection lost"));
        var answer = await committer.WriteAsync(Write.Create("a"));

        Assert.Equal(WriteAnswerKind.Committed, answer.Kind);
        Assert.Equal([1, 1], GroupSizes);
        Assert.Equal(1, backend.Reconnects);
    }

    [Fact]
    public async Task A_failure_that_nobody_expected_is_followed_by_a_new_connection()
    {
        backend.Faults.Enqueue(new InvalidOperationException("test"));
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => committer.WriteAsync(Write.Create("a")).AsTask());

        Assert.True((await committer.WriteAsync(Write.Create("b"))).IsCommitted);
        Assert.Equal(1, backend.Reconnects);
    }

    [Fact]
    public async Task A_deadlock_is_sent_again_on_the_same_connection()
    {
        backend.Faults.Enqueue(new GroupFaultException(GroupFault.Transient, "deadlock"));
        var answer = await committer.WriteAsync(Write.Create("a"));

        Assert.Equal(WriteAnswerKind.Committed, answer.Kind);
        Assert.Equal(0, backend.Reconnects);
    }

    [Fact]
    public async Task A_full_disk_tells_the_callers_that_nothing_was_applied()
    {
        backend.Faults.Enqueue(new GroupFaultException(GroupFault.Unavailable, "disk full"));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => committer.WriteAsync(Write.Create("a")).AsTask());

        Assert.True((await committer.WriteAsync(Write.Create("a"))).IsCommitted);
    }

    [Fact]
    public async Task After_a_lost_answer_nothing_is_called_not_applied()
    {
        backend.Faults.Enqueue(new GroupFaultException(GroupFault.OutcomeUnknown, "connection lost"));
        for (var i = 1; i < new GroupLimits().Sends; i++) backend.Faults.Enqueue(new GroupFaultException(GroupFault.Unavailable, "no server"));

        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => committer.WriteAsync(Write.Create("a")).AsTask());
    }

    [Fact]
    public async Task A_back_end_with_a_bug_does_not_stop_the_loop()
    {
        backend.Faults.Enqueue(new InvalidCastException("bug"));
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => committer.WriteAsync(Write.Create("a")).AsTask());

        Assert.True((await committer.WriteAsync(Write.Create("b"))).IsCommitted);
    }

    [Fact]
    public async Task A_deadline_that_passes_while_waiting_refuses_the_write_unsent()
    {
        await HoldAsync();
        var late = committer.WriteAsync(Write.Create("b") with { Deadline = clock.Now.AddSeconds(1) });
        var inTime = committer.WriteAsync(Write.Create("c") with { Deadline = clock.Now.AddSeconds(3) });
        clock.Now = clock.Now.AddSeconds(2);
        backend.OpenGate();

        Assert.Equal(WriteAnswerKind.DeadlinePassed, (await late).Kind);
        Assert.Equal(WriteAnswerKind.Committed, (await inTime).Kind);
        Assert.DoesNotContain(backend.Groups.SelectMany(group => group), request => request.Key == "acme/b");
    }

    [Fact]
    public async Task A_row_over_the_limit_never_reaches_the_queue()
    {
        var create = Write.Create("a");
        DebtorWrite[] tooLarge =
        [
            create with { State = new byte[StorageLimits.StateBytes + 1] },
            create with { Event = create.Event! with { Payload = new byte[StorageLimits.EventBytes + 1] } },
            create with { AddedLinks = [new DebtorLink(LinkKind.Account, new string('x', StorageLimits.LinkKeyLength + 1))] },
            create with { AddedLinks = [.. Enumerable.Range(0, StorageLimits.LinkCount + 1).Select(i => new DebtorLink(LinkKind.Account, $"{i}"))] },
        ];
        foreach (var write in tooLarge) Assert.Equal(WriteAnswerKind.TooLarge, (await committer.WriteAsync(write)).Kind);

        Assert.Empty(backend.Groups);
        Assert.True((await committer.WriteAsync(create with { State = new byte[StorageLimits.StateBytes] })).IsCommitted);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_at_the_door()
    {
        Use(new GroupLimits { Waiting = 2 });
        await HoldAsync();
        var queued = SendAll("b", "c");
        using var cancellation = new CancellationTokenSource();
        var leaves = committer.WriteAsync(Write.Create("d"), cancellation.Token).AsTask();
        var stays = committer.WriteAsync(Write.Create("e")).AsTask();

        // Only who stands at the door can leave: a queued write runs to its answer.
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);

        backend.OpenGate();
        await Task.WhenAll(queued);
        Assert.True((await stays).IsCommitted);
    }

    [Fact]
    public async Task Closing_finishes_the_writes_that_wait_and_refuses_new_ones()
    {
        await HoldAsync();
        var waiting = SendAll("b", "c", "b");
        var closing = committer.DisposeAsync();
        backend.OpenGate();
        await closing;

        Assert.All(await Task.WhenAll(waiting), answer => Assert.True(answer.IsCommitted));
        Assert.True(backend.IsClosed);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => committer.WriteAsync(Write.Create("d")).AsTask());
    }

    private void Use(GroupLimits limits) =>
        committer = new GroupCommitter(backend, limits with { FirstPause = TimeSpan.Zero }, clock, metrics, TaskScheduler.Default);

    /// <summary>Puts one write into a commit that does not end before the gate opens.</summary>
    private async Task HoldAsync()
    {
        var entered = backend.CloseGate();
        _ = committer.WriteAsync(Write.Create("a")).AsTask();
        await entered;
    }

    private Task<WriteAnswer>[] SendAll(params string[] debtors) =>
        [.. debtors.Select(debtor => committer.WriteAsync(Write.Create(debtor)).AsTask())];
}
