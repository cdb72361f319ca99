using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>A restore lost writes, and an operator declared the gap: what was placed in it counts as the worst.</summary>
public sealed class GapTests
{
    private static readonly Instant Declared = InBogota("2026-03-03 10:00");
    private static readonly RecoveryGap Gap = new(1, InBogota("2026-03-02 18:00"), Declared);

    /// <summary>Known before the gap, and looked at after it.</summary>
    private static Run Restored()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.Context = run.Context with { Gaps = [Gap] };
        run.Now = Declared + Duration.FromMinutes(1);
        return run;
    }

    [Fact]
    public void For_each_channel_of_its_points_a_debtor_that_was_known_counts_one_contact_as_the_worst()
    {
        var run = Restored();
        run.Wake();
        Assert.Equal(
            [ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Ivr, ContactChannel.VoicemailDrop, ContactChannel.Email, ContactChannel.Rcs],
            run.State.Contacts.Select(static c => c.Channel).Order());
        var call = run.State.Contacts.Single(static c => c.Channel == ContactChannel.Call);
        Assert.True((call.Effective() & CountedFacts.TwoWay) != CountedFacts.None);
        Assert.Equal((new LocalDate(2026, 3, 2), new LocalDate(2026, 3, 3)), (call.FirstDate, call.LastDate));
        Assert.Equal(7, run.EventsOf<DebtorEvent.ContactSeeded>().Count());
    }

    [Fact]
    public void It_counts_once()
    {
        var run = Restored();
        run.Wake();
        run.Wake();
        run.Now += Duration.FromDays(1);
        run.Wake();
        Assert.Equal(7, run.EventsOf<DebtorEvent.ContactSeeded>().Count());
    }

    [Fact]
    public void Nothing_is_leased_that_the_rules_refuse_after_such_a_contact_and_later_it_is()
    {
        var run = Restored();
        Assert.Null(run.TryLease(ContactChannel.Call).Lease);
        var again = run.State.Wake.At!.Value;
        Assert.True(again > Declared + Duration.FromHours(12));
        run.Now = again;
        run.WakeNext();
        run.MustLease(ContactChannel.Call);
    }

    [Fact]
    public void A_debtor_that_is_entered_after_the_gap_counts_nothing_of_it()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)) with { Gaps = [Gap] }, Declared + Duration.FromMinutes(1));
        run.Enter(Colombian());
        run.WakeNext();
        run.MustLease(ContactChannel.Call);
        Assert.Empty(run.EventsOf<DebtorEvent.ContactSeeded>());
    }

    [Fact]
    public void A_lease_that_is_still_to_be_confirmed_is_judged_with_the_gap()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Call, confirm: true);
        run.Now += Duration.FromMinutes(1);
        run.Context = run.Context with { Gaps = [new RecoveryGap(1, lease.LeasedAt, run.Now)] };
        Assert.False(run.Confirm(lease).Go);
    }

    [Fact]
    public void Fences_of_after_a_recovery_stand_above_all_that_may_have_been_lost()
    {
        var before = Shipped;
        var after = Shipped with { RecoveryEpoch = 1 };
        Assert.Equal(7, before.FenceOf(7));
        Assert.True(after.FenceOf(2) > before.FenceOf(1_000_000_000));
        Assert.True(DispatchId.Of("ana", (after with { RecoveryEpoch = 1_000 }).FenceOf(5)).TryParse(out var debtor, out var version));
        Assert.Equal(("ana", (1_000L << 40) + 5), (debtor, version));
    }
}
