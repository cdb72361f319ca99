using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Due;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Dispatch;

public sealed class RecoveryTests
{
    [Fact]
    public async Task After_a_restart_the_store_alone_brings_the_work_back()
    {
        var first = await World.StartAsync();
        await first.EnterAsync(Entries.Reachable("d1"));
        await using var second = await first.RestartAsync();

        Assert.Equal("d1", Assert.Single(await second.PullAsync(second.Order())).DebtorId);
    }

    [Fact]
    public async Task A_pull_id_repeated_answers_the_same_leases()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var order = world.Order(pullId: "p-1");
        var dispatch = Assert.Single(await world.PullAsync(order));

        var replayed = Assert.Single(await world.PullAsync(order));
        Assert.Equal((dispatch.DispatchId, dispatch.LeaseToken), (replayed.DispatchId, replayed.LeaseToken));
    }

    [Fact]
    public async Task A_pull_id_repeated_after_a_restart_answers_the_same_leases()
    {
        var first = await World.StartAsync();
        await first.EnterAsync(Entries.Reachable("d1"));
        var order = first.Order(pullId: "p-1");
        var dispatch = Assert.Single(await first.PullAsync(order));
        await using var second = await first.RestartAsync();

        var replayed = Assert.Single(await second.PullAsync(order));
        Assert.Equal((dispatch.DispatchId, dispatch.LeaseToken), (replayed.DispatchId, replayed.LeaseToken));
        var held = await second.Pulls.ListLeasesAsync("wa-1", "", [], 100, "", TestContext.Current.CancellationToken);
        Assert.Single(held.Dispatches);
    }

    [Fact]
    public async Task A_released_pull_gives_its_unconfirmed_leases_back()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        Assert.Single(await world.PullAsync(world.Order(pullId: "p-1")));

        Assert.Equal(1, await world.Pulls.ReleasePullAsync("wa-1", "p-1", 1, TestContext.Current.CancellationToken));
        Assert.Null((await world.StateAsync("d1")).Lease);
    }

    [Fact]
    public async Task A_failed_write_changes_nothing_and_the_next_call_reads_what_is_stored()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var before = await world.StateAsync("d1");
        var withdrawal = new Submission(Entries.Withdrawal("s1", world.Time.GetUtcNow()).ToByteArray(), "tests");
        world.Store.BeforeWrite = static _ => throw new StorageUnavailableException("test");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => world.Debtor("d1").RecordSignal(withdrawal));
        world.Store.BeforeWrite = null;

        Assert.Equal(before.StateVersion, (await world.StateAsync("d1")).StateVersion);
        Assert.True((await world.Debtor("d1").RecordSignal(withdrawal)).Recorded);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_found_again_and_applied_once()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var withdrawal = new Submission(Entries.Withdrawal("s1", world.Time.GetUtcNow()).ToByteArray(), "tests");
        world.Store.AfterWrite = static _ => throw new StorageOutcomeUnknownException("test");
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => world.Debtor("d1").RecordSignal(withdrawal));
        world.Store.AfterWrite = null;

        Assert.True((await world.Debtor("d1").RecordSignal(withdrawal)).Duplicate);
    }

    [Fact]
    public async Task The_sweep_finds_a_due_debtor_whose_hint_was_lost()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.PullAsync(world.Order(count: 1) with { Tenants = ["another"], Wait = TimeSpan.Zero });
        // The shard believes a later version to be due far away, as it would after a hint that overtook another.
        var key = new DebtorKey(World.Tenant, "d1");
        await world.Grains.GetGrain<IDueShardGrain>(ShardMap.ShardOf(key.Slice)).Hint(new DueHint(key.Text, 99, null, 0));

        await world.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal("d1", Assert.Single(await world.PullAsync(world.Order())).DebtorId);
        Assert.True(world.Counters.Read()["found_by_sweep"] > 0);
    }

    [Fact]
    public async Task A_debtor_that_exists_gets_its_entry_through_its_grain()
    {
        await using var world = await World.StartAsync();
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Entries.Reachable("d1"))).Outcome);
        Assert.Equal(EntryOutcome.Unchanged, (await world.EnterAsync(Entries.Reachable("d1"))).Outcome);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Entries.Reachable("d1", version: 2))).Outcome);
        Assert.Equal(2, (await world.StateAsync("d1")).StateVersion);
    }

    [Fact]
    public async Task A_changed_policy_epoch_is_noticed_before_anything_is_leased()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var advanced = await world.Store.Epochs.AdvanceEpochAsync(EpochKind.Policy, TestContext.Current.CancellationToken);

        Assert.Single(await world.PullAsync(world.Order()));
        Assert.Equal(advanced.Policy, world.Get<Rules.IRuleSource>().Current.Epochs.Policy);
    }

    [Fact]
    public async Task The_events_of_a_debtor_form_one_chain()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));

        var rows = await world.Store.Events.ReadEventsBackAsync(new DebtorKey(World.Tenant, "d1"), null, 100, TestContext.Current.CancellationToken);
        var head = Array.Empty<byte>();
        var next = 1L;
        foreach (var row in rows.Reverse())
        {
            head = System.Security.Cryptography.SHA256.HashData([.. head, .. row.Payload.Span]);
            Assert.Equal(head, row.Chain.ToArray());
            var batch = Protocol.Events.EventCodec.Decode(row.Payload.Span);
            Assert.Equal(next, batch.FirstSequence);
            next += batch.Events.Length;
        }

        Assert.Equal(3, rows.Count);
    }
}
