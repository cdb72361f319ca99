using System.Text;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task A_create_is_read_back_whole()
    {
        var write = Write.Create("a") with { Lane = 3, DueAt = 5_000 };
        var answer = await CommitAsync(write);
        var row = await Store.Debtors.ReadAsync(write.Key);

        Assert.NotNull(row);
        Assert.Equal((1, answer.EventSeq), (answer.Version, row.LastEventSeq));
        Assert.Equal((write.Key, 1, write.WriteId, 1, 3, 5_000), (row.Key, row.Version, row.WriteId, row.Phase, row.Lane!.Value, row.DueAt!.Value));
        Assert.Equal("state 1", Encoding.UTF8.GetString(row.State.Span));
    }

    [Fact]
    public async Task A_debtor_without_a_row_is_null() => Assert.Null(await Store.Debtors.ReadAsync(Write.Key("nobody")));

    [Fact]
    public async Task An_empty_state_is_kept_as_empty()
    {
        await CommitAsync(Write.Create("a") with { State = default, Event = null });

        var row = await Store.Debtors.ReadAsync(Write.Key("a"));
        Assert.Equal((0, 0), (row!.State.Length, row.LastEventSeq));
    }

    [Fact]
    public async Task A_create_that_meets_a_row_leaves_it_and_says_its_version()
    {
        await CommitAsync(Write.Create("a"));
        await CommitAsync(Write.Update("a", 1));
        var answer = await Store.Debtors.WriteAsync(Write.Create("a"));

        Assert.Equal(new WriteAnswer(WriteAnswerKind.AlreadyExists, 2), answer);
        Assert.Equal("state 2", Encoding.UTF8.GetString((await Store.Debtors.ReadAsync(Write.Key("a")))!.State.Span));
    }

    [Fact]
    public async Task An_update_of_another_version_is_a_conflict_and_writes_no_event()
    {
        await CommitAsync(Write.Create("a"));
        var answer = await Store.Debtors.WriteAsync(Write.Update("a", 7));

        Assert.Equal(new WriteAnswer(WriteAnswerKind.Conflict, 1), answer);
        Assert.Single(await Store.Events.ReadEventsAsync(0, 10));
    }

    [Fact]
    public async Task A_zombies_write_of_an_absent_debtor_does_not_create_it()
    {
        var answer = await Store.Debtors.WriteAsync(Write.Update("ghost", 4));

        Assert.Equal(new WriteAnswer(WriteAnswerKind.Conflict), answer);
        Assert.Null(await Store.Debtors.ReadAsync(Write.Key("ghost")));
    }

    [Fact]
    public async Task An_erased_debtor_is_brought_back_neither_by_a_zombie_nor_by_a_create()
    {
        await CommitAsync(Write.Create("a"));
        var tombstone = await CommitAsync(Write.Update("a", 1) with { State = default, Event = null });

        Assert.Equal(WriteAnswerKind.Conflict, (await Store.Debtors.WriteAsync(Write.Update("a", 1))).Kind);
        Assert.Equal(WriteAnswerKind.AlreadyExists, (await Store.Debtors.WriteAsync(Write.Create("a"))).Kind);
        Assert.Equal(tombstone.Version, (await Store.Debtors.ReadAsync(Write.Key("a")))!.Version);
    }

    [Fact]
    public async Task The_same_write_sent_twice_is_applied_once_and_answered_the_same()
    {
        var create = Write.Create("a");
        var first = await CommitAsync(create);
        Assert.Equal(first, await Store.Debtors.WriteAsync(create));

        var update = Write.Update("a", 1, first.EventSeq);
        var second = await CommitAsync(update);
        Assert.Equal(second, await Store.Debtors.WriteAsync(update));
        Assert.Equal(2, (await Store.Events.ReadEventsAsync(0, 10)).Count);
        Assert.Equal(1, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
    }

    [Fact]
    public async Task A_lost_answer_is_found_out_by_the_write_id_and_nothing_is_applied_twice()
    {
        Faults.LostAnswers = 2;
        var create = await CommitAsync(Write.Create("a"));
        Faults.LostAnswers = 1;
        var update = await CommitAsync(Write.Update("a", 1, create.EventSeq));
        Faults.LostAnswers = 1;
        var pull = await Store.Pulls.AddPullAsync(new PullRow("gateway", "p", "i", 1, [Write.Key("a")]));

        Assert.Equal(PullAnswer.Added, pull);
        Assert.Equal(2, update.Version);
        var events = await Store.Events.ReadEventsAsync(0, 10);
        Assert.Equal([create.EventSeq, update.EventSeq], events.Select(row => row.Seq));
        Assert.Equal(1, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
    }

    [Fact]
    public async Task A_lost_answer_of_a_lease_is_Committed_although_the_epoch_has_moved_since()
    {
        var write = Write.Create("a") with { RequiredEpochs = await Store.Epochs.ReadEpochsAsync() };
        var first = await CommitAsync(write);
        await Store.Epochs.AdvanceEpochAsync(EpochKind.Policy);

        Assert.Equal(first, await Store.Debtors.WriteAsync(write));
    }

    [Fact]
    public async Task A_lost_answer_that_stays_lost_is_reported_as_unknown()
    {
        Faults.LostAnswers = 100;
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => Store.Debtors.WriteAsync(Write.Create("a")).AsTask());
        Faults.LostAnswers = 0;

        Assert.NotNull(await Store.Debtors.ReadAsync(Write.Key("a")));
    }

    [Fact]
    public async Task A_full_disk_applies_nothing_and_the_next_write_goes_through()
    {
        Faults.Refusals = 1;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.Debtors.WriteAsync(Write.Create("a")).AsTask());

        Assert.Null(await Store.Debtors.ReadAsync(Write.Key("a")));
        await CommitAsync(Write.Create("a"));
    }

    [Fact]
    public async Task A_NUL_byte_in_the_middle_of_a_group_poisons_its_own_row_alone()
    {
        var writes = Enumerable.Range(0, 200).Select(i => Write.Create($"d{i}")).ToArray();
        writes[97] = writes[97] with { AddedLinks = [new DebtorLink(LinkKind.ProviderContact, "SM\0123")] };
        writes[150] = writes[150] with { Key = new DebtorKey("acme", "a\0b") };
        var answers = await Task.WhenAll(writes.Select(write => Store.Debtors.WriteAsync(write).AsTask()));

        Assert.Equal([97, 150], answers.Index().Where(each => each.Item.Kind == WriteAnswerKind.Poisoned).Select(each => each.Index));
        Assert.Equal(198, answers.Count(answer => answer.IsCommitted));
        Assert.Equal(198, (await Store.Events.ReadEventsAsync(0, 1_000)).Count);
        Assert.Null(await Store.Debtors.ReadAsync(Write.Key("d97")));
        Assert.Equal(198, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
    }

    [Fact]
    public async Task A_lease_commits_only_while_both_epochs_are_current()
    {
        var current = await Store.Epochs.ReadEpochsAsync();
        await CommitAsync(Write.Create("a") with { RequiredEpochs = current });
        var advanced = await Store.Epochs.AdvanceEpochAsync(EpochKind.Recovery);
        var stale = await Store.Debtors.WriteAsync(Write.Update("a", 1) with { RequiredEpochs = current });

        Assert.Equal(WriteAnswerKind.EpochChanged, stale.Kind);
        Assert.Equal((current.Policy, current.Recovery + 1), (advanced.Policy, advanced.Recovery));
        await CommitAsync(Write.Update("a", 1) with { RequiredEpochs = advanced });
        await ReopenAsync();
        Assert.Equal(advanced, await Store.Epochs.ReadEpochsAsync());
    }

    [Fact]
    public async Task Concurrent_writes_of_one_version_have_one_winner()
    {
        await CommitAsync(Write.Create("a"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Store.Debtors.WriteAsync(Write.Update("a", 1)).AsTask()));

        Assert.Single(answers, answer => answer.IsCommitted);
        Assert.Equal(49, answers.Count(answer => answer == new WriteAnswer(WriteAnswerKind.Conflict, 2)));
    }

    [Fact]
    public async Task Writers_in_opposite_orders_all_finish()
    {
        var debtors = Enumerable.Range(0, 300).Select(i => $"d{i}").ToArray();
        foreach (var debtor in debtors) _ = CommitAsync(Write.Create(debtor));
        var forward = Task.Run(() => Task.WhenAll(debtors.Select(debtor => CommitAsync(Write.Update(debtor, 1)))));
        await forward;
        var backward = debtors.Reverse().Select(debtor => Store.Debtors.WriteAsync(Write.Update(debtor, 2)).AsTask());
        var again = debtors.Select(debtor => Store.Debtors.WriteAsync(Write.Update(debtor, 2)).AsTask());
        var answers = await Task.WhenAll(backward.Concat(again));

        Assert.Equal(300, answers.Count(answer => answer.IsCommitted));
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_crash()
    {
        var writes = Enumerable.Range(0, 500).Select(i => Write.Create($"d{i}") with { Lane = 1, DueAt = i }).ToArray();
        await Task.WhenAll(writes.Select(CommitAsync));
        await using var recovered = await OpenAfterCrashAsync();

        foreach (var write in writes)
            Assert.Equal(write.WriteId, (await recovered.Debtors.ReadAsync(write.Key))!.WriteId);
        Assert.Equal(500, (await recovered.Events.ReadEventsAsync(0, 1_000)).Count);
        Assert.Equal(500, (await recovered.Debtors.ReadTallyAsync()).AccountsIn);
    }

    [Fact]
    public async Task Closing_finishes_the_writes_that_wait()
    {
        var waiting = Enumerable.Range(0, 2_000).Select(i => Store.Debtors.WriteAsync(Write.Create($"d{i}")).AsTask()).ToArray();
        await ReopenAsync();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.True(answer.IsCommitted));
        Assert.Equal(2_000, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
    }
}
