using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Attempts;

public sealed class ReceiptTests
{
    private static Run Sent(out Lease lease, ContactChannel channel = ContactChannel.Whatsapp)
    {
        var run = new Run(With(Step(1, channel), Step(20, channel)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        lease = run.MustLease(channel);
        run.Report(lease, run.Placed(Disposition.Accepted, receipts: true));
        run.Now += Duration.FromMinutes(5);
        return run;
    }

    [Fact]
    public void Delivered_settles_the_contact_at_its_time_and_date()
    {
        var run = Sent(out var lease);
        run.Now = InBogota("2026-03-04 09:00");
        Assert.Equal(FactState.Recorded, run.Receive(lease, ReceiptKind.Delivered).State);
        var contact = run.State.Contacts.Single();
        Assert.Equal(ContactStanding.Settled, contact.Standing);
        Assert.Equal(run.Now, contact.DeliveredAt);
        Assert.Equal((new LocalDate(2026, 3, 3), new LocalDate(2026, 3, 4)), (contact.FirstDate, contact.LastDate));
        Assert.Null(contact.SettlesAt);
    }

    [Fact]
    public void Failed_settles_it_as_an_attempt_only()
    {
        var run = Sent(out var lease);
        run.Receive(lease, ReceiptKind.Failed);
        Assert.Equal(CountedFacts.Placed, run.State.Contacts.Single().Effective() & (CountedFacts.Placed | CountedFacts.Delivered));
    }

    [Fact]
    public void A_repeat_is_a_duplicate_and_writes_nothing()
    {
        var run = Sent(out var lease);
        run.Receive(lease, ReceiptKind.Delivered);
        Assert.Equal(FactState.Duplicate, run.Receive(lease, ReceiptKind.Delivered).State);
        Assert.False(run.HasWritten);
        Assert.Single(run.EventsOf<DebtorEvent.ReceiptRecorded>());
    }

    [Fact]
    public void One_part_delivered_is_delivered_and_one_part_failed_is_not_failed()
    {
        var run = Sent(out var lease, ContactChannel.Sms);
        run.Receive(lease, ReceiptKind.Failed, part: 1);
        Assert.Equal(ContactStanding.Placed, run.State.Contacts.Single().Standing);
        run.Receive(lease, ReceiptKind.Delivered, part: 2);
        Assert.True(run.State.Contacts.Single().Facts.Delivered);
    }

    [Fact]
    public void A_hard_bounce_closes_the_point()
    {
        var run = Sent(out var lease, ContactChannel.Email);
        run.Receive(lease, ReceiptKind.BouncedHard);
        Assert.Equal(PointStatus.Unreachable, run.State.Points.Single(p => p.Id == Mailbox).Status);
    }

    [Theory]
    [InlineData(ReceiptKind.Complaint)]
    [InlineData(ReceiptKind.Unsubscribed)]
    public void A_complaint_withdraws_consent_for_the_medium(ReceiptKind kind)
    {
        var run = Sent(out var lease, ContactChannel.Email);
        run.Receive(lease, kind);
        var withdrawn = run.State.Consents.Single(fact => fact.Kind == ConsentKind.Withdrawn);
        Assert.Equal(ChannelSet.Of(ContactChannel.Email), withdrawn.Channels);
        Assert.Equal(DebtorPhase.Blocked, run.State.Phase);
    }

    [Fact]
    public void Blocked_takes_the_channel_from_the_point()
    {
        var run = Sent(out var lease);
        run.Receive(lease, ReceiptKind.Blocked);
        Assert.False(run.State.Points.Single(p => p.Id == Mobile).Channels.Contains(ContactChannel.Whatsapp));
    }

    [Fact]
    public void A_receipt_that_overtakes_the_outcome_is_not_lost()
    {
        var run = new Run(With(Step(1, ContactChannel.Whatsapp), Step(20, ContactChannel.Whatsapp)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Whatsapp, confirm: true);
        run.Now += Duration.FromSeconds(30);
        run.Receive(lease, ReceiptKind.Delivered);
        run.Report(lease, run.Placed(Disposition.Accepted, receipts: true));
        var contact = run.State.Contacts.Single();
        Assert.Equal(ContactStanding.Settled, contact.Standing);
        Assert.True(contact.Facts.Delivered);
    }

    [Fact]
    public void Delivered_after_reported_as_not_placed_is_a_conflict_and_counts()
    {
        var run = new Run(With(Step(1, ContactChannel.Whatsapp)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Whatsapp);
        run.Report(lease, Run.NotPlaced());
        Assert.Equal(FactState.Conflict, run.Receive(lease, ReceiptKind.Delivered).State);
        Assert.True(run.State.Contacts.Single().Facts is { Placed: true, Delivered: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_receipt_that_a_dispatch_never_confirmed_was_placed_ends_its_step(bool asksToConfirm)
    {
        var run = Unconfirmed(out var lease);
        // Who unsubscribes ends the lease before it is confirmed; otherwise it lapses.
        run.Receive(lease, asksToConfirm ? ReceiptKind.Unsubscribed : ReceiptKind.Sent);
        if (asksToConfirm) Assert.False(run.Confirm(lease).Go);
        run.Now += Duration.FromHours(1);
        run.Wake();
        Assert.Null(run.Lease);
        Assert.True(run.State.Contacts.Single().Effective().HasFlag(CountedFacts.Placed | CountedFacts.Delivered));
        Assert.DoesNotContain(run.State.Plans, plan => plan.StepId == lease.StepId);
    }

    [Fact]
    public void A_dispatch_never_confirmed_and_blocked_was_not_placed()
    {
        var run = Unconfirmed(out var lease);
        run.Receive(lease, ReceiptKind.Blocked);
        run.Now += Duration.FromHours(1);
        run.Wake();
        Assert.False(run.State.Contacts.Single().Effective().HasFlag(CountedFacts.Placed));
    }

    private static Run Unconfirmed(out Lease lease)
    {
        var run = new Run(With(Step(1, ContactChannel.Whatsapp), Step(20, ContactChannel.Whatsapp)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        lease = run.MustLease(ContactChannel.Whatsapp, confirm: true);
        return run;
    }

    [Fact]
    public void A_receipt_of_a_dispatch_that_was_never_is_unknown()
    {
        var run = Sent(out _);
        Assert.Equal(FactState.Unknown, run.Receive(new ReceiptCommand { Dispatch = new DispatchId("ana.zz"), Kind = ReceiptKind.Read, OccurredAt = run.Now }).State);
    }

    [Theory]
    [InlineData(ReceiptKind.Complaint)]
    [InlineData(ReceiptKind.Unsubscribed)]
    [InlineData(ReceiptKind.Blocked)]
    public void A_refusal_of_a_dispatch_whose_record_is_gone_withdraws_all_that_is_written(ReceiptKind kind)
    {
        var run = Sent(out _);
        var receipt = new ReceiptCommand { Dispatch = DispatchId.Of("ana", 1), Kind = kind, OccurredAt = run.Now };
        Assert.Equal(FactState.RecordedStale, run.Receive(receipt).State);
        var withdrawn = run.State.Consents.Single(fact => fact.Kind == ConsentKind.Withdrawn);
        Assert.True(withdrawn.Channels.Contains(ContactChannel.Whatsapp) && withdrawn.Channels.Contains(ContactChannel.Email));
        Assert.False(withdrawn.Channels.Contains(ContactChannel.Call));
        Assert.Equal(DebtorPhase.Blocked, run.State.Phase);
        Assert.Equal(FactState.Duplicate, run.Receive(receipt).State);
        Assert.Equal(FactState.Unknown, run.Receive(receipt with { Dispatch = DispatchId.Of("bea", 1) }).State);
    }

    [Fact]
    public void Duplicated_shuffled_and_three_days_late_receipts_settle_to_the_same_state()
    {
        var kinds = Enum.GetValues<ReceiptKind>().Where(kind => kind != ReceiptKind.Unknown).ToArray();
        var receipt =
            from kind in Gen.Elements(kinds)
            from minutes in Gen.Choose(0, 60)
            from part in Gen.Elements(0, 0, 1, 2)
            from isFinal in Gen.Elements(false, false, true)
            select (kind, minutes, part, isFinal);
        var orders =
            from receipts in receipt.ArrayOf()
            from repeats in Gen.SubListOf(receipts)
            from shuffled in Gen.Shuffle<(ReceiptKind, int, int, bool)>([.. receipts, .. repeats])
            select (receipts, shuffled);
        Check.One(PinnedSeeds.Runs(20261117, 100), Prop.ForAll(orders.ToArbitrary(), order =>
            Assert.Equal(Settled(order.receipts, Duration.FromHours(1)), Settled(order.shuffled, Duration.FromDays(3)))));
    }

    /// <summary>What rules and planning look at, as one text.</summary>
    private static string Settled((ReceiptKind Kind, int Minutes, int Part, bool IsFinal)[] receipts, Duration late)
    {
        var run = Sent(out var lease);
        var sentAt = run.Now;
        run.Now += late;
        foreach (var (kind, minutes, part, isFinal) in receipts) run.Receive(lease, kind, sentAt + Duration.FromMinutes(minutes), part, isFinal);
        var contact = run.State.Contacts.Single();
        var consents = string.Join(',', run.State.Consents.Where(fact => fact.Kind == ConsentKind.Withdrawn).Select(fact => $"{fact.Channels.Bits}:{fact.GivenAt}"));
        var points = string.Join(',', run.State.Points.Select(point => $"{point.Status}:{point.Channels.Bits}"));
        return $"{contact.Facts} {contact.Standing} {contact.DeliveredAt} {contact.FirstDate} {contact.LastDate} {contact.ReceiptKinds} {contact.SettlesAt} {consents} {points}";
    }
}
