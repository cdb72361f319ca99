using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Splitting;
using Scheduler.Grains.Tests.Sharing;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Merging;

/// <summary>Merges, splits and transfers of debtors who count together with others, cut off before any write of a debtor or of a counter: nothing is ever counted for less.</summary>
public sealed class JoinedFaultTests
{
    [Fact]
    public async Task A_merge_cut_off_before_any_write_never_lowers_a_counter_and_joins_both_also_with_a_transfer()
    {
        var isCut = true;
        for (var write = 1; isCut; write++)
        {
            var world = await World.StartAsync(packs: Parties.Cap(2, "debt"));
            await world.EnterAsync(Parties.Owing("a", "loan-a", "left"));
            await world.EnterAsync(Parties.Owing("c", "loan-c", "left"));
            await world.EnterAsync(Parties.Owing("b", "loan-b", "right"));
            await world.EnterAsync(Parties.Owing("d", "loan-d", "right"));
            await ContactAsync(world, "a");
            await ContactAsync(world, "b");

            isCut = await CutAsync(world, write, () => world.Grains.GetGrain<IMergeGrain>($"{World.Tenant}/b").Merge("a"));
            await AssertCountedAsync(world);
            await using var restarted = await world.RestartAsync();
            await AssertCountedAsync(restarted);
            await restarted.AdvanceAsync(TimeSpan.FromSeconds(31));
            await restarted.Grains.GetGrain<IMergeGrain>($"{World.Tenant}/b").Merge("a");
            Assert.Equal("a", (await restarted.StateAsync("b")).DebtorId);
            await AssertCountedAsync(restarted);

            var transfer = new V1.AccountTransfer { AccountId = "loan-b", CreditorId = "fund", TransferTime = Timestamp.FromDateTimeOffset(World.TuesdayTen), RequestId = "t1" };
            Assert.True((await restarted.Debtor("a").TransferAccount(new Submission(transfer.ToByteArray(), "tests"))).Done);
            await AssertCountedAsync(restarted);
        }
    }

    [Fact]
    public async Task A_split_that_is_refused_and_cut_off_before_any_write_leaves_the_debtor_open_and_counted()
    {
        var isCut = true;
        for (var write = 1; isCut; write++)
        {
            var world = await World.StartAsync(packs: Parties.Cap(2, "debt"));
            var entry = Parties.Owing("a", "loan", "left");
            var other = entry.Accounts[0].Clone();
            (other.AccountId, other.CountingDebtKey) = ("card", "own");
            entry.Accounts.Add(other);
            await world.EnterAsync(entry);
            await ContactAsync(world, "a");
            for (var i = 0; i < 15; i++) await world.EnterAsync(Parties.Owing("d" + i, "loan-" + i, "left"));
            var order = new SplitOrder("b", ["card"], [], "r1", IsTaken: false);

            isCut = await CutAsync(world, write, () => world.Grains.GetGrain<ISplitGrain>($"{World.Tenant}/a").Split(order));
            await using var restarted = await world.RestartAsync();
            Assert.Equal(1, await ByOthersAsync(restarted, "d0"));
            await restarted.AdvanceAsync(TimeSpan.FromSeconds(31));
            await Eventually.HoldsAsync(async () => (await SaidAsync(restarted, "late")).Fault is null);

            Assert.Equal(["loan", "card"], (await restarted.StateAsync("a")).Accounts.Select(static account => account.AccountId));
            Assert.False((await restarted.Debtor("b").GetStanding()).Found);
            Assert.Equal("LIMIT_REACHED", (await restarted.Grains.GetGrain<ISplitGrain>($"{World.Tenant}/a").Split(order)).Fault?.Reason);
            Assert.Equal(1, await ByOthersAsync(restarted, "d0"));
        }
    }

    /// <summary>True where the write was reached, and failed.</summary>
    private static async Task<bool> CutAsync(World world, int write, Func<Task> act)
    {
        var count = 0;
        world.Store.BeforeWrite = _ => Count();
        world.Store.Sharing.BeforeWrite = _ => Count();
        try
        {
            await act();
        }
        catch (OrleansException)
        {
            // Cut off on the way; taken up below.
        }

        (world.Store.BeforeWrite, world.Store.Sharing.BeforeWrite) = (null, null);
        return count >= write;

        void Count()
        {
            if (Interlocked.Increment(ref count) == write) throw new StorageUnavailableException("crash");
        }
    }

    private static async Task AssertCountedAsync(World world)
    {
        Assert.Equal(1, await ByOthersAsync(world, "c"));
        Assert.Equal(1, await ByOthersAsync(world, "d"));
    }

    private static async Task<int> ByOthersAsync(World world, string debtor) => (await Parties.ExplainAsync(world, debtor)).Explanations
        .SelectMany(static one => one.RuleResults).First(static rule => rule.RuleId == "CO.shared").Counter.ByOtherParties;

    private static Task<SignalAnswer> SaidAsync(World world, string id) =>
        world.Debtor("a").RecordSignal(new Submission(Entries.Withdrawal(id, World.TuesdayTen).ToByteArray(), "tests"));

    private static async Task ContactAsync(World world, string debtor)
    {
        var lease = await Parties.LeaseAsync(world, debtor);
        Assert.Equal(LeaseRefusal.None, lease.Refusal);
        Assert.Equal(FactFate.Recorded, (await world.ReportAsync(Entries.Placed(Parties.DispatchOf(lease), world.Time.GetUtcNow()))).Fate);
    }
}
