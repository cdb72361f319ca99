using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Tests.Sharing;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Merging;

/// <summary>Merges of debtors who owe together with others.</summary>
public sealed class MergeSharingTests
{
    private static Task<ItemAnswer> MergeAsync(World world, string gone, string into) => world.Grains.GetGrain<IMergeGrain>($"{World.Tenant}/{gone}").Merge(into);

    [Fact]
    public async Task Who_comes_to_owe_with_a_debtor_that_is_being_merged_waits_and_counts_with_the_survivor()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        var survivor = Entries.Reachable("a");
        survivor.Accounts.Clear();
        await world.EnterAsync(survivor);
        await world.EnterAsync(Parties.Owing("b", "loan"));
        await world.Debtor("b").BeginMerge("a");

        Assert.Equal("DEBTOR_MERGING", (await world.EnterAsync(Parties.Owing("c", "loan"))).Fault?.Reason);
        Assert.True((await MergeAsync(world, "b", "a")).Done);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("c", "loan"))).Outcome);
        var leased = await Task.WhenAll(Parties.LeaseAsync(world, "a"), Parties.LeaseAsync(world, "c"));
        Assert.Single(leased, static lease => lease.Refusal == LeaseRefusal.None);
    }

    [Fact]
    public async Task A_merge_into_a_full_counter_is_refused_and_the_debtor_opens_again()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        for (var i = 0; i < 16; i++) await world.EnterAsync(Parties.Owing("d" + i, "loan"));
        await world.EnterAsync(Entries.Reachable("a"));

        var refused = await MergeAsync(world, "d0", "a");
        Assert.Equal((false, "LIMIT_REACHED"), (refused.Done, refused.Fault?.Reason));
        Assert.True((await world.Debtor("d0").RecordSignal(new Submission(Entries.Withdrawal("stop", World.TuesdayTen).ToByteArray(), "tests"))).Recorded);
    }

    [Fact]
    public async Task A_merge_repeated_after_its_survivor_was_merged_is_a_repeat()
    {
        await using var world = await World.StartAsync();
        foreach (var id in new[] { "a", "b", "z" }) await world.EnterAsync(Entries.Reachable(id));
        Assert.True((await MergeAsync(world, "b", "a")).Done);
        Assert.True((await MergeAsync(world, "a", "z")).Done);
        var again = await MergeAsync(world, "b", "a");
        Assert.Equal((true, true), (again.Done, again.Duplicate));
        Assert.True((await MergeAsync(world, "b", "z")).Fault?.Reason is null or "ALREADY_MERGED");
    }

    [Fact]
    public async Task A_person_erased_keeps_nobody_from_entering_who_names_the_id()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "household"));
        var gone = Entries.Reachable("gone");
        gone.Accounts.Clear();
        await world.EnterAsync(gone);
        var erased = await world.Debtor("gone").Erase(new Scheduler.Grains.Erasing.EraseRequest("e1", "tests", "asked"));
        Assert.Empty(erased.Retained);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Married("d", "gone"))).Outcome);
    }

    [Fact]
    public async Task The_key_of_a_debt_leads_to_the_survivor_alone()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("a"));
        await world.EnterAsync(Parties.Owing("b", "loan", "number-7"));
        Assert.True((await MergeAsync(world, "b", "a")).Done);
        var found = await world.Store.FindLinksAsync(World.Tenant, LinkKind.CountingDebt, "number-7", TestContext.Current.CancellationToken);
        Assert.Equal(["a"], found.Select(static key => key.Debtor));
    }
}
