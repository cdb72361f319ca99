using Scheduler.Domain.Debtors;
using Scheduler.Grains.Due;

namespace Scheduler.Grains.Tests.Due;

public sealed class DueMemoryTests
{
    private const long Now = 1_000_000;

    private readonly DueMemory _memory = new();
    private readonly DueLane _lane;

    public DueMemoryTests() => _lane = _memory.AddLane(1, ContactChannel.Sms);

    [Fact]
    public void A_refill_merges_and_never_brings_back_what_a_later_hint_moved()
    {
        _memory.Merge("t/a", 1, Now, _lane);
        _memory.Hint(new DueHint("t/a", 2, Now + 500, 1), _lane, long.MaxValue);
        _memory.Merge("t/a", 1, Now, _lane);

        Assert.Null(_memory.TakeDue(_lane, Now));
        Assert.Equal("t/a", _memory.TakeDue(_lane, Now + 500)?.Debtor);
    }

    [Fact]
    public void A_hint_that_was_overtaken_changes_nothing()
    {
        _memory.Hint(new DueHint("t/a", 5, Now, 1), _lane, long.MaxValue);
        _memory.Hint(new DueHint("t/a", 4, null, 1), null, long.MaxValue);

        Assert.Equal("t/a", _memory.TakeDue(_lane, Now)?.Debtor);
    }

    [Fact]
    public void A_woken_debtor_of_which_nothing_is_heard_is_due_again()
    {
        _memory.Merge("t/a", 1, Now, _lane);
        Assert.NotNull(_memory.TakeDue(_lane, Now));
        Assert.Null(_memory.TakeDue(_lane, Now + DueMemory.WokenFor - 1));
        Assert.NotNull(_memory.TakeDue(_lane, Now + DueMemory.WokenFor));
    }

    [Fact]
    public void What_was_offered_to_a_queue_that_lost_its_memory_is_due_again()
    {
        _memory.Merge("t/a", 1, Now, _lane);
        _memory.TakeDue(_lane, Now);
        _memory.ForgetWakes(ContactChannel.Sms, Now + 1);
        Assert.NotNull(_memory.TakeDue(_lane, Now + 1));
    }

    [Fact]
    public void A_full_lane_leaves_the_rest_in_the_store_and_reads_early_enough_to_find_it()
    {
        _lane.ReadUntil = long.MaxValue;
        for (var i = 0; i < DueLane.Capacity; i++) Assert.True(_memory.Merge("t/" + i, 1, Now, _lane));

        Assert.False(_memory.Merge("t/more", 1, Now + 7, _lane));
        Assert.Equal(Now + 7, _lane.ReadUntil);
        Assert.Equal(DueLane.Capacity, _lane.Count);
    }

    [Fact]
    public void A_debtor_that_left_the_index_leaves_memory()
    {
        _memory.Merge("t/a", 1, Now, _lane);
        _memory.Hint(new DueHint("t/a", 2, null, 1), null, long.MaxValue);
        Assert.Equal((0, 0), (_memory.Count, _lane.Count));
    }
}
