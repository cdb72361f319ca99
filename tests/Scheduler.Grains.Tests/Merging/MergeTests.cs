using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Merging;

public sealed class MergeTests
{
    private static Task<ItemAnswer> MergeAsync(World world, string gone, string into) => world.Grains.GetGrain<IMergeGrain>($"{World.Tenant}/{gone}").Merge(into);

    private static async Task<World> StartAsync(params string[] debtors)
    {
        var world = await World.StartAsync();
        foreach (var debtor in debtors) await world.EnterAsync(Entries.Reachable(debtor));
        return world;
    }

    private static Submission Stop(string id = "stop") => new(Entries.Withdrawal(id, World.TuesdayTen).ToByteArray(), "tests");

    private static async Task AssertMergedAsync(World world)
    {
        var survivor = await world.StateAsync("a");
        Assert.Equal("a", survivor.DebtorId);
        Assert.Equal(["account-of-a", "account-of-b"], survivor.Accounts.Select(static a => a.AccountId));
        Assert.Equal("a", (await world.StateAsync("b")).DebtorId);
        var found = await world.Store.FindLinksAsync(World.Tenant, LinkKind.Account, "account-of-b", TestContext.Current.CancellationToken);
        Assert.Equal(["a"], found.Select(static key => key.Debtor));
        Assert.Equal(["a"], await ListedAsync(world));
        Assert.True((await world.Store.ReadTallyAsync(World.Tenant, TestContext.Current.CancellationToken)).IsConserved);
    }

    private static async Task<string[]> ListedAsync(World world)
    {
        var link = world.Get<Writing.AddressBook>().LinkOf(World.Tenant, "+573001234567");
        return [.. (await world.Store.FindLinksAsync(World.Tenant, link.Kind, link.Key, TestContext.Current.CancellationToken)).Select(static key => key.Debtor)];
    }

    [Fact]
    public async Task A_merged_debtor_is_an_alias_and_everything_that_comes_to_it_goes_to_the_survivor()
    {
        await using var world = await StartAsync("a", "b");
        var first = await MergeAsync(world, "b", "a");
        var again = await MergeAsync(world, "b", "a");

        Assert.Equal((true, false), (first.Done, first.Duplicate));
        Assert.Equal((true, true), (again.Done, again.Duplicate));
        await AssertMergedAsync(world);

        Assert.True((await world.Debtor("b").RecordSignal(Stop())).Recorded);
        Assert.True((await world.Debtor("a").RecordSignal(Stop())).Duplicate);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Entries.Reachable("b", version: 2))).Outcome);
        Assert.Equal(EntryOutcome.Unchanged, (await world.EnterAsync(Entries.Reachable("b", version: 2))).Outcome);
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
    }

    [Fact]
    public async Task A_lease_of_the_debtor_that_goes_is_withdrawn_and_its_outcome_reaches_the_survivor()
    {
        await using var world = await StartAsync("b");
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        await world.EnterAsync(Entries.Reachable("a"));
        await MergeAsync(world, "b", "a");

        var fact = await world.ReportAsync(Entries.Placed(dispatch, World.TuesdayTen, "wamid.1"));

        Assert.Equal(FactFate.RecordedStale, fact.Fate);
        await AssertMergedAsync(world);
        // It counts for the survivor: the day's one contact has been made.
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        var receipt = new V1.Receipt
        {
            TenantId = World.Tenant,
            DispatchId = dispatch.DispatchId,
            Kind = V1.ReceiptKind.Delivered,
            OccurTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(World.TuesdayTen),
        };
        Assert.Equal(FactFate.Recorded, (await world.Debtor("b").ReportReceipt(new FactReport(receipt.ToByteArray(), "wa-1", "tests"))).Fate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_crash_before_any_write_leaves_nobody_contacted_twice_and_is_taken_up_again(int write)
    {
        var world = await StartAsync("a", "b");
        var count = 0;
        world.Store.BeforeWrite = _ =>
        {
            if (++count == write) throw new StorageUnavailableException("crash");
        };
        await Assert.ThrowsAnyAsync<Exception>(() => MergeAsync(world, "b", "a"));
        world.Store.BeforeWrite = null;
        await using var restarted = await world.RestartAsync();

        if (write == 1)
        {
            Assert.Equal("b", (await restarted.StateAsync("b")).DebtorId);
            await MergeAsync(restarted, "b", "a");
        }
        else
        {
            Assert.Equal("DEBTOR_MERGING", (await restarted.Debtor("b").RecordSignal(Stop("other"))).Fault?.Reason);
            await restarted.AdvanceAsync(TimeSpan.FromSeconds(31));
            await Eventually.HoldsAsync(async () => (await restarted.StateAsync("b")).DebtorId == "a");
        }

        await AssertMergedAsync(restarted);
        Assert.Single(await restarted.PullAsync(restarted.Order()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_lost_answer_of_any_write_is_taken_up_again(int write)
    {
        await using var world = await StartAsync("a", "b");
        var count = 0;
        world.Store.AfterWrite = _ =>
        {
            if (++count == write) throw new StorageOutcomeUnknownException("lost");
        };
        await Assert.ThrowsAnyAsync<Exception>(() => MergeAsync(world, "b", "a"));
        world.Store.AfterWrite = null;

        Assert.True((await MergeAsync(world, "b", "a")).Done);
        await AssertMergedAsync(world);
    }

    [Fact]
    public async Task Aliases_are_followed_and_circles_refused()
    {
        await using var world = await StartAsync("a", "b", "c");
        Assert.True((await MergeAsync(world, "c", "b")).Done);
        Assert.Equal("surviving_debtor_id", (await MergeAsync(world, "b", "c")).Fault?.Field);
        Assert.True((await MergeAsync(world, "b", "a")).Done);
        Assert.True((await MergeAsync(world, "c", "a")).Fault?.Reason is "ALREADY_MERGED" or null);

        Assert.Equal("a", (await world.StateAsync("c")).DebtorId);
        Assert.Equal(3, (await world.StateAsync("a")).Accounts.Count);
        Assert.Equal("DEBTOR_NOT_FOUND", (await MergeAsync(world, "a", "nobody")).Fault?.Reason);
        Assert.Equal("DEBTOR_NOT_FOUND", (await MergeAsync(world, "nobody", "a")).Fault?.Reason);
    }

    [Fact]
    public async Task Two_debtors_led_into_each_other_do_not_wait_for_each_other()
    {
        await using var world = await StartAsync("a", "b");
        var answers = await Task.WhenAll(MergeAsync(world, "a", "b"), MergeAsync(world, "b", "a"));

        Assert.True(answers.Count(static a => a.Done) <= 1);
        Assert.NotEmpty((await world.StateAsync("a")).Accounts);
    }
}
