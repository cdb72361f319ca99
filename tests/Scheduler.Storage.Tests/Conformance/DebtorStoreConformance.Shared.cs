using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    private static readonly SharedKey Loan = new("acme", "debt/loan-1");

    [Fact]
    public async Task A_shared_counter_is_created_once_and_replaced_version_by_version()
    {
        Assert.Null(await Store.Shared.ReadAsync(Loan));
        Assert.Equal(new WriteAnswer(WriteAnswerKind.Committed, 1), await Store.Shared.WriteAsync(Counter(0, "one")));
        Assert.Equal(new WriteAnswer(WriteAnswerKind.AlreadyExists, 1), await Store.Shared.WriteAsync(Counter(0, "lost")));
        Assert.Equal(new WriteAnswer(WriteAnswerKind.Committed, 2), await Store.Shared.WriteAsync(Counter(1, "two")));
        Assert.Equal(new WriteAnswer(WriteAnswerKind.Conflict, 2), await Store.Shared.WriteAsync(Counter(1, "lost")));
        Assert.Equal(new WriteAnswer(WriteAnswerKind.Conflict), await Store.Shared.WriteAsync(Counter(3, "lost") with { Key = new SharedKey("other", Loan.Scope) }));

        var row = await Store.Shared.ReadAsync(Loan);
        Assert.Equal((2, "two"), (row!.Version, System.Text.Encoding.UTF8.GetString(row.State.Span)));
    }

    [Fact]
    public async Task Of_many_who_replace_one_version_one_does()
    {
        await Store.Shared.WriteAsync(Counter(0, "one"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => Store.Shared.WriteAsync(Counter(1, $"two {index}")).AsTask()));
        Assert.Single(answers, static answer => answer.IsCommitted);
        Assert.Equal(49, answers.Count(static answer => answer.Kind == WriteAnswerKind.Conflict));
    }

    [Fact]
    public async Task A_shared_counter_whose_commit_was_not_known_is_answered_as_written()
    {
        await Store.Shared.WriteAsync(Counter(0, "one"));
        Faults.LostAnswers = 1;
        Assert.Equal(new WriteAnswer(WriteAnswerKind.Committed, 2), await Store.Shared.WriteAsync(Counter(1, "two")));
        await ReopenAsync();
        Assert.Equal(2, (await Store.Shared.ReadAsync(Loan))!.Version);
    }

    [Fact]
    public async Task A_shared_counter_beyond_its_limit_is_refused_and_a_poisoned_one_harms_no_other()
    {
        Assert.Equal(WriteAnswerKind.TooLarge, (await Store.Shared.WriteAsync(Counter(0, new string('x', StorageLimits.SharedBytes + 1)))).Kind);
        var poisoned = Store.Shared.WriteAsync(Counter(0, "x") with { Key = new SharedKey("acme", "debt/\0") }).AsTask();
        var good = Store.Shared.WriteAsync(Counter(0, "x")).AsTask();
        Assert.Equal(WriteAnswerKind.Poisoned, (await poisoned).Kind);
        Assert.True((await good).IsCommitted);
    }

    [Fact]
    public async Task A_sole_link_that_another_debtor_has_refuses_the_whole_write()
    {
        var loan = new DebtorLink(LinkKind.Account, "loan-1");
        var debt = new DebtorLink(LinkKind.CountingDebt, "loan-1");
        await CommitAsync(Write.Create("a") with { AddedLinks = [loan], SoleLinks = [loan] });

        Assert.Equal(WriteAnswerKind.LinkShared, (await Store.Debtors.WriteAsync(Write.Create("b") with { AddedLinks = [loan], SoleLinks = [loan] })).Kind);
        Assert.Equal(WriteAnswerKind.LinkShared, (await Store.Debtors.WriteAsync(Write.Create("b") with { AddedLinks = [debt], SoleLinks = [debt] })).Kind);
        Assert.Null(await Store.Debtors.ReadAsync(Write.Key("b")));
        await CommitAsync(Write.Update("a", 1) with { AddedLinks = [loan], SoleLinks = [loan] });
        await CommitAsync(Write.Create("b") with { AddedLinks = [loan] });
        await CommitAsync(Write.Create("c") with { Key = Write.Key("c", "other"), AddedLinks = [loan], SoleLinks = [loan] });
    }

    [Fact]
    public async Task Of_two_debtors_who_enter_one_account_at_once_one_hears_of_the_other()
    {
        for (var round = 0; round < 20; round++)
        {
            var loan = new DebtorLink(LinkKind.Account, $"loan-{round}");
            var answers = await Task.WhenAll(
                Store.Debtors.WriteAsync(Write.Create($"a{round}") with { AddedLinks = [loan], SoleLinks = [loan] }).AsTask(),
                Store.Debtors.WriteAsync(Write.Create($"b{round}") with { AddedLinks = [loan], SoleLinks = [loan] }).AsTask());
            Assert.Equal([WriteAnswerKind.Committed, WriteAnswerKind.LinkShared], answers.Select(static answer => answer.Kind).Order());
        }
    }

    private static SharedWrite Counter(long version, string state) => new(Loan, version, Write.NextId(), Write.Bytes(state));
}
