using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class SignalTests
{
    private static readonly Instant Tuesday = InBogota("2026-03-03 09:00");

    private static Run Planned(params Account[] accounts)
    {
        var run = new Run(With(Step(1, ContactChannel.Call), Step(20, ContactChannel.Sms)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian() with { Accounts = accounts.Length == 0 ? [Owed(Loan)] : [.. accounts] });
        run.Now = Tuesday;
        return run;
    }

    private static Run Leased(out Lease lease, bool confirmed = false, params Account[] accounts)
    {
        var run = Planned(accounts);
        lease = run.MustLease(ContactChannel.Call, confirm: true);
        if (confirmed) run.Confirm(lease);
        run.Now += Duration.FromMinutes(1);
        return run;
    }

    [Fact]
    public void A_repeat_is_a_duplicate_and_another_body_is_rejected()
    {
        var run = Planned();
        var signal = Signal("s1", run.Now, new SignalFact.InformationRequested("statement", ContactChannel.Email));
        Assert.Equal(ApplyState.Recorded, run.Signal(signal).State);
        Assert.Equal(ApplyState.Duplicate, run.Signal(signal).State);
        Assert.False(run.HasWritten);
        var reply = run.Signal(signal with { Fact = new SignalFact.InformationRequested("payoff", ContactChannel.Email) });
        Assert.Equal(ApplyState.Rejected, reply.State);
        Assert.Equal(RefusalReasons.KeyReused, reply.Refusal?.Reason);
    }

    [Fact]
    public void A_signal_more_than_five_minutes_ahead_is_rejected()
    {
        var run = Planned();
        Assert.Equal(RefusalReasons.TooFarAhead, run.Signal(Signal("s1", run.Now + Duration.FromMinutes(6), new SignalFact.InformationRequested("x", ContactChannel.Email))).Refusal?.Reason);
    }

    [Fact]
    public void A_payment_in_full_closes_the_account_and_withdraws_the_lease()
    {
        var run = Leased(out var lease);
        var reply = run.Signal("pay", new SignalFact.Payment("p1", Loan, Usd(100), Usd(0)));
        Assert.Equal([lease.Dispatch], reply.Revoked);
        Assert.Equal(CloseReason.Paid, run.State.Accounts[0].Closed);
        Assert.Equal(RevokeReasons.Paid, Assert.IsType<Effect.Revoked>(Assert.Single(run.Effects)).Lease.RevokedFor);
        Assert.Equal(DebtorPhase.Finished, run.State.Phase);
    }

    [Fact]
    public void A_partial_payment_lowers_the_balance_and_the_account_stays()
    {
        var run = Planned();
        run.Signal("pay", new SignalFact.Payment("p1", Loan, Usd(40), null));
        Assert.Equal(60, run.State.Accounts[0].Balance.Units);
        Assert.True(run.State.Accounts[0].IsOpen);
    }

    [Fact]
    public void A_reversal_opens_a_paid_account_again()
    {
        var run = Planned();
        run.Signal("pay", new SignalFact.Payment("p1", Loan, Usd(100), Usd(0)));
        run.Now += Duration.FromDays(1);
        run.Signal("back", new SignalFact.Payment("p1", Loan, Usd(-100), Usd(100)));
        Assert.True(run.State.Accounts[0].IsOpen);
        Assert.Equal(100, run.State.Accounts[0].Balance.Units);
        Assert.NotNull(run.State.Wake.At);
    }

    [Fact]
    public void An_older_balance_does_not_stand_over_a_newer_one()
    {
        var run = Planned();
        run.Signal("new", new SignalFact.Payment("p2", Loan, Usd(10), Usd(30)));
        run.Signal(Signal("old", run.Now - Duration.FromDays(1), new SignalFact.Payment("p1", Loan, Usd(60), Usd(40))));
        Assert.Equal(30, run.State.Accounts[0].Balance.Units);
    }

    [Fact]
    public void A_payment_on_an_unknown_account_is_refused()
    {
        var run = Planned();
        Assert.Equal(RefusalReasons.UnknownAccount, run.Signal("p", new SignalFact.Payment("p1", Card, Usd(1), null)).Refusal?.Reason);
    }

    [Fact]
    public void A_confirmed_lease_is_unstoppable()
    {
        var run = Leased(out var lease, confirmed: true);
        var reply = run.Signal("hold", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Bankruptcy, Start = run.Now }));
        Assert.Empty(reply.Revoked);
        Assert.Equal([lease.Dispatch], reply.Unstoppable);
        Assert.False(run.Lease!.IsRevoked);
        Assert.True(run.EventsOf<DebtorEvent.LeaseRevoked>().Single().Unstoppable);
    }

    [Fact]
    public void A_withdrawal_of_the_leased_channel_revokes_and_of_another_does_not()
    {
        var run = Leased(out var lease);
        Assert.Empty(run.Signal("s1", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "w1", Kind = ConsentKind.Withdrawn, GivenAt = run.Now })).Revoked);
        Assert.Equal([lease.Dispatch], run.Signal("s2", new SignalFact.ConsentSaid(Granted(ContactChannel.Call) with { Id = "w2", Kind = ConsentKind.Withdrawn, GivenAt = run.Now })).Revoked);
    }

    [Fact]
    public void A_withdrawal_between_offer_and_pull_is_not_dispatched()
    {
        var run = Planned();
        Assert.NotNull(run.Wake().Offer);
        run.Signal("s2", new SignalFact.ConsentSaid(Granted(ContactChannel.Call) with { Id = "w2", Kind = ConsentKind.Withdrawn, GivenAt = run.Now }));
        Assert.Null(run.TryLease(ContactChannel.Call).Lease);
    }

    [Fact]
    public void A_hold_on_another_account_leaves_the_lease()
    {
        var run = Leased(out _, accounts: [Owed(Loan), Owed(Card, creditor: "shop")]);
        var other = run.Lease!.PlannedFor == Loan ? Card : Loan;
        Assert.Empty(run.Signal("h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Start = run.Now, Accounts = [other] })).Revoked);
    }

    [Fact]
    public void A_hold_without_end_holds_and_lifting_it_goes_on()
    {
        var run = Planned();
        run.Signal("h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Start = run.Now }));
        Assert.Equal(DebtorPhase.Held, run.State.Phase);
        Assert.Null(run.State.Wake.At);
        Assert.Equal(RefusalReasons.UnknownHold, run.Signal("l0", new SignalFact.HoldLifted("other")).Refusal?.Reason);
        run.Signal("l", new SignalFact.HoldLifted("h"));
        Assert.Equal(DebtorPhase.Waiting, run.State.Phase);
        Assert.NotNull(run.Wake().Offer);
    }

    [Fact]
    public void A_hold_with_an_end_wakes_at_its_end()
    {
        var run = Planned();
        var end = InBogota("2026-03-05 12:00");
        run.Signal("h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Operator, Start = run.Now, End = end }));
        Assert.Equal(end, run.State.Wake.At);
        Assert.NotNull(run.WakeNext().Offer);
        Assert.Empty(run.State.Holds);
        Assert.Single(run.EventsOf<DebtorEvent.HoldEnded>());
    }

    [Fact]
    public void A_promise_pauses_its_account_until_the_day_after_and_breaks_after_grace()
    {
        var run = Planned();
        run.Signal("p", new SignalFact.PromiseSaid(new Promise { Id = "p", Amount = Usd(100), DueOn = new LocalDate(2026, 3, 5) }));
        Assert.Equal(InBogota("2026-03-06 00:00"), run.State.Wake.At);
        Assert.Null(run.WakeNext().Offer);
        Assert.Single(run.State.Promises);
        run.Now = InBogota("2026-03-07 00:00");
        run.Wake();
        Assert.Empty(run.State.Promises);
        var broken = run.EventsOf<DebtorEvent.PromiseChanged>().Last();
        Assert.Equal(PromiseState.Broken, broken.Promise.State);
        Assert.Equal(InBogota("2026-03-07 00:00"), broken.At);
    }

    [Fact]
    public void Payments_by_the_promised_day_keep_the_promise()
    {
        var run = Planned();
        run.Signal("p", new SignalFact.PromiseSaid(new Promise { Id = "p", Amount = Usd(50), DueOn = new LocalDate(2026, 3, 5) }));
        run.Signal("a", new SignalFact.Payment("p1", Loan, Usd(20), null));
        Assert.Equal(20, run.State.Promises.Single().Paid.Units);
        run.Signal("b", new SignalFact.Payment("p2", Loan, Usd(30), null));
        Assert.Empty(run.State.Promises);
        Assert.Equal(PromiseState.Kept, run.EventsOf<DebtorEvent.PromiseChanged>().Last().Promise.State);
    }

    [Theory]
    [InlineData(InboundIntent.Cease, HoldKind.Cease, false)]
    [InlineData(InboundIntent.Dispute, HoldKind.Dispute, false)]
    [InlineData(InboundIntent.PaymentClaimed, HoldKind.PaymentClaimed, false)]
    [InlineData(InboundIntent.Complaint, HoldKind.Complaint, false)]
    [InlineData(InboundIntent.Vulnerable, HoldKind.Hardship, false)]
    [InlineData(InboundIntent.Unclear, HoldKind.Operator, true)]
    public void What_an_inbound_message_asks_for_holds(InboundIntent intent, HoldKind kind, bool ends)
    {
        var run = Leased(out var lease);
        var reply = run.Signal("in", new SignalFact.Inbound { Intent = intent, Point = Mobile }, ContactChannel.Whatsapp);
        var hold = run.State.Holds.Single();
        Assert.Equal(kind, hold.Kind);
        Assert.Equal(ends ? run.Now + Duration.FromDays(1) : null, hold.End);
        Assert.Equal([lease.Dispatch], reply.Revoked);
    }

    [Fact]
    public void Stop_withdraws_the_medium_and_start_grants_it_again()
    {
        var run = Planned();
        run.Signal("stop", new SignalFact.Inbound { Intent = InboundIntent.Stop, Point = Mobile }, ContactChannel.Call);
        Assert.Contains(run.State.Consents, fact => fact.Kind == ConsentKind.Withdrawn && fact.Channels == ChannelSet.Of(ContactChannel.Call));
        Assert.Null(run.Wake().Offer);
        run.Now += Duration.FromHours(1);
        run.Signal("start", new SignalFact.Inbound { Intent = InboundIntent.Start, Point = Mobile }, ContactChannel.Call);
        Assert.NotNull(run.Wake().Offer);
    }

    [Fact]
    public void Wrong_person_closes_the_point()
    {
        var run = Planned();
        run.Signal("in", new SignalFact.Inbound { Intent = InboundIntent.WrongPerson, Point = Mobile }, ContactChannel.Whatsapp);
        Assert.Equal(PointStatus.WrongPerson, run.State.Points.Single(p => p.Id == Mobile).Status);
    }

    [Fact]
    public void A_conversation_counts_for_every_account_it_was_about()
    {
        var run = Planned(Owed(Loan), Owed(Card));
        run.Signal("in", new SignalFact.Inbound { Intent = InboundIntent.Conversation, Point = Mobile, IsTwoWay = true, Discussed = [Card] }, ContactChannel.Call);
        var contact = run.State.Contacts.Single();
        Assert.True(contact.IsInbound);
        Assert.True(contact.Facts.TwoWay);
        Assert.Equal([Card], contact.Accounts);
        run.Signal("in2", new SignalFact.Inbound { Intent = InboundIntent.Conversation, Point = Mobile, IsTwoWay = true }, ContactChannel.Call);
        Assert.Equal([Loan, Card], run.State.Contacts[1].Accounts);
    }

    [Fact]
    public void A_conversation_that_the_debtor_begins_withdraws_what_it_closes()
    {
        var run = new Run(
            Shipped with { Policy = RulePacks.PackLibrary.LoadShipped().Compile(7), Strategies = With(Step(1, ContactChannel.Call)).Strategies }, InNewYork("2026-03-02 09:00"));
        run.Enter(NewYorker() with { Accounts = [Owed(Loan) with { Collector = CollectorKind.ThirdParty }] });
        run.Now = InNewYork("2026-03-03 09:00");
        var lease = run.MustLease(ContactChannel.Call);
        run.Now += Duration.FromMinutes(1);
        var reply = run.Signal("in", new SignalFact.Inbound { Intent = InboundIntent.Conversation, Point = Mobile, IsTwoWay = true, Discussed = [Loan] }, ContactChannel.Call);
        Assert.Equal([lease.Dispatch], reply.Revoked);
        Assert.Equal(RevokeReasons.RuleChanged, run.Lease?.RevokedFor);
    }

    [Fact]
    public void Who_writes_a_lot_does_not_fill_the_list()
    {
        var run = Planned();
        for (var index = 0; index < 100; index++)
        {
            run.Signal($"in{index}", new SignalFact.Inbound { Intent = InboundIntent.Conversation, Point = Mobile, ProviderContactId = $"wamid{index}" }, ContactChannel.Whatsapp);
            run.Now += Duration.FromSeconds(1);
        }

        Assert.Equal("wamid99", Assert.Single(run.State.Contacts).Id);
    }

    [Fact]
    public void A_callback_goes_before_the_steps_inside_its_time()
    {
        var run = Planned();
        run.Signal("cb", new SignalFact.CallbackRequested(InBogota("2026-03-03 15:00"), InBogota("2026-03-03 16:00"), Mobile, GivenDirectly: true));
        run.Now = InBogota("2026-03-03 15:00");
        Assert.NotNull(run.Wake().Offer);
        var lease = run.MustLease(ContactChannel.Call);
        Assert.Equal(ContactPurpose.RequestedCallback, lease.Purpose);
        run.Report(lease, run.Placed(Disposition.NoAnswer));
        Assert.Null(run.State.Callback);
        Assert.Equal("call-1", run.PlanOf(Loan).StepId);
    }

    [Fact]
    public void Closing_an_account_withdraws_its_lease_and_closing_again_is_a_duplicate()
    {
        var run = Leased(out var lease);
        Assert.Equal([lease.Dispatch], run.Close(Loan, CloseReason.Recalled).Revoked);
        Assert.Equal(ApplyState.Duplicate, run.Close(Loan, CloseReason.Recalled).State);
        Assert.Equal(ApplyState.Rejected, run.Close(Loan, CloseReason.Paid).State);
        Assert.Equal(ApplyState.Duplicate, run.Close(Loan, CloseReason.Paid, "other").State);
        Assert.Equal(RefusalReasons.UnknownAccount, run.Close(Card, CloseReason.Paid, "third").Refusal?.Reason);
    }

    [Fact]
    public void Seeded_history_is_counted_once_and_the_old_only_told()
    {
        var run = Planned();
        var contact = new ExternalContact
        {
            Id = "x1",
            Channel = ContactChannel.Sms,
            PlacedAt = Tuesday - Duration.FromDays(1),
            CreditorId = "bank",
            Facts = new ContactFacts { Delivered = true, TwoWay = false },
        };
        var reply = run.Seed(contact);
        Assert.True(reply.IsCounted);
        Assert.Equal([Loan], run.State.Contacts.Single().Accounts);
        Assert.Equal(ContactStanding.Settled, run.State.Contacts.Single().Standing);
        Assert.Equal(ApplyState.Duplicate, run.Seed(contact).State);
        // An SMS delivered yesterday: under Colombia's strict pack no other channel for seven local days from it, and for its calendar week.
        Assert.Equal(InBogota("2026-03-09 07:00"), run.State.Wake.At);

        var old = run.Seed(contact with { Id = "x2", PlacedAt = Tuesday - Duration.FromDays(400) });
        Assert.False(old.IsCounted);
        Assert.Single(run.State.Contacts);
        Assert.Equal(ApplyState.Duplicate, run.Seed(contact with { Id = "x2", PlacedAt = Tuesday - Duration.FromDays(400) }).State);
    }

    [Fact]
    public void A_full_history_permits_nothing_until_its_oldest_has_left()
    {
        var run = Planned();
        for (var index = 0; index < DebtorLimits.Contacts + 6; index++)
        {
            run.Seed(new ExternalContact
            {
                Id = $"x{index}",
                Channel = ContactChannel.Call,
                PlacedAt = run.Now - Duration.FromHours(100 - index),
                CreditorId = "bank",
                Facts = new ContactFacts { Delivered = false, TwoWay = false },
            });
        }

        Assert.Equal(DebtorLimits.Contacts, run.State.Contacts.Length);
        Assert.Null(run.Wake().Offer);
        Assert.Equal(DebtorPhase.Waiting, run.State.Phase);
        run.WakeNext();
        Assert.True(run.State.Contacts.Length < DebtorLimits.Contacts);
    }
}
