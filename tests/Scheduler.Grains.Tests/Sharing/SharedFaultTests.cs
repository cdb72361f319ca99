using Google.Protobuf;
using NodaTime;
using Orleans.Storage;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Sharing;

/// <summary>No interleaving of debtors, lost write, lost answer or dead process lets a shared cap be exceeded; what was counted too long is repaired.</summary>
public sealed class SharedFaultTests
{
    private const int Limit = 2;
    private const int Accounts = 5;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_shared_cap_holds_over_the_whole_log_whatever_fails(int seed)
    {
        var packs = Parties.Cap(Limit, "account");
        var world = await World.StartAsync(packs: packs);
        try
        {
            var random = new Random(seed);
            var faults = new Faults(seed);
            var dispatches = new List<V1.Dispatch>();
            for (var step = 0; step < 60; step++)
            {
                faults.Arm(world.Store);
                var action = random.Next(20);
                if (action < 6) await TryAsync(() => EnterAsync(world, random));
                else if (action < 15) dispatches.AddRange(await RaceAsync(world, random));
                else if (action < 18 && dispatches.Count > 0) await TryAsync(() => ReportAsync(world, dispatches[random.Next(dispatches.Count)], random.Next(4)));
                else if (action == 18) world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromSeconds(random.Next(1, 200)));
                else if (step % 2 == 0)
                {
                    Faults.Disarm(world.Store);
                    world = await world.RestartAsync();
                }
            }

            Faults.Disarm(world.Store);
            Assert.Empty((await SharedLog.CheckAsync(world, Limit, AccountOf)).Beyond);
            await RepairedAsync(world);
            await SharedLog.AuditAsync(world, packs);
        }
        finally
        {
            await world.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_counts_for_the_other()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        world.Store.AfterWrite = static _ => throw new StorageOutcomeUnknownException("test");
        await Assert.ThrowsAnyAsync<OrleansException>(() => Parties.LeaseAsync(world, "a"));
        world.Store.AfterWrite = null;
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
        Assert.Empty((await SharedLog.CheckAsync(world, 1, static _ => "loan")).Beyond);
    }

