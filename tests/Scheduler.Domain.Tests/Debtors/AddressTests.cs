using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class AddressTests
{
    private const string Shared = "+573001234567";

    private static readonly Instant Tuesday = InBogota("2026-03-03 09:00");
    private static readonly Instant Confirmed = Instant.FromUtc(2026, 3, 1, 12, 0);

    private static Run Entered(params ListedAddressFact[] facts)
    {
        var run = new Run(With(Step(1, ContactChannel.Sms)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian() with { AddressFacts = [.. facts] });
        run.Now = Tuesday;
        return run;
    }

    private static SignalReply FromAddress(Run run, SignalFact fact, ContactChannel channel = ContactChannel.Sms, string address = Shared) =>
        run.Signal(Signal("s1", run.Now, fact, channel) with { Address = address });

    private static ConsentStanding Sms(Run run, PointId point) =>
        ConsentLedger.Standing(run.State.Consents, ContactChannel.Sms, ContactPurpose.Collection, point, "bank", run.Now + Duration.FromMinutes(1));

    [Theory]
    [InlineData("+57 300 123-4567", "+573001234567")]
    [InlineData("+57 (300) 123.4567", "+573001234567")]
    [InlineData(" Ana@Example.ORG ", "ana@example.org")]
    [InlineData("Handle-1", "Handle-1")]
    [InlineData("+573001234567", "+573001234567")]
    [InlineData("+12345678901234567890123 ", "+12345678901234567890123")]
    [InlineData("+123456789012345678901234", "+123456789012345678901234")]
    [InlineData("ana@example.org", "ana@example.org")]
    [InlineData("+", "+")]
    [InlineData("+57+3", "+57+3")]
    [InlineData("", "")]
    [InlineData("+57 30O 1", "+57 30O 1")]
    public void An_address_has_one_form(string written, string form) => Assert.Equal(form, AddressForm.Of(written));

    [Fact]
    public void A_stop_from_an_address_withdraws_the_medium_from_the_person()
    {
        var run = Entered();
        var lease = run.MustLease(ContactChannel.Sms);
        var reply = FromAddress(run, new SignalFact.Inbound { Intent = InboundIntent.Stop }, address: "+57 300 1234567");
        Assert.Equal([lease.Dispatch], reply.Revoked);
        Assert.True(Sms(run, Mobile).IsWithdrawn);
        Assert.True(Sms(run, Mailbox).IsWithdrawn);
        Assert.Equal(Mobile, run.EventsOf<DebtorEvent.InboundReceived>().Single().Contact.Point);
    }

    [Fact]
    public void A_start_from_an_address_permits_that_address_alone()
    {
        var run = Entered();
        run.Signal("stop", new SignalFact.Inbound { Intent = InboundIntent.Stop }, ContactChannel.Sms);
        run.Now += Duration.FromMinutes(1);
        FromAddress(run, new SignalFact.Inbound { Intent = InboundIntent.Start });
        Assert.True(Sms(run, Mobile).IsGranted);
        Assert.True(Sms(run, Mailbox).IsWithdrawn);
    }

    [Fact]
    public void Consent_from_an_address_is_for_that_address_and_nobodys_where_it_is_not_listed()
    {
        var grant = new SignalFact.ConsentSaid(Granted(ContactChannel.Push) with { Id = "g2", GivenAt = Confirmed });
        var run = Entered();
        FromAddress(run, grant);
        Assert.Equal([Mobile], run.State.Consents.Single(fact => fact.Id == "g2").Points);

        var other = Entered();
        Assert.Equal(ApplyState.Recorded, FromAddress(other, grant, address: "+573009999999").State);
        Assert.DoesNotContain(other.State.Consents, fact => fact.Id == "g2");
    }

    [Fact]
    public void A_reassigned_number_is_closed_and_what_was_agreed_about_it_ends()
    {
        var run = Entered();
        var lease = run.MustLease(ContactChannel.Sms);
        var reply = FromAddress(run, new SignalFact.PointChanged(default, PointStatus.Reassigned));
        Assert.Equal([lease.Dispatch], reply.Revoked);
        var point = run.State.Points.Single(p => p.Id == Mobile);
        Assert.Equal((PointStatus.Reassigned, null, null), (point.Status, point.ConfirmedAt, point.ReassignmentCheckedAt));
        Assert.True(Sms(run, Mobile).IsWithdrawn);
        Assert.True(Sms(run, Mailbox).IsGranted);
    }

    [Fact]
    public void A_reassigned_number_opens_again_only_by_a_later_confirmation_and_its_consent_only_by_a_later_grant()
    {
        var run = Entered();
        run.Signal("moved", new SignalFact.PointChanged(Mobile, PointStatus.Reassigned));
        run.Now += Duration.FromDays(1);
        run.Enter(Colombian(version: 2));
        Assert.Equal(PointStatus.Reassigned, run.State.Points.Single(p => p.Id == Mobile).Status);
        run.Enter(Colombian(version: 3) with { Points = [Phone() with { ConfirmedAt = run.Now }] });
        Assert.Equal(PointStatus.Confirmed, run.State.Points.Single(p => p.Id == Mobile).Status);
        Assert.True(Sms(run, Mobile).IsWithdrawn);
        run.Signal("again", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "new", GivenAt = run.Now }), ContactChannel.Sms);
        Assert.True(Sms(run, Mobile).IsGranted);
    }

    [Theory]
    [InlineData(-1, PointStatus.Confirmed)]
    [InlineData(0, PointStatus.WrongPerson)]
    [InlineData(1, PointStatus.WrongPerson)]
    public void A_wrong_number_binds_who_lists_it_later_unless_it_was_confirmed_since(int seconds, PointStatus status)
    {
        var fact = new AddressFact(AddressFactKind.WrongPerson, ContactChannel.Unknown, Confirmed + Duration.FromSeconds(seconds));
        var run = Entered(new ListedAddressFact(Mobile, fact));
        Assert.Equal(status, run.State.Points.Single(p => p.Id == Mobile).Status);
    }

    [Fact]
    public void A_number_reassigned_before_it_was_confirmed_is_open_and_older_consent_does_not_count()
    {
        var run = Entered(new ListedAddressFact(Mobile, new AddressFact(AddressFactKind.Reassigned, ContactChannel.Unknown, Confirmed - Duration.FromDays(1))));
        Assert.Equal(PointStatus.Confirmed, run.State.Points.Single(p => p.Id == Mobile).Status);
        Assert.True(Sms(run, Mobile).IsWithdrawn);
    }

    [Theory]
    [InlineData(AddressFactKind.Stopped, ContactChannel.Sms, true, false)]
    [InlineData(AddressFactKind.Stopped, ContactChannel.Unknown, true, true)]
    [InlineData(AddressFactKind.Erased, ContactChannel.Unknown, true, true)]
    public void A_stopped_address_binds_who_lists_it_later_at_that_point_until_they_agree_again(AddressFactKind kind, ContactChannel channel, bool sms, bool whatsapp)
    {
        var run = Entered(new ListedAddressFact(Mobile, new AddressFact(kind, channel, Confirmed)));
        Assert.Equal(sms, Sms(run, Mobile).IsWithdrawn);
        Assert.False(Sms(run, Mailbox).IsWithdrawn);
        Assert.Equal(whatsapp, ConsentLedger.Standing(run.State.Consents, ContactChannel.Whatsapp, ContactPurpose.Collection, Mobile, "bank", run.Now).IsWithdrawn);
        run.Signal("yes", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "new", GivenAt = run.Now }), ContactChannel.Sms);
        Assert.True(Sms(run, Mobile).IsGranted);
    }

    [Fact]
    public void A_dispute_from_a_shared_phone_about_anothers_debt_holds_nothing_here()
    {
        var run = Entered();
        FromAddress(run, new SignalFact.Inbound { Intent = InboundIntent.Dispute, Discussed = [new AccountId("anothers")], IsTwoWay = true });
        Assert.Empty(run.State.Holds);
        Assert.False(Assert.Single(run.State.Contacts).Facts.TwoWay);
    }

    [Fact]
    public void Only_what_concerns_everybody_at_an_address_is_learned_about_it()
    {
        Assert.Equal([(AddressFactKind.Stopped, ContactChannel.Sms)], Learned(new SignalFact.Inbound { Intent = InboundIntent.Stop }));
        Assert.Equal([(AddressFactKind.Stopped, ContactChannel.Unknown)], Learned(new SignalFact.Inbound { Intent = InboundIntent.Cease }));
        Assert.Equal([(AddressFactKind.Reassigned, ContactChannel.Unknown)], Learned(new SignalFact.PointChanged(default, PointStatus.Reassigned)));
        var withdrawal = Granted(ContactChannel.Sms, ContactChannel.Call) with { Kind = ConsentKind.Withdrawn };
        Assert.Equal([(AddressFactKind.Stopped, ContactChannel.Sms), (AddressFactKind.Stopped, ContactChannel.Call)], Learned(new SignalFact.ConsentSaid(withdrawal)));
        Assert.Empty(Learned(new SignalFact.ConsentSaid(withdrawal with { Purposes = [ContactPurpose.Marketing] })));
        Assert.Empty(Learned(new SignalFact.ConsentSaid(withdrawal with { CreditorId = "bank" })));
        Assert.Empty(Learned(new SignalFact.Inbound { Intent = InboundIntent.Conversation }));
    }

    private static (AddressFactKind, ContactChannel)[] Learned(SignalFact fact) =>
        [.. AddressLesson.Of(Signal("s", Tuesday, fact, ContactChannel.Sms), Tuesday).Learned.Select(static f => (f.Kind, f.Channel))];
}
