using System.Text;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task Versions_are_answered_in_the_order_asked()
    {
        await CommitAsync(Write.Create("a"));
        await CommitAsync(Write.Create("b"));
        await CommitAsync(Write.Update("b", 1));
        var rows = await Store.Debtors.ReadVersionsAsync([Write.Key("b"), Write.Key("nobody"), Write.Key("a")]);

        Assert.Equal([2, 0, 1], rows.Select(row => row.Version));
    }

    [Fact]
    public async Task A_tenants_debtors_are_listed_page_by_page_and_nobody_elses()
    {
        await CommitAsync(Write.Create("b"));
        await CommitAsync(Write.Create("a"));
        await CommitAsync(Write.Create("c/with a slash"));
        var first = await Store.Debtors.ListDebtorsAsync(Write.Key("a").Tenant, null, 2);
        var rest = await Store.Debtors.ListDebtorsAsync(Write.Key("a").Tenant, first[^1].Key, 2);

        Assert.Equal(["a", "b", "c/with a slash"], first.Concat(rest).Select(row => row.Key.Debtor));
        var alone = await Store.Debtors.ReadAsync(Write.Key("a"));
        Assert.Equal(alone!.State.ToArray(), first[0].State.ToArray());
        Assert.Equal(alone, first[0] with { State = alone.State });
        Assert.Empty(await Store.Debtors.ListDebtorsAsync("nobody", null, 2));
    }

    [Fact]
    public async Task Many_reads_at_once_each_get_their_own_row()
    {
        await Task.WhenAll(Enumerable.Range(0, 700).Select(i => CommitAsync(Write.Create($"d{i}"))));
        var rows = await Task.WhenAll(Enumerable.Range(0, 1_400).Select(i => Store.Debtors.ReadAsync(Write.Key($"d{i}")).AsTask()));

        Assert.All(rows.Take(700).Index(), each => Assert.Equal(Write.Key($"d{each.Index}"), each.Item!.Key));
        Assert.All(rows.Skip(700), Assert.Null);
    }

    [Fact]
    public async Task A_timeline_walks_back_through_its_debtors_own_events()
    {
        var first = await CommitAsync(Write.Create("a"));
        await CommitAsync(Write.Create("b"));
        var second = await CommitAsync(Write.Update("a", 1, first.EventSeq));
        var unchanged = await CommitAsync(Write.Update("a", 2, second.EventSeq) with { Event = null });
        var third = await CommitAsync(Write.Update("a", 3, unchanged.EventSeq));

        var all = await Store.Events.ReadEventsBackAsync(Write.Key("a"), null, 10);
        Assert.Equal(["event 4", "event 2", "event 1"], all.Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
        Assert.Equal([4, 2, 1], all.Select(row => row.Version));
        Assert.Equal(third.EventSeq, all[0].Seq);
        Assert.Equal(32, all[0].Chain.Length);
        Assert.Equal([second.EventSeq], (await Store.Events.ReadEventsBackAsync(Write.Key("a"), second.EventSeq, 1)).Select(row => row.Seq));
        Assert.Empty(await Store.Events.ReadEventsBackAsync(Write.Key("b"), third.EventSeq, 10));
    }

    [Fact]
    public async Task The_log_is_read_in_sequence_and_goes_on_where_it_ended()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => CommitAsync(Write.Create($"d{i}"))));
        var head = await Store.Events.ReadEventsAsync(0, 60);
        var tail = await Store.Events.ReadEventsAsync(head[^1].Seq, 60);

        Assert.Equal((60, 40), (head.Count, tail.Count));
        Assert.Equal(head.Concat(tail).Select(row => row.Seq).Order(), head.Concat(tail).Select(row => row.Seq));
        Assert.Equal(100, head.Concat(tail).Select(row => row.Key).Distinct().Count());
    }

    [Fact]
    public async Task Event_numbers_go_on_after_reopening()
    {
        var before = await CommitAsync(Write.Create("a"));
        await ReopenAsync();

        Assert.True((await CommitAsync(Write.Create("b"))).EventSeq > before.EventSeq);
    }

    [Fact]
    public async Task Links_find_their_debtors_and_are_added_and_removed_with_the_row()
    {
        var account = new DebtorLink(LinkKind.Account, "loan-1");
        var receipt = new DebtorLink(LinkKind.ProviderContact, "SM0001");
        await CommitAsync(Write.Create("a") with { AddedLinks = [account, receipt, account] });
        await CommitAsync(Write.Create("b") with { AddedLinks = [account] });
        await Store.Debtors.WriteAsync(Write.Update("c", 1) with { AddedLinks = [account] });
        Assert.Equal([Write.Key("a"), Write.Key("b")], await Store.Debtors.FindLinksAsync("acme", LinkKind.Account, "loan-1"));

        await CommitAsync(Write.Update("a", 1) with { AddedLinks = [account], RemovedLinks = [receipt] });
        Assert.Empty(await Store.Debtors.FindLinksAsync("acme", LinkKind.ProviderContact, "SM0001"));
        Assert.Empty(await Store.Debtors.FindLinksAsync("other", LinkKind.Account, "loan-1"));
    }

    [Fact]
    public async Task Tallies_move_with_the_rows_and_conserve_accounts()
    {
        var waiting = new DebtorTally(Phase: 1, AccountsIn: 2, Waiting: 2, Leased: 0, Refused: 0, Finished: 0);
        var leased = new DebtorTally(Phase: 2, AccountsIn: 2, Waiting: 1, Leased: 1, Refused: 0, Finished: 0);
        await CommitAsync(Write.Create("a") with { Tally = waiting });
        await CommitAsync(Write.Create("b") with { Tally = waiting });
        await CommitAsync(Write.Update("a", 1) with { TallyBefore = waiting, Tally = leased });
        await Store.Debtors.WriteAsync(Write.Update("b", 9) with { TallyBefore = waiting, Tally = leased });

        var tally = await Store.Debtors.ReadTallyAsync("acme");
        Assert.Equal((4, 3, 1, 0, 0), (tally.AccountsIn, tally.Waiting, tally.Leased, tally.Refused, tally.Finished));
        Assert.Equal([new(1, 1), new(2, 1)], tally.Debtors);
        Assert.True(tally.IsConserved);
        Assert.Equal(0, (await Store.Debtors.ReadTallyAsync("other")).AccountsIn);
        Assert.Equal(4, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
    }

    [Fact]
    public async Task The_first_pull_of_an_id_stands()
    {
        var pull = new PullRow("whatsapp-1", "pull-1", "host-a", 1_000, [Write.Key("a"), Write.Key("b")]);
        Assert.Equal(PullAnswer.Added, await Store.Pulls.AddPullAsync(pull));
        Assert.Equal(PullAnswer.AlreadyExists, await Store.Pulls.AddPullAsync(pull with { RecordedAt = 2_000, Keys = [Write.Key("c")] }));
        Assert.Equal(PullAnswer.Added, await Store.Pulls.AddPullAsync(pull with { Gateway = "sms-1", Keys = [] }));

        var read = await Store.Pulls.ReadPullAsync("whatsapp-1", "pull-1");
        Assert.Equal(pull.Keys, read!.Keys);
        Assert.Equal(("host-a", 1_000), (read.Instance, read.RecordedAt));
        Assert.Empty((await Store.Pulls.ReadPullAsync("sms-1", "pull-1"))!.Keys);
        Assert.Null(await Store.Pulls.ReadPullAsync("voice-1", "pull-1"));
    }

    [Fact]
    public async Task Pulls_are_listed_by_gateway_and_dropped_by_age()
    {
        foreach (var at in new[] { 3, 1, 2 }) await Store.Pulls.AddPullAsync(new PullRow("g", $"p{at}", "i", at, []));
        await Store.Pulls.AddPullAsync(new PullRow("other", "p", "i", 1, []));

        Assert.Equal(["p2", "p3"], (await Store.Pulls.ListPullsAsync("g", 2)).Select(pull => pull.PullId));
        Assert.Equal(2, await Store.Pulls.DropPullsAsync(2));
        Assert.Equal(["p2", "p3"], (await Store.Pulls.ListPullsAsync("g", 0)).Select(pull => pull.PullId));
    }

    [Fact]
    public async Task A_pull_with_a_NUL_byte_is_poisoned_and_too_many_keys_are_too_large()
    {
        Assert.Equal(PullAnswer.Poisoned, await Store.Pulls.AddPullAsync(new PullRow("g", "p\0", "i", 1, [])));
        Assert.Equal(
            PullAnswer.TooLarge,
            await Store.Pulls.AddPullAsync(new PullRow("g", "p", "i", 1, [.. Enumerable.Repeat(Write.Key("a"), StorageLimits.PullKeyCount + 1)])));
    }

    [Fact]
    public async Task A_setting_keeps_every_version_with_its_author()
    {
        var write = new SettingWrite("pause/acme", 0, Write.Bytes("on"), "olga", "complaint", 1_000);
        Assert.Equal(1, await Store.Settings.WriteSettingAsync(write));
        Assert.Null(await Store.Settings.WriteSettingAsync(write with { Value = Write.Bytes("lost") }));
        Assert.Equal(2, await Store.Settings.WriteSettingAsync(write with { ExpectedVersion = 1, Value = Write.Bytes("off"), Actor = "ivan" }));
        await Store.Settings.WriteSettingAsync(write with { Key = "pack/co" });

        var current = await Store.Settings.ReadSettingAsync("pause/acme");
        Assert.Equal((2, "ivan", "off"), (current!.Version, current.Actor, Encoding.UTF8.GetString(current.Value.Span)));
        Assert.Equal([2, 1], (await Store.Settings.ListSettingVersionsAsync("pause/acme")).Select(row => row.Version));
        Assert.Equal(["pause/acme"], (await Store.Settings.ListSettingsAsync("pause/")).Select(row => row.Key));
        Assert.Equal(["pack/co", "pause/acme"], (await Store.Settings.ListSettingsAsync("")).Select(row => row.Key));
        Assert.Null(await Store.Settings.ReadSettingAsync("none"));
    }
}
