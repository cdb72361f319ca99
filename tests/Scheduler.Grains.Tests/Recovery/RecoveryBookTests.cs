using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Recovery;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Recovery;

/// <summary>Writes may have been lost: nothing is leased until that is settled.</summary>
public sealed class RecoveryBookTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_a_recovery_is_open_nothing_is_leased_confirmed_or_extended_and_facts_count()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.EnterAsync(Entries.Reachable("d2"));
        var held = Assert.Single(await world.PullAsync(world.Order(count: 1)));
        await BeginAsync(world);

        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        var other = held.DebtorId == "d1" ? "d2" : "d1";
        var lease = await world.Debtor(other).Lease(new LeaseRequest("wa-1", "i-1", "p", ContactChannel.Whatsapp, TimeSpan.FromMinutes(1), false, 1, DateTimeOffset.MaxValue));
        Assert.Equal(LeaseRefusal.Closed, lease.Refusal);
        var claim = new LeaseClaim("wa-1", held.DispatchId, held.LeaseToken.Memory);
        Assert.Equal("LEASING_CLOSED", (await world.Debtor(held.DebtorId).Confirm(claim)).Fault?.Reason);
        Assert.Equal("LEASING_CLOSED", (await world.Debtor(held.DebtorId).Extend(new LeaseExtension(claim, TimeSpan.FromMinutes(9)))).Fault?.Reason);
        Assert.Equal(FactFate.Recorded, (await world.ReportAsync(Entries.Placed(held, world.Time.GetUtcNow()))).Fate);
    }

    [Fact]
    public async Task It_stays_open_over_a_restart_and_ends_once_everything_was_sent_again()
    {
        var first = await World.StartWithPolicyAsync();
        await first.EnterAsync(Entries.Reachable("d1"));
        await BeginAsync(first);
        await using var world = await first.RestartAsync();
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));

        var ended = await world.Get<RecoveryBook>().EndAsync(RecoveryEnd.Resent, "ops-1", "all gateways reported", Cancel);

        Assert.False(ended.IsOpen);
        Assert.Empty(ended.Gaps);
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        Assert.True(new DispatchId(dispatch.DispatchId).TryParse(out _, out var fence));
        Assert.True(fence > 1L << 40, "the fence may be one that was given before the restore");
        Assert.Equal(FactFate.Recorded, (await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()))).Fate);
    }

    [Fact]
    public async Task A_declared_gap_counts_for_who_was_known_and_not_for_who_comes_later()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await BeginAsync(world);
        world.Time.AdvanceTo(world.Time.GetUtcNow().AddMinutes(5));
        var ended = await world.Get<RecoveryBook>().EndAsync(RecoveryEnd.GapDeclared, "ops-1", "the gateways keep no records", Cancel);
        await world.EnterAsync(Entries.Reachable("d2"));

        Assert.Equal(1, Assert.Single(ended.Gaps).Number);
        Assert.Equal(["d2"], (await world.PullAsync(world.Order())).Select(static d => d.DebtorId));
        Assert.Null((await world.StateAsync("d1")).Lease);
        await world.AdvanceAsync(TimeSpan.FromDays(8) - TimeSpan.FromMinutes(5));
        await Eventually.HoldsAsync(async () => (await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero })).Any(static d => d.DebtorId == "d1")
            || (await world.StateAsync("d1")).State == V1.DebtorState.Blocked);
    }

    [Fact]
    public async Task Begun_again_it_only_moves_its_start_back_and_ended_again_it_changes_nothing()
    {
        await using var world = await World.StartWithPolicyAsync();
        var book = world.Get<RecoveryBook>();
        var first = await BeginAsync(world);
        var hourAgo = first.Start - NodaTime.Duration.FromHours(1);
        Assert.Equal(first.Row, (await BeginAsync(world)).Row);
        var moved = await book.BeginAsync(RecoveryCause.Stated, hourAgo, 0, "ops-1", "the backup was older", Cancel);
        Assert.Equal((RecoveryCause.LogEndsEarly, hourAgo, first.BegunAt), (moved.Cause, moved.Start, moved.BegunAt));

        var ended = await book.EndAsync(RecoveryEnd.GapDeclared, "ops-1", "declared", Cancel);
        var again = await book.EndAsync(RecoveryEnd.GapDeclared, "ops-1", "declared", Cancel);
        Assert.Equal((ended.Row, 1), (again.Row, again.Gaps.Length));
    }

    [Fact]
    public async Task A_change_cut_short_between_its_row_and_its_epoch_is_finished_by_its_repeat()
    {
        await using var world = await World.StartWithPolicyAsync();
        var open = RecoveryState.None with { IsOpen = true, Epoch = 7, Start = NodaTime.Instant.FromUnixTimeSeconds(1) };
        await world.Store.Settings.WriteSettingAsync(new SettingWrite(RecoveryState.Key, 0, open.Write(), "host", "test", 0), Cancel);
        await BeginAsync(world);
        Assert.Equal(7, (await world.Store.Epochs.ReadEpochsAsync(Cancel)).Recovery);
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
    }

    private static Task<RecoveryState> BeginAsync(World world) =>
        world.Get<RecoveryBook>().BeginAsync(RecoveryCause.LogEndsEarly, null, 9, "host", "the log ends early", Cancel);
}
