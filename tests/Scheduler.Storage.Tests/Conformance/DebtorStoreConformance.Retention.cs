using NodaTime;
using Scheduler.Storage.Tests.TestKit;
using Change = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    private static readonly Instant Old = ProvedDebtors.Before - Duration.FromDays(40);
    private static readonly Instant Recent = ProvedDebtors.Before + Duration.FromDays(1);

    [Fact]
    public async Task A_sweep_drops_old_records_under_signed_checkpoints_and_leaves_the_rest_whole()
    {
        using var debtors = new ProvedDebtors(Store);
        var (ana, bea, eva) = (Write.Key("ana"), Write.Key("bea"), Write.Key("eva"));
        await debtors.WriteAsync(ana, Old, isConsent: true);
        await debtors.WriteAsync(bea, Old);
        foreach (var at in new[] { Old, Old + Duration.FromDays(30), Recent }) await debtors.WriteAsync(ana, at);
        await debtors.WriteAsync(eva, Recent);
        await debtors.Roots.SignAsync(ProvedDebtors.Now, default);

        var counts = await debtors.SweepAsync(new SteppedTime());
        await ReopenAsync();

        Assert.Equal((2, 4, true), (counts.Debtors, counts.Records, counts.IsComplete));
        Assert.Empty(counts.Kept);
        using var after = new ProvedDebtors(Store);
        Assert.Equal(["empty", "empty", "checkpoint", "whole"], await after.ReadAsync(ana));
        Assert.Equal(["checkpoint"], await after.ReadAsync(bea));
        Assert.Equal(["whole"], await after.ReadAsync(eva));
        Assert.Equal(6, await Store.Events.CountAsync());
    }

    [Fact]
    public async Task A_checkpoint_is_signed_counts_what_it_stands_for_and_keeps_consents()
    {
        using var debtors = new ProvedDebtors(Store);
        var ana = Write.Key("ana");
        await debtors.WriteAsync(ana, Old, isConsent: true);
        foreach (var day in new[] { 36, 37 }) await debtors.WriteAsync(ana, Old + Duration.FromDays(day));
        await debtors.Roots.SignAsync(ProvedDebtors.Now, default);
        await debtors.SweepAsync(new SteppedTime());

        var (checkpoint, kept) = await debtors.CheckpointOfAsync(ana);
        Assert.True(debtors.Roots.IsSigned(checkpoint));
        Assert.Equal(3, checkpoint.RecordCount);
        Assert.IsType<Change.ConsentRecorded>(Assert.Single(kept.Records.SelectMany(static record => record.Events), static one => one is not Change.Noted));
    }

    [Fact]
    public async Task A_sweep_goes_on_where_the_last_one_ended_and_a_second_checkpoint_stands_for_the_first()
    {
        using var debtors = new ProvedDebtors(Store);
        var ana = Write.Key("ana");
        await debtors.WriteAsync(ana, Old);
        await debtors.Roots.SignAsync(ProvedDebtors.Now, default);
        Assert.Equal(1, (await debtors.SweepAsync(new SteppedTime())).Records);
        Assert.Equal(0, (await debtors.SweepAsync(new SteppedTime())).Records);

        await debtors.WriteAsync(ana, Old + Duration.FromDays(1));
        await debtors.Roots.SignAsync(ProvedDebtors.Now + Duration.FromDays(1), default);
        Assert.Equal(2, (await debtors.SweepAsync(new SteppedTime())).Records);
        Assert.Equal(["empty", "checkpoint"], await debtors.ReadAsync(ana));
        Assert.Equal(2, (await debtors.CheckpointOfAsync(ana)).Checkpoint.RecordCount);
    }

    [Fact]
    public async Task What_no_signed_root_covers_is_not_dropped_and_the_sweep_says_that_it_is_not_done()
    {
        using var debtors = new ProvedDebtors(Store);
        await debtors.WriteAsync(Write.Key("ana"), Old);
        await debtors.Roots.SignAsync(ProvedDebtors.Now, default);
        await debtors.WriteAsync(Write.Key("zoe", "other"), Old);
        var counts = await debtors.SweepAsync(new SteppedTime());

        Assert.Equal((1, false), (counts.Records, counts.IsComplete));
        Assert.Equal(["whole"], await debtors.ReadAsync(Write.Key("zoe", "other")));
        await debtors.Roots.SignAsync(ProvedDebtors.Now + Duration.FromDays(1), default);
        var next = await debtors.SweepAsync(new SteppedTime());
        Assert.Equal((1, true), (next.Records, next.IsComplete));
    }
}
