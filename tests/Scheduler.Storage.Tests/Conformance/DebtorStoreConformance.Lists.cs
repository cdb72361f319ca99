using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task Links_of_a_kind_are_listed_page_by_page_in_order_of_key_then_debtor()
    {
        await CommitAsync(Write.Create("b") with { AddedLinks = [Unresolved("b.2"), Unresolved("shared")] });
        await CommitAsync(Write.Create("a") with { AddedLinks = [Unresolved("a.2"), Unresolved("shared"), new DebtorLink(LinkKind.Account, "loan")] });
        var first = await Store.Debtors.ListLinksAsync("acme", LinkKind.Unresolved, null, 3);
        var rest = await Store.Debtors.ListLinksAsync("acme", LinkKind.Unresolved, first[^1], 3);

        Assert.Equal([("a.2", "a"), ("b.2", "b"), ("shared", "a")], first.Select(row => (row.Key, row.Debtor.Debtor)));
        Assert.Equal([("shared", "b")], rest.Select(row => (row.Key, row.Debtor.Debtor)));
        Assert.Empty(await Store.Debtors.ListLinksAsync("other", LinkKind.Unresolved, null, 3));
        Assert.Equal(["loan"], (await Store.Debtors.ListLinksAsync("acme", LinkKind.Account, null, 3)).Select(row => row.Key));
    }

    [Fact]
    public async Task A_list_survives_reopening_and_loses_what_is_removed()
    {
        await CommitAsync(Write.Create("a") with { AddedLinks = [Unresolved("a.2"), Unresolved("a.3")] });
        await ReopenAsync();
        await CommitAsync(Write.Update("a", 1) with { RemovedLinks = [Unresolved("a.2")] });

        Assert.Equal(["a.3"], (await Store.Debtors.ListLinksAsync("acme", LinkKind.Unresolved, null, 10)).Select(row => row.Key));
    }

    [Fact]
    public async Task A_link_is_there_once_however_often_it_is_added()
    {
        var loan = new DebtorLink(LinkKind.Account, "loan");
        await CommitAsync(Write.Create("a") with { AddedLinks = [loan, Unresolved("a.2"), loan] });
        await CommitAsync(Write.Update("a", 1) with { AddedLinks = [Unresolved("a.2"), loan, Unresolved("a.3"), loan, Unresolved("a.3")] });

        Assert.Single(await Store.Debtors.FindLinksAsync("acme", LinkKind.Account, "loan"));
        Assert.Equal(["a.2", "a.3"], (await Store.Debtors.ListLinksAsync("acme", LinkKind.Unresolved, null, 10)).Select(row => row.Key));

        await CommitAsync(Write.Update("a", 2) with { RemovedLinks = [loan] });
        Assert.Empty(await Store.Debtors.FindLinksAsync("acme", LinkKind.Account, "loan"));
    }

    private static DebtorLink Unresolved(string contact) => new(LinkKind.Unresolved, contact);
}
