using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

/// <content>Rules of groups, as a caller sees them.</content>
public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task A_key_written_again_without_waiting_commits_each_time_in_its_order()
    {
        var writes = Enumerable.Range(0, 40).Select(version => version == 0 ? Write.Create("a") : Write.Update("a", version)).ToArray();
        var answers = await Task.WhenAll(writes.Select(write => Store.Debtors.WriteAsync(write).AsTask()));

        Assert.Equal(Enumerable.Range(1, 40).Select(version => (WriteAnswerKind.Committed, (long)version)), answers.Select(answer => (answer.Kind, answer.Version)));
        Assert.Equal(writes[^1].WriteId, (await Store.Debtors.ReadAsync(Write.Key("a")))!.WriteId);
    }

    [Fact]
    public async Task A_write_whose_deadline_has_passed_is_not_applied()
    {
        var late = Write.Create("a") with { Deadline = Clock.Now.AddMilliseconds(-1) };
        var inTime = Write.Create("b") with { Deadline = Clock.Now.AddSeconds(1) };

        Assert.Equal(new WriteAnswer(WriteAnswerKind.DeadlinePassed), await Store.Debtors.WriteAsync(late));
        Assert.True((await Store.Debtors.WriteAsync(inTime)).IsCommitted);
        Assert.Null(await Store.Debtors.ReadAsync(late.Key));
    }

    [Fact]
    public async Task A_row_at_the_limit_is_written_and_one_over_it_harms_no_other()
    {
        var atLimit = Write.Create("a") with { State = new byte[StorageLimits.StateBytes], Event = Write.Event(new string('e', StorageLimits.EventBytes)) };
        var over = Write.Create("b") with { State = new byte[StorageLimits.StateBytes + 1] };
        var answers = await Task.WhenAll(
            new[] { over, atLimit, Write.Create("c") }.Select(write => Store.Debtors.WriteAsync(write).AsTask()));

        Assert.Equal([WriteAnswerKind.TooLarge, WriteAnswerKind.Committed, WriteAnswerKind.Committed], answers.Select(answer => answer.Kind));
        Assert.Equal(StorageLimits.StateBytes, (await Store.Debtors.ReadAsync(atLimit.Key))!.State.Length);
        Assert.Null(await Store.Debtors.ReadAsync(over.Key));
    }

    [Fact]
    public async Task Text_that_is_no_Unicode_harms_no_other_row()
    {
        var broken = Write.Create("a") with { AddedLinks = [new DebtorLink(LinkKind.ProviderContact, "SM\ud800")] };
        var answers = await Task.WhenAll(new[] { broken, Write.Create("b") }.Select(write => Store.Debtors.WriteAsync(write).AsTask()));

        Assert.True(answers[1].IsCommitted);
        Assert.True(answers[0].Kind is WriteAnswerKind.Poisoned or WriteAnswerKind.Committed, answers[0].ToString());
    }
}
