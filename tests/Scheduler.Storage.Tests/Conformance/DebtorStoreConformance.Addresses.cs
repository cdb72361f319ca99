using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

/// <content>Facts about addresses.</content>
public abstract partial class DebtorStoreConformance
{
    private const string Phone = "digest-of-a-phone";

    private static readonly DebtorLink PhoneLink = new(LinkKind.AddressDigest, Phone);

    private static AddressFactRow Fact(int kind, long at, int channel = 0) => new(Phone, kind, channel, at, 0);

    private async Task<(int, int, long)[]> FactsAsync(string tenant = "acme") =>
        [.. (await Store.Addresses.FindAsync(tenant, [Phone])).Select(static row => (row.Kind, row.Channel, row.At))];

    [Fact]
    public async Task The_later_fact_of_a_kind_stands_and_an_older_one_changes_nothing()
    {
        await Store.Addresses.RecordAsync("acme", [Fact(1, 10, channel: 2), Fact(3, 10)], []);
        await Store.Addresses.RecordAsync("acme", [Fact(1, 5, channel: 2), Fact(3, 20)], []);

        Assert.Equal([(1, 2, 10L), (3, 0, 20L)], await FactsAsync());
        Assert.Empty(await FactsAsync("other"));
    }

    [Fact]
    public async Task A_fact_is_taken_back_by_what_came_with_it_or_after_it_only()
    {
        await Store.Addresses.RecordAsync("acme", [Fact(1, 10, channel: 2), Fact(1, 10, channel: 3)], []);
        await Store.Addresses.RecordAsync("acme", [], [Fact(1, 9, channel: 2), Fact(1, 10, channel: 3)]);

        Assert.Equal([(1, 2, 10L)], await FactsAsync());
    }

    [Fact]
    public async Task A_write_that_links_an_address_does_not_commit_without_knowing_what_is_known_of_it()
    {
        await Store.Addresses.RecordAsync("acme", [Fact(3, 10)], []);
        var blind = Write.Create("a") with { AddedLinks = [PhoneLink] };
        var seen = Assert.Single(await Store.Addresses.FindAsync("acme", [Phone])).Seq;

        Assert.Equal(new WriteAnswer(WriteAnswerKind.AddressKnown), await Store.Debtors.WriteAsync(blind));
        Assert.Null(await Store.Debtors.ReadAsync(Write.Key("a")));
        Assert.Empty(await Store.Debtors.FindLinksAsync("acme", LinkKind.AddressDigest, Phone));
        await CommitAsync(blind with { AddressFactsSeen = seen });
        await Store.Addresses.RecordAsync("acme", [Fact(3, 11)], []);
        Assert.Equal(WriteAnswerKind.AddressKnown, (await Store.Debtors.WriteAsync(Write.Create("b") with { AddedLinks = [PhoneLink], AddressFactsSeen = seen })).Kind);
        await CommitAsync(Write.Create("c") with { Key = Write.Key("c", "other"), AddedLinks = [PhoneLink] });
    }

    [Fact]
    public async Task An_address_that_a_write_names_twice_is_one_link()
    {
        await CommitAsync(Write.Create("a") with { AddedLinks = [PhoneLink, PhoneLink] });
        await CommitAsync(Write.Create("b") with { AddedLinks = [PhoneLink] });
        await CommitAsync(Write.Update("b", 1) with { AddedLinks = [PhoneLink, PhoneLink] });
        Assert.Equal(["a", "b"], await PhoneOwnersAsync());

        await CommitAsync(Write.Update("a", 1) with { RemovedLinks = [PhoneLink, PhoneLink] });
        Assert.Equal(["b"], await PhoneOwnersAsync());
    }

    [Fact]
    public async Task Links_of_addresses_outlive_a_lost_answer_and_a_crash()
    {
        Faults.LostAnswers = 1;
        await CommitAsync(Write.Create("a") with { AddedLinks = [PhoneLink] });
        await CommitAsync(Write.Create("b") with { AddedLinks = [PhoneLink] });
        await using var crashed = await OpenAfterCrashAsync();

        Assert.Equal(["a", "b"], (await crashed.Debtors.FindLinksAsync("acme", LinkKind.AddressDigest, Phone)).Select(static debtor => debtor.Debtor));
    }

    private async Task<string[]> PhoneOwnersAsync() =>
        [.. (await Store.Debtors.FindLinksAsync("acme", LinkKind.AddressDigest, Phone)).Select(static debtor => debtor.Debtor)];

    [Fact]
    public async Task A_write_that_was_committed_before_the_fact_is_answered_so_again()
    {
        var write = Write.Create("a") with { AddedLinks = [PhoneLink] };
        var first = await CommitAsync(write);
        await Store.Addresses.RecordAsync("acme", [Fact(3, 10)], []);

        Assert.Equal(first, await Store.Debtors.WriteAsync(write));
    }

    [Fact]
    public async Task Numbers_of_facts_are_never_used_again()
    {
        await Store.Addresses.RecordAsync("acme", [Fact(3, 10)], []);
        var first = Assert.Single(await Store.Addresses.FindAsync("acme", [Phone])).Seq;
        await Store.Addresses.RecordAsync("acme", [], [Fact(3, 10)]);
        await ReopenAsync();
        await Store.Addresses.RecordAsync("acme", [Fact(3, 10)], []);

        Assert.True(Assert.Single(await Store.Addresses.FindAsync("acme", [Phone])).Seq > first);
    }
}
