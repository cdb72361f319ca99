using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Strategies;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Planning;

public sealed class PlanningTests
{
    private static readonly LocalDate Monday = new(2026, 3, 2);

    private static Run Entered(DecisionContext context, string local = "2026-03-02 09:00", Func<EntryCommand, EntryCommand>? change = null)
    {
        var run = new Run(context, InBogota(local));
        run.Enter(change is null ? Colombian() : change(Colombian()));
        return run;
    }

    private static Func<EntryCommand, EntryCommand> DueOn(LocalDate date) => entry => entry with { Accounts = [Owed(Loan, oldestDueOn: date)] };

    [Fact]
    public void Day_zero_is_the_oldest_due_date_else_the_day_of_entry()
    {
        var context = With(Step(5, ContactChannel.Call));
        Assert.Equal(InBogota("2026-03-07 00:00"), Entered(context).PlanOf(Loan).DueAt);
        Assert.Equal(InBogota("2026-03-03 00:00"), Entered(context, change: DueOn(new LocalDate(2026, 2, 26))).PlanOf(Loan).DueAt);
    }

    [Fact]
    public void A_debtor_in_two_zones_is_due_when_the_day_has_come_in_both()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)), InNewYork("2026-03-02 12:00"));
        run.Enter(NewYorker() with
        {
            Profile = new DebtorProfile
            {
                Locations =
                [
                    new LocationEvidence("US", "", "", "", "America/New_York", LocationSource.Debtor, null),
                    new LocationEvidence("US", "", "", "", "America/Los_Angeles", LocationSource.Residence, null),
                ],
            },
        });
        Assert.Equal(InNewYork("2026-03-03 03:00"), run.PlanOf(Loan).DueAt);
    }

    [Fact]
    public void An_account_that_comes_late_begins_at_its_current_step_and_the_steps_before_were_never_its_own()
    {
        var run = Entered(WithClassic, change: DueOn(new LocalDate(2026, 1, 10)));
        Assert.Equal("call-centre", run.PlanOf(Loan).StepId);
        Assert.Equal(run.Now, run.PlanOf(Loan).DueAt);
        Assert.Equal(InBogota("2026-03-09 00:00"), run.PlanOf(Loan).LapsesAt);
        Assert.Empty(run.EventsOf<DebtorEvent.StepPassed>());
    }

    [Fact]
    public void Late_steps_never_pile_up()
    {
        var run = Entered(With(Step(1, ContactChannel.Call), Step(2, ContactChannel.Sms), Step(3, ContactChannel.Email), Step(9, ContactChannel.Call)));
        run.Now = InBogota("2026-03-06 09:00");
        run.Wake();
        Assert.Equal("email-3", run.PlanOf(Loan).StepId);
        Assert.Equal(["call-1", "sms-2"], run.EventsOf<DebtorEvent.StepPassed>().Select(e => e.StepId));
        Assert.All(run.EventsOf<DebtorEvent.StepPassed>(), e => Assert.Equal(StepPassing.Overtaken, e.Passing));
    }

    [Fact]
    public void A_step_not_done_in_its_time_lapses_and_says_so()
    {
        var run = Entered(With(Step(1, ContactChannel.Call, lapseAfterDays: 2), Step(9, ContactChannel.Sms)));
        run.Now = InBogota("2026-03-05 00:00");
        run.Wake();
        Assert.Equal("sms-9", run.PlanOf(Loan).StepId);
        var lapsed = run.EventsOf<DebtorEvent.StepPassed>().Single();
        Assert.Equal(StepPassing.Lapsed, lapsed.Passing);
        Assert.Equal(InBogota("2026-03-05 00:00"), lapsed.At);
    }

    [Fact]
    public void If_no_answer_is_skipped_once_the_debtor_has_answered()
    {
        var steps = new[] { Step(1, ContactChannel.Call), Step(3, ContactChannel.Call) with { Condition = StepCondition.IfNoAnswer }, Step(12, ContactChannel.Call) };
        var run = Entered(With(steps));
        run.WakeNext();
        run.Report(run.MustLease(ContactChannel.Call), run.Placed(Disposition.RightParty));
        run.WakeNext();
        Assert.Equal("call-12", run.PlanOf(Loan).StepId);
        Assert.Equal(StepPassing.Answered, run.EventsOf<DebtorEvent.StepPassed>().Single().Passing);

        var silent = Entered(With(steps));
        silent.WakeNext();
        silent.Report(silent.MustLease(ContactChannel.Call), silent.Placed(Disposition.NoAnswer));
        Assert.NotNull(silent.WakeNext().Offer);
        Assert.Equal("call-3", silent.PlanOf(Loan).StepId);
    }

    [Fact]
    public void A_step_that_does_not_wait_is_skipped_when_its_channel_is_closed_on_its_day()
    {
        var run = Entered(With(Step(6, ContactChannel.Call) with { WhileClosed = WhileClosed.Skip }, Step(9, ContactChannel.Sms)));
        run.Now = InBogota("2026-03-08 00:00");
        run.Wake();
        Assert.Equal("sms-9", run.PlanOf(Loan).StepId);
        var skipped = run.EventsOf<DebtorEvent.StepPassed>().Single();
        Assert.Equal(StepPassing.Closed, skipped.Passing);
        Assert.NotEqual("", skipped.RuleId);
    }

    [Theory]
    [InlineData(WhileClosed.Wait, "2026-03-10 07:00", ContactChannel.Call)]
    [InlineData(WhileClosed.SameChannel, "2026-03-05 07:00", ContactChannel.Whatsapp)]
    [InlineData(WhileClosed.NextLawful, "2026-03-05 07:00", ContactChannel.Whatsapp)]
    public void A_delivered_message_closes_the_other_channels_and_the_step_says_what_to_do(WhileClosed whileClosed, string opens, ContactChannel channel)
    {
        var run = Entered(With(Step(1, ContactChannel.Whatsapp), Step(3, ContactChannel.Call) with { WhileClosed = whileClosed }));
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Whatsapp);
        run.Report(lease, run.Placed(Disposition.Accepted, receipts: true));
        run.Receive(lease, ReceiptKind.Delivered);
        while (run.WakeNext().Offer is null) Assert.True(run.Now < InBogota("2026-04-01 00:00"));
        Assert.Equal(InBogota(opens), run.Now);
        Assert.Equal(channel, run.State.Wake.Channel);
        Assert.Equal("call-3", run.MustLease(channel).StepId);
    }

    [Fact]
    public void Without_consent_for_a_step_the_next_lawful_step_is_awaited_and_without_any_the_debtor_is_blocked()
    {
        var context = With(Step(1, ContactChannel.Whatsapp), Step(4, ContactChannel.Call));
        var some = Entered(context, change: entry => entry with { Consents = [Granted(ContactChannel.Call)] });
        Assert.Equal(DebtorPhase.Waiting, some.State.Phase);
        Assert.Equal(InBogota("2026-03-06 00:00"), some.State.Wake.At);

        var none = Entered(context, change: entry => entry with { Consents = [] });
        Assert.Equal(DebtorPhase.Blocked, none.State.Phase);
        Assert.Null(none.State.Wake.At);
        none.Now = InBogota("2026-03-03 09:00");
        none.Signal("yes", new SignalFact.ConsentSaid(Granted(ContactChannel.Whatsapp)));
        Assert.Equal(DebtorPhase.Waiting, none.State.Phase);
        Assert.NotNull(none.Wake().Offer);
    }

    [Fact]
    public void A_later_step_that_only_another_channel_can_do_is_awaited()
    {
        var later = Step(4, ContactChannel.Sms) with { WhileClosed = WhileClosed.NextLawful };
        var run = Entered(With(Step(1, ContactChannel.Whatsapp), later, Step(60, ContactChannel.Call)), change: entry => entry with { Consents = [Granted(ContactChannel.Call)] });
        Assert.Equal(InBogota("2026-03-06 00:00"), run.State.Wake.At);
        while (run.WakeNext().Offer is null) Assert.True(run.Now < InBogota("2026-03-10 00:00"));
        Assert.Equal("sms-4", run.MustLease(ContactChannel.Call).StepId);
    }

    [Fact]
    public void An_account_paid_up_and_late_again_begins_anew()
    {
        var run = Entered(With(Step(1, ContactChannel.Call), Step(20, ContactChannel.Call)));
        run.WakeNext();
        run.Report(run.MustLease(ContactChannel.Call), run.Placed(Disposition.NoAnswer));
        Assert.Equal("call-20", run.PlanOf(Loan).StepId);
        run.Now = InBogota("2026-04-09 09:00");
        run.Enter(Colombian(version: 2) with { Accounts = [Owed(Loan, oldestDueOn: new LocalDate(2026, 4, 9))] });
        Assert.Equal("call-1", run.PlanOf(Loan).StepId);
        Assert.Equal(InBogota("2026-04-10 00:00"), run.PlanOf(Loan).DueAt);
    }

    [Fact]
    public void Days_done_keep_their_place_when_day_zero_moves()
    {
        var run = Entered(With(Step(1, ContactChannel.Call), Step(20, ContactChannel.Call), Step(30, ContactChannel.Call)), change: entry => entry with { Accounts = [Owed(Loan, oldestDueOn: new LocalDate(2026, 2, 20))] });
        run.Now = InBogota("2026-03-12 09:00");
        run.Wake();
        run.Report(run.MustLease(ContactChannel.Call), run.Placed(Disposition.NoAnswer));
        Assert.Equal("call-30", run.PlanOf(Loan).StepId);
        run.Enter(Colombian(version: 2) with { Accounts = [Owed(Loan, oldestDueOn: new LocalDate(2026, 2, 28))] });
        Assert.Equal("call-20", run.PlanOf(Loan).StepId);
        Assert.Equal(InBogota("2026-03-20 00:00"), run.PlanOf(Loan).DueAt);
    }

    [Fact]
    public void When_the_strategy_is_over_the_debtor_is_blocked_until_a_new_fact()
    {
        var run = Entered(With(Step(1, ContactChannel.Call)));
        run.WakeNext();
        run.Report(run.MustLease(ContactChannel.Call), run.Placed(Disposition.NoAnswer));
        Assert.Equal(DebtorPhase.Blocked, run.State.Phase);
        Assert.Equal("plan.strategy_finished", run.State.Wake.Reason);
    }

    [Fact]
    public void A_refusal_is_written_once_and_not_looked_at_again_for_a_minute()
    {
        var run = Entered(With(Step(1, ContactChannel.Call)));
        run.WakeNext();
        run.Now = InBogota("2026-03-03 19:00");
        Assert.Null(run.Wake().Offer);
        Assert.True(run.HasWritten);
        Assert.Equal(InBogota("2026-03-04 07:00"), run.State.Wake.At);
        var refused = run.EventsOf<DebtorEvent.ContactRefused>().Single();
        Assert.NotNull(refused.Until);
        Assert.Contains(refused.Proof!.Rules, rule => rule.RuleId == refused.RuleId && rule.Until == InBogota("2026-03-04 07:00"));
        Assert.All(refused.Proof.Rules, static rule => Assert.True(rule.IsRefusal));
        Assert.Contains(refused.Proof.PackVersions, static version => version.StartsWith("CO.strict@", StringComparison.Ordinal));
        Assert.Equal((7, "America/Bogota"), (refused.Proof.PolicyEpoch, refused.Proof.Zones.Single().ZoneId));
        run.Wake();
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void Confirmed_points_come_first_and_work_only_when_nothing_else_is_there()
    {
        var run = Entered(Shipped, change: entry => entry with
        {
            Points =
            [
                Phone("work", "+573001111111", place: PointPlace.Work),
                Phone("cousin", "+573002222222", place: PointPlace.ThirdParty),
                Phone("maybe", "+573003333333", PointStatus.Unverified),
                Phone("sure", "+573004444444"),
                Phone("wrong", "+573005555555", PointStatus.WrongPerson),
            ],
        });
        Assert.Equal(["sure", "maybe", "work"], PointChoice.For(run.State, ContactChannel.Call).Select(point => point.Id.Value));
        Assert.Empty(PointChoice.For(run.State, ContactChannel.Email));
    }

    [Fact]
    public void Accounts_of_one_creditor_go_together_and_two_creditors_never_do()
    {
        var run = Entered(
            With(Step(1, ContactChannel.Call), Step(20, ContactChannel.Call)),
            change: entry => entry with { Accounts = [Owed(Loan), Owed(Card), Owed(new AccountId("shop-3"), creditor: "shop")] });
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Call);
        Assert.Equal([Card, Loan], lease.Accounts.OrderBy(a => a.Value));
        run.Report(lease, run.Placed(Disposition.NoAnswer));
        Assert.Equal(["call-20", "call-20", "call-1"], run.State.Plans.Select(plan => plan.StepId));
    }

    [Fact]
    public void The_most_urgent_step_goes_first()
    {
        var context = Shipped with
        {
            Strategies = new StrategySet(
            [
                new Strategy { Id = "calm", Version = 1, DefaultFor = ["*"], Steps = [Step(1, ContactChannel.Call)] },
                new Strategy { Id = "urgent", Version = 1, Steps = [Step(1, ContactChannel.Sms) with { Priority = 1 }] },
            ]),
        };
        var run = Entered(context, change: entry => entry with { Accounts = [Owed(Loan), Owed(Card, creditor: "shop") with { StrategyId = "urgent" }] });
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Sms);
        Assert.Equal([Card], lease.Accounts);
        Assert.Equal(1, lease.Priority);
    }

    [Fact]
    public void Another_strategy_starts_a_new_plan_and_a_new_version_of_the_same_does_not()
    {
        var first = new Strategy { Id = "a", Version = 1, DefaultFor = ["*"], Steps = [Step(1, ContactChannel.Call), Step(5, ContactChannel.Sms)] };
        var run = Entered(Shipped with { Strategies = new StrategySet([first]) });
        run.Context = Shipped with { Strategies = new StrategySet([first, first with { Version = 2 }]) };
        run.Wake();
        Assert.Equal("a@1", run.PlanOf(Loan).StrategyVersion);
        run.Context = Shipped with { Strategies = new StrategySet([new Strategy { Id = "b", Version = 3, DefaultFor = ["*"], Steps = [Step(2, ContactChannel.Email)] }]) };
        run.Wake();
        Assert.Equal("b@3", run.PlanOf(Loan).StrategyVersion);
        Assert.Equal("email-2", run.PlanOf(Loan).StepId);
    }

    [Fact]
    public void Friday_half_past_eight_in_New_York_is_judged_as_Friday()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)), InNewYork("2026-03-05 09:00"));
        run.Enter(NewYorker() with { Accounts = [Owed(Loan) with { Collector = CollectorKind.ThirdParty }] });
        run.Now = InNewYork("2026-03-06 20:30");
        run.Wake();
        var lease = run.MustLease(ContactChannel.Call, duration: Duration.FromHours(1));
        Assert.Equal(InNewYork("2026-03-06 21:00"), lease.NotAfter);
        Assert.Equal(new LocalDate(2026, 3, 6), run.State.Contacts.Single().FirstDate);
    }
}
