using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Attempts;

public sealed class OutcomeTests
{
    private static Run Leased(out Lease lease, ContactChannel channel = ContactChannel.Call, bool confirm = false)
    {
        var run = new Run(With(Step(1, channel), Step(20, channel)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        lease = run.MustLease(channel, confirm);
        run.Now += Duration.FromMinutes(2);
        return run;
    }

    [Fact]
    public void A_call_placed_ends_the_lease_and_the_next_step_is_planned()
    {
        var run = Leased(out var lease);
        var reply = run.Report(lease, run.Placed(Disposition.NoAnswer));
        Assert.Equal(FactState.Recorded, reply.State);
        Assert.Empty(reply.BrokenRuleIds);
        Assert.Null(run.Lease);
        Assert.Equal("call-20", run.PlanOf(Loan).StepId);
        var contact = Assert.Single(run.State.Contacts);
        Assert.Equal(ContactStanding.Settled, contact.Standing);
        Assert.False(contact.Facts.TwoWay);
        Assert.Equal(run.Now, contact.PlacedAt);
    }

    [Fact]
    public void Reported_again_it_is_a_duplicate_and_writes_nothing()
    {
        var run = Leased(out var lease);
        var outcome = run.Placed(Disposition.RightParty);
        run.Report(lease, outcome);
        Assert.Equal(FactState.Duplicate, run.Report(lease, outcome).State);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void A_message_with_receipts_to_come_counts_as_delivered_and_silence_does_not_deny_it()
    {
        var run = Leased(out var lease, ContactChannel.Whatsapp);
        run.Report(lease, run.Placed(Disposition.Accepted, receipts: true));
        var contact = run.State.Contacts.Single();
        Assert.Equal(ContactStanding.Placed, contact.Standing);
        Assert.Equal(run.Now + LeaseTerms.Default.SettlesAfter(ContactChannel.Whatsapp), contact.SettlesAt);
        Assert.True((contact.Effective() & CountedFacts.Delivered) != CountedFacts.None);

        run.Now = contact.SettlesAt!.Value;
        run.Wake();
        Assert.Equal(ContactStanding.Settled, run.State.Contacts.Single().Standing);
        Assert.True((run.State.Contacts.Single().Effective() & CountedFacts.Delivered) != CountedFacts.None);
        Assert.Single(run.EventsOf<DebtorEvent.ContactSettled>());
        run.Receive(lease, ReceiptKind.Failed);
        Assert.True((run.State.Contacts.Single().Effective() & CountedFacts.Delivered) == CountedFacts.None);
    }

    [Fact]
    public void A_message_without_receipts_to_come_counts_as_delivered()
    {
        var run = Leased(out var lease, ContactChannel.Sms);
        run.Report(lease, run.Placed(Disposition.Accepted));
        Assert.True((run.State.Contacts.Single().Effective() & CountedFacts.Delivered) != CountedFacts.None);
    }

    [Theory]
    [InlineData(Disposition.Accepted, false)]
    [InlineData(Disposition.Accepted, true)]
    [InlineData(Disposition.Unknown, true)]
    [InlineData(Disposition.Screened, false)]
    public void A_call_may_have_been_a_conversation_until_its_outcome_says(Disposition disposition, bool receipts)
    {
        var run = Leased(out var lease);
        var outcome = run.Placed(disposition, receipts);
        run.Report(lease, outcome);
        run.Receive(lease, ReceiptKind.Sent, final: true);
        run.Receive(lease, ReceiptKind.Delivered);
        run.Now += Duration.FromDays(3);
        run.Wake();
        var contact = run.State.Contacts.Single();
        Assert.Equal(ContactStanding.Unresolved, contact.Standing);
        Assert.True((contact.Effective() & CountedFacts.TwoWay) != CountedFacts.None);
        Assert.Equal(FactState.Duplicate, run.Report(lease, outcome).State);
        run.Report(lease, run.Placed(Disposition.HungUp));
        Assert.Equal(ContactStanding.Settled, run.State.Contacts.Single().Standing);
        Assert.True((run.State.Contacts.Single().Effective() & CountedFacts.TwoWay) == CountedFacts.None);
    }

    [Fact]
    public void A_time_of_placing_before_the_lease_is_that_of_the_lease()
    {
        var run = Leased(out var lease);
        var outcome = run.Placed(Disposition.RightParty) with { PlacedAt = lease.LeasedAt - Duration.FromDays(30) };
        var reply = run.Report(lease, outcome);
        Assert.Equal([DebtorDecider.PlacedBeforeLease], reply.BrokenRuleIds);
        Assert.Equal(lease.LeasedAt, run.State.Contacts.Single().PlacedAt);
        Assert.Equal(FactState.Duplicate, run.Report(lease, outcome).State);

        run = Leased(out lease);
        Assert.Empty(run.Report(lease, run.Placed(Disposition.Busy) with { PlacedAt = lease.LeasedAt - Duration.FromMinutes(5) }).BrokenRuleIds);
    }

    [Fact]
    public void A_blocked_receipt_says_nothing_against_not_placed_in_either_order()
    {
        var first = Leased(out var lease, ContactChannel.Whatsapp);
        first.Receive(lease, ReceiptKind.Blocked, final: true);
        Assert.Equal(FactState.Recorded, first.Report(lease, Run.NotPlaced()).State);
        var second = Leased(out lease, ContactChannel.Whatsapp);
        second.Report(lease, Run.NotPlaced());
        second.Receive(lease, ReceiptKind.Blocked, final: true);
        Assert.Equal(first.State.Contacts.Single().Effective(), second.State.Contacts.Single().Effective());
        Assert.False(first.State.Contacts.Single().Facts.Placed);
    }

    [Fact]
    public void An_outcome_whose_record_is_gone_still_counts_and_its_signals_bind()
    {
        var run = Leased(out _);
        run.Release(run.Lease!);
        var gone = new LeaseRef(DispatchId.Of("ana", 1), 1);
        var stop = Signal("stop", run.Now, new SignalFact.Inbound { Intent = InboundIntent.Stop, Point = Mobile }, ContactChannel.Call);
        var outcome = new OutcomeCommand { Lease = gone, Outcome = run.Placed(Disposition.Accepted, signals: [stop]) };
        Assert.Equal(FactState.RecordedStale, run.Report(outcome).State);
        Assert.Contains(run.State.Consents, fact => fact.Kind == Consent.ConsentKind.Withdrawn);
        Assert.True((run.State.FindContact("ana.1")!.Effective() & CountedFacts.TwoWay) != CountedFacts.None);
        Assert.Equal(FactState.Duplicate, run.Report(outcome).State);
        Assert.False(run.HasWritten);

        var forged = outcome with { Lease = gone with { Fence = 2, Dispatch = new DispatchId("ana.zz") }, Outcome = run.Placed(Disposition.Accepted, signals: [stop with { SignalId = "again" }]) };
        Assert.Equal(FactState.Unknown, run.Report(forged).State);
        Assert.True(run.HasWritten);
    }

    [Fact]
    public void A_call_of_which_nothing_is_known_stays_the_worst()
    {
        var run = Leased(out var lease);
        run.Report(lease, run.Placed(Disposition.Unknown));
        Assert.Equal(ContactStanding.Unresolved, run.State.Contacts.Single().Standing);
    }

    [Fact]
    public void Not_placed_refunds_the_count_and_keeps_the_step()
    {
        var run = Leased(out var lease);
        Assert.Equal(FactState.Recorded, run.Report(lease, Run.NotPlaced()).State);
        var contact = run.State.Contacts.Single();
        Assert.True((contact.Effective() & CountedFacts.Placed) == CountedFacts.None);
        Assert.Equal(1, run.PlanOf(Loan).NotPlacedCount);
        Assert.Equal("call-1", run.PlanOf(Loan).StepId);
        Assert.Equal(FactState.Duplicate, run.Report(lease, Run.NotPlaced()).State);
    }

    [Fact]
    public void A_retry_time_is_respected()
    {
        var run = Leased(out var lease);
        var retry = run.Now + Duration.FromHours(3);
        run.Report(lease, Run.NotPlaced(retryAt: retry));
        Assert.Equal(retry, run.State.Wake.At);
    }

    [Fact]
    public void A_retry_time_beyond_the_step_does_not_hold_up_the_next_one()
    {
        var run = new Run(With(Step(1, ContactChannel.Call), Step(4, ContactChannel.Sms)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        run.Report(run.MustLease(ContactChannel.Call), Run.NotPlaced(retryAt: run.Now + Duration.FromDays(9)));
        Assert.Equal(InBogota("2026-03-06 00:00"), run.State.Wake.At);
        run.WakeNext();
        Assert.Equal("sms-4", run.PlanOf(Loan).StepId);
    }

    [Fact]
    public void Not_placed_five_times_in_a_row_and_the_step_lapses()
    {
        var run = Leased(out var lease);
        for (var count = 1; count <= 4; count++)
        {
            run.Report(lease, Run.NotPlaced());
            Assert.Equal("call-1", run.PlanOf(Loan).StepId);
            run.WakeNext();
            lease = run.MustLease(ContactChannel.Call);
        }

        run.Report(lease, Run.NotPlaced());
        Assert.Equal("call-20", run.PlanOf(Loan).StepId);
        Assert.Equal(StepPassing.NotPlaced, run.EventsOf<DebtorEvent.StepPassed>().Single().Passing);
    }

    [Fact]
    public void After_expiry_an_outcome_changes_no_lease_and_its_facts_count()
    {
        var run = Leased(out var first, confirm: true);
        run.Confirm(first);
        var placedAt = run.Now;
        run.Now = first.ExpiresAt + Duration.FromSeconds(2);
        run.Wake();
        Assert.Equal(ContactStanding.Unresolved, run.State.Contacts.Single().Standing);

        run.Now += Duration.FromHours(5);
        var reply = run.Report(first, new Outcome.Placed { PlacedAt = placedAt, Disposition = Disposition.RightParty });
        Assert.Equal(FactState.RecordedStale, reply.State);
        var contact = run.State.Contacts.Single();
        Assert.True(contact.Facts.TwoWay);
        Assert.Equal(ContactStanding.Settled, contact.Standing);
        Assert.Equal(placedAt, contact.PlacedAt);
    }

    [Fact]
    public void A_stale_outcome_leaves_another_dispatch_its_lease()
    {
        var run = Leased(out var first, confirm: true);
        run.Now = first.ExpiresAt + Duration.FromSeconds(2);
        run.Wake();
        var second = run.MustLease(ContactChannel.Call);
        var reply = run.Report(first, run.Placed(Disposition.NoAnswer));
        Assert.Equal(FactState.RecordedStale, reply.State);
        Assert.Equal([DebtorDecider.PlacedWithoutGo], reply.BrokenRuleIds);
        Assert.Equal(second.Dispatch, run.Lease?.Dispatch);
        Assert.Equal(2, run.State.Contacts.Count(contact => contact.Facts.Placed));
    }

    [Fact]
    public void A_conversation_reported_late_closes_what_a_conversation_closes()
    {
        var context = Shipped with { Policy = RulePacks.PackLibrary.LoadShipped().Compile(7, new Dictionary<string, string> { ["CO"] = "CO.literal" }) };
        var run = new Run(context with { Strategies = With(Step(1, ContactChannel.Call), Step(2, ContactChannel.Sms)).Strategies }, InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Call);
        run.Report(lease, run.Placed(Disposition.NoAnswer));
        Assert.Equal(InBogota("2026-03-04 07:00"), run.State.Wake.At);
        // Somebody listens to the recording: it was a conversation. Under the literal reading it closes the other channels for the week.
        run.Report(lease, run.Placed(Disposition.RightParty) with { PlacedAt = run.Now });
        Assert.Equal(InBogota("2026-03-09 07:00"), run.State.Wake.At);
    }

    [Fact]
    public void Not_placed_after_delivered_is_a_conflict_and_the_stricter_stands()
    {
        var run = Leased(out var lease, ContactChannel.Whatsapp);
        run.Receive(lease, ReceiptKind.Delivered);
        Assert.Equal(FactState.Conflict, run.Report(lease, Run.NotPlaced()).State);
        Assert.True(run.State.Contacts.Single().Facts.Delivered);
        Assert.Null(run.Lease);
        Assert.Single(run.EventsOf<DebtorEvent.FactContradicted>());
        Assert.Equal("whatsapp-20", run.PlanOf(Loan).StepId);
    }

    [Fact]
    public void Placed_after_reported_as_not_placed_is_a_conflict_and_counts()
    {
        var run = Leased(out var lease);
        run.Report(lease, Run.NotPlaced());
        Assert.Equal(FactState.Conflict, run.Report(lease, run.Placed(Disposition.RightParty)).State);
        Assert.True(run.State.Contacts.Single().Facts.TwoWay);
    }

    [Fact]
    public void A_lapsed_counted_lease_reported_as_not_placed_is_refunded()
    {
        var run = Leased(out var lease);
        run.WakeNext();
        Assert.Equal(FactState.RecordedStale, run.Report(lease, Run.NotPlaced()).State);
        Assert.False(run.State.Contacts.Single().Facts.Placed);
    }

    [Fact]
    public void Placing_after_not_after_is_counted_and_said_to_break_the_rule()
    {
        var run = Leased(out var lease);
        run.Now = lease.NotAfter;
        Assert.Equal([DebtorDecider.PlacedTooLate], run.Report(lease, run.Placed(Disposition.NoAnswer)).BrokenRuleIds);
        Assert.Equal([DebtorDecider.PlacedTooLate], run.EventsOf<DebtorEvent.ContactPlaced>().Single().BrokenRuleIds);
    }

    [Fact]
    public void A_dispatch_that_was_never_is_unknown_and_a_forged_fence_is_invalid()
    {
        var run = Leased(out var lease);
        Assert.Equal(FactState.Unknown, run.Report(lease with { Dispatch = new DispatchId("ana.zzz") }, run.Placed(Disposition.Busy)).State);
        Assert.Equal(FactState.Invalid, run.Report(lease with { Fence = 99 }, run.Placed(Disposition.Busy)).State);
        Assert.NotNull(run.Lease);
    }

    [Fact]
    public void Signals_that_come_with_an_outcome_are_applied_in_the_same_decision()
    {
        var run = Leased(out var lease);
        var promise = Signal("p1", run.Now, new SignalFact.PromiseSaid(new Promise { Id = "p", Accounts = [Loan], Amount = Usd(100), DueOn = new LocalDate(2026, 3, 20) }));
        var reply = run.Report(lease, run.Placed(Disposition.RightParty, signals: [promise]));
        Assert.Equal(ApplyState.Recorded, Assert.Single(reply.Signals).State);
        Assert.Single(run.State.Promises);
        Assert.Empty(reply.Signals[0].Revoked);
        Assert.Equal(ApplyState.Duplicate, run.Signal(promise).State);
    }

    [Fact]
    public void What_a_call_teaches_about_the_number_is_kept()
    {
        var confirmed = Leased(out var lease);
        confirmed.Report(lease, confirmed.Placed(Disposition.RightParty));
        Assert.Equal(confirmed.Now, confirmed.State.Points[0].ConfirmedAt);

        var wrong = Leased(out lease);
        wrong.Report(lease, wrong.Placed(Disposition.WrongParty));
        Assert.Equal(PointStatus.WrongPerson, wrong.State.Points[0].Status);

        var dead = Leased(out lease);
        dead.Report(lease, dead.Placed(Disposition.NotInService));
        Assert.Equal(PointStatus.Unreachable, dead.State.Points[0].Status);
    }

    [Fact]
    public void A_refused_address_loses_the_channel_and_keeps_the_others()
    {
        var run = Leased(out var lease, ContactChannel.Whatsapp);
        run.Report(lease, Run.NotPlaced(NotPlacedReason.AddressRefused, scope: FaultScope.Point));
        var point = run.State.Points.Single(p => p.Id == Mobile);
        Assert.False(point.Channels.Contains(ContactChannel.Whatsapp));
        Assert.True(point.Channels.Contains(ContactChannel.Sms));
    }

    [Fact]
    public void A_time_ahead_of_our_clock_is_invalid()
    {
        var run = Leased(out var lease);
        var reply = run.Report(lease, new Outcome.Placed { PlacedAt = run.Now + Duration.FromMinutes(6), Disposition = Disposition.Busy });
        Assert.Equal(FactState.Invalid, reply.State);
        Assert.NotNull(run.Lease);
    }
}