    [Fact]
    public async Task A_claim_whose_write_failed_counts_for_nobody()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        world.Store.BeforeWrite = static _ => throw new StorageUnavailableException("test");
        await Assert.ThrowsAnyAsync<OrleansException>(() => Parties.LeaseAsync(world, "a"));
        world.Store.BeforeWrite = null;
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "b")).Refusal);
    }

    [Fact]
    public async Task A_claim_whose_row_was_written_stands_although_what_came_after_the_write_failed()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(20, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        var now = Instant.FromDateTimeOffset(world.Time.GetUtcNow());
        ((TestRules)world.Get<IRuleSource>()).Declare(new RecoveryGap(1, now - Duration.FromHours(1), now));
        var failed = 0;
        // What the gap counts is durable; the offer that follows it finds no lane.
        world.Store.AfterWrite = write => world.Store.BeforeLane = write.Key.Debtor == "a" ? Fail : null;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => world.Debtor("a").Replan());
        (world.Store.AfterWrite, world.Store.BeforeLane) = (null, null);
        Assert.Equal(1, failed);

        var own = CounterOf(await Parties.ExplainAsync(world, "b"));
        Assert.True(own.ByOtherParties > 0);
        await world.Debtor("a").Replan();
        Assert.Equal(own.ByOtherParties, CounterOf(await Parties.ExplainAsync(world, "b")).ByOtherParties);

        void Fail()
        {
            failed++;
            throw new StorageUnavailableException("test");
        }
    }

    [Fact]
    public async Task A_process_that_dies_between_claim_and_lease_counts_until_its_row_was_asked()
    {
        var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        try
        {
            await world.EnterAsync(Parties.Owing("a", "loan"));
            await world.EnterAsync(Parties.Owing("b", "loan"));
            // The claim is durable; neither the lease nor the giving up is.
            world.Store.BeforeWrite = write => throw (write.Key.Debtor == "a" ? new StorageOutcomeUnknownException("test") : new StorageUnavailableException("test"));
            await Assert.ThrowsAnyAsync<OrleansException>(() => Parties.LeaseAsync(world, "a"));
            world.Store.BeforeWrite = null;
            world = await world.RestartAsync();

            Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
            world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromMinutes(3));
            await Parties.ExplainAsync(world, "a");
            Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "b")).Refusal);
        }
        finally
        {
            await world.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_second_debtor_is_not_entered_while_the_first_cannot_be_told()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        world.Store.Sharing.BeforeWrite = static _ => throw new StorageUnavailableException("test");
        Assert.Equal("STORAGE_UNAVAILABLE", (await world.EnterAsync(Parties.Owing("b", "loan"))).Fault?.Reason);
        world.Store.Sharing.BeforeWrite = null;
        Assert.Empty((await world.StateAsync("b")).Accounts);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("b", "loan"))).Outcome);
    }

    /// <summary>Once nothing fails any more, every debtor counts what the log holds: no more, no less.</summary>
    private static async Task RepairedAsync(World world)
    {
        for (var account = 0; account < Accounts; account++)
        {
            for (var party = 0; party < 3; party++) await world.EnterAsync(Parties.Owing($"d{account}-{party}", $"loan-{account}", version: 1_000));
        }

        for (var round = 0; round < 3; round++)
        {
            world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
            for (var account = 0; account < Accounts; account++)
            {
                for (var party = 0; party < 3; party++) await Parties.LeaseAsync(world, $"d{account}-{party}");
            }
        }

        var (beyond, standing) = await SharedLog.CheckAsync(world, Limit, AccountOf);
        Assert.Empty(beyond);
        for (var account = 0; account < Accounts; account++)
        {
            for (var party = 0; party < 3; party++)
            {
                var counter = CounterOf(await Parties.ExplainAsync(world, $"d{account}-{party}"));
                Assert.Equal(standing.GetValueOrDefault($"d{account}"), counter.Counted + counter.Provisional);
            }
        }
    }

    private static async Task EnterAsync(World world, Random random)
    {
        var account = random.Next(Accounts);
        await world.EnterAsync(Parties.Owing($"d{account}-{random.Next(3)}", $"loan-{account}", version: random.Next(1, 900)));
    }

    /// <summary>All debtors of one account are leased at once.</summary>
    private static async Task<IEnumerable<V1.Dispatch>> RaceAsync(World world, Random random)
    {
        var (account, confirm) = (random.Next(Accounts), random.Next(3) == 0);
        var dispatches = await Task.WhenAll(Enumerable.Range(0, 3).Select(async party =>
        {
            try
            {
                var answer = await Parties.LeaseAsync(world, $"d{account}-{party}", confirm);
                return answer.Refusal == LeaseRefusal.None ? Parties.DispatchOf(answer) : null;
            }
            catch (OrleansException)
            {
                return null;
            }
        }));
        var leased = dispatches.OfType<V1.Dispatch>().ToList();
        if (confirm) await Task.WhenAll(leased.Select(dispatch => TryAsync(() => ReportAsync(world, dispatch, 0))));
        return leased;
    }

    private static Task ReportAsync(World world, V1.Dispatch dispatch, int what)
    {
        var claim = new LeaseClaim("wa-1", dispatch.DispatchId, dispatch.LeaseToken.Memory);
        return what switch
        {
            0 => world.Debtor(dispatch.DebtorId).Confirm(claim),
            1 => world.Debtor(dispatch.DebtorId).Release(new LeaseReturn(claim, 1)),
            2 => world.ReportAsync(Parties.NotPlaced(dispatch)),
            _ => world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow())),
        };
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (OrleansException)
        {
            // Whoever asked does not know: the log is what counts.
        }
    }

    private static V1.Counter CounterOf(V1.ExplainDebtorResponse explained) =>
        explained.Explanations.SelectMany(static one => one.RuleResults).First(static rule => rule.RuleId == "CO.shared").Counter;

    private static string AccountOf(string debtor) => debtor.Split('-')[0];

    /// <summary>One write in seven fails, and one answer in seven is lost.</summary>
    private sealed class Faults(int seed)
    {
        private readonly Random _random = new(seed);

        public void Arm(FaultyStore store)
        {
            store.BeforeWrite = _ => Fail(static () => new StorageUnavailableException("test"));
            store.AfterWrite = _ => Fail(static () => new StorageOutcomeUnknownException("test"));
            store.Sharing.BeforeWrite = _ => Fail(static () => new StorageUnavailableException("test"));
            store.Sharing.AfterWrite = _ => Fail(static () => new StorageOutcomeUnknownException("test"));
        }

        public static void Disarm(FaultyStore store)
        {
            (store.BeforeWrite, store.AfterWrite) = (null, null);
            (store.Sharing.BeforeWrite, store.Sharing.AfterWrite) = (null, null);
        }

        private void Fail(Func<Exception> failure)
        {
            lock (_random)
            {
                if (_random.Next(7) == 0) throw failure();
            }
        }
    }
}
