using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class EntryTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");

    private static Run New() => new(Shipped, Monday);

    [Fact]
    public void The_first_entry_makes_the_debtor_and_plans_its_first_step()
    {
        var run = New();
        var reply = run.Enter(Colombian());
        Assert.Equal(EntryState.Accepted, reply.State);
        Assert.Equal(DebtorPhase.Waiting, run.State.Phase);
        Assert.Equal("whatsapp", run.PlanOf(Loan).StepId);
        Assert.Equal(InBogota("2026-03-03 07:00"), reply.WakeAt);
        Assert.Equal(ContactChannel.Whatsapp, run.State.Wake.Channel);
    }

    [Fact]
    public void An_older_version_is_stale_and_the_same_content_is_unchanged()
    {
        var run = New();
        run.Enter(Colombian(version: 5));
        Assert.Equal(EntryState.Stale, run.Enter(Colombian(version: 4)).State);
        Assert.False(run.HasWritten);
        Assert.Equal(EntryState.Unchanged, run.Enter(Colombian(version: 5)).State);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void The_same_version_with_other_content_is_rejected()
    {
        var run = New();
        run.Enter(Colombian(version: 5));
        var reply = run.Enter(Colombian(version: 5) with { Accounts = [Owed(Loan) with { Balance = Usd(99) }] });
        Assert.Equal(EntryState.Rejected, reply.State);
        Assert.Equal(RefusalReasons.KeyReused, reply.Refusal?.Reason);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void The_order_of_accounts_tags_and_variables_does_not_make_another_entry()
    {
        var one = Colombian() with { Accounts = [Owed(Loan) with { Tags = ["a=1", "b=2"], Variables = [new("x", "1"), new("y", "2")] }, Owed(Card)] };
        var other = Colombian() with { Accounts = [Owed(Card), Owed(Loan) with { Tags = ["b=2", "a=1"], Variables = [new("y", "2"), new("x", "1")] }] };
        Assert.Equal(Digests.Of(one), Digests.Of(other));
        Assert.NotEqual(Digests.Of(one), Digests.Of(one with { SnapshotId = "s" }));
        Assert.NotEqual(Digests.Of(one with { Points = null }), Digests.Of(one with { Points = [] }));
    }

    [Fact]
    public void Absent_sections_stay_and_present_ones_replace()
    {
        var run = New();
        run.Enter(Colombian());
        run.Enter(new EntryCommand { Key = run.State.Key, SourceVersion = 2, Points = [Phone()] });
        Assert.Single(run.State.Points);
        Assert.Single(run.State.Accounts);
        Assert.Equal("America/Bogota", run.State.Profile.Locations[0].ZoneId);
        Assert.Single(run.State.Consents);
    }

    [Fact]
    public void Accounts_are_added_and_changed_by_id_and_keep_the_day_they_came()
    {
        var run = New();
        run.Enter(Colombian());
        run.Now += Duration.FromDays(1);
        run.Enter(new EntryCommand { Key = run.State.Key, SourceVersion = 2, Accounts = [Owed(Loan) with { Balance = Usd(50) }, Owed(Card)] });
        Assert.Equal([Loan, Card], run.State.Accounts.Select(a => a.Id));
        Assert.Equal(Monday, run.State.Accounts[0].EnteredAt);
        Assert.Equal(50, run.State.Accounts[0].Balance.Units);
        Assert.Equal(run.Now, run.State.Accounts[1].EnteredAt);
    }

    [Theory]
    [InlineData(17, 1, 0, "contact_points")]
    [InlineData(1, 33, 0, "accounts")]
    [InlineData(1, 1, 49, "consents")]
    public void More_than_a_debtor_may_hold_is_refused_by_field(int points, int accounts, int consents, string field)
    {
        var run = New();
        var reply = run.Enter(Colombian() with
        {
            Points = [.. Enumerable.Range(0, points).Select(i => Phone($"p{i}"))],
            Accounts = [.. Enumerable.Range(0, accounts).Select(i => Owed(new AccountId($"a{i}")))],
            Consents = [.. Enumerable.Range(0, consents).Select(i => Granted(ContactChannel.Sms) with { Id = $"c{i}" })],
        });
        Assert.Equal(EntryState.Rejected, reply.State);
        Assert.Equal(RefusalReasons.LimitReached, reply.Refusal?.Reason);
        Assert.Equal(field, reply.Refusal?.Field);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void A_negative_balance_is_refused_and_a_balance_of_zero_is_paid()
    {
        var run = New();
        Assert.Equal("accounts.balance", run.Enter(Colombian() with { Accounts = [Owed(Loan) with { Balance = Usd(-1) }] }).Refusal?.Field);
        run.Enter(Colombian() with { Accounts = [Owed(Loan) with { Balance = Usd(0) }] });
        Assert.Equal(CloseReason.Paid, run.State.Accounts[0].Closed);
        Assert.Equal(DebtorPhase.Finished, run.State.Phase);
        Assert.Null(run.State.Wake.At);
    }

    [Fact]
    public void A_paid_account_stays_closed_when_a_file_names_it_again_and_a_recalled_one_opens()
    {
        var run = New();
        run.Enter(Colombian() with { Accounts = [Owed(Loan), Owed(Card)] });
        run.Close(Loan, CloseReason.Paid, "r1");
        run.Close(Card, CloseReason.Recalled, "r2");
        run.Enter(Colombian(version: 2) with { Accounts = [Owed(Loan), Owed(Card)] });
        Assert.Equal([CloseReason.Paid, null], run.State.Accounts.Select(a => a.Closed));
    }

    [Fact]
    public void A_file_does_not_reopen_a_point_that_contacts_have_closed()
    {
        var run = New();
        run.Enter(Colombian());
        run.Signal("s1", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        run.Enter(Colombian(version: 2) with { Points = [Phone(status: PointStatus.Unverified)] });
        Assert.Equal(PointStatus.WrongPerson, run.State.Points[0].Status);
        run.Enter(Colombian(version: 3) with { Points = [Phone(address: "+573007654321", status: PointStatus.Unverified)] });
        Assert.Equal(PointStatus.Unverified, run.State.Points[0].Status);
    }

    [Fact]
    public void A_file_gives_back_no_channel_that_was_taken_from_an_address()
    {
        var run = New();
        run.Enter(Colombian());
        var mobile = run.State.Points.Single(point => point.Id == Mobile);
        var without = PointChoice.CarriedBy(mobile).Except(ChannelSet.Of(ContactChannel.Whatsapp));
        run.Enter(Colombian(version: 2) with { Points = [Phone() with { Channels = without }] });
        run.Enter(Colombian(version: 3) with { Points = [Phone()] });
        Assert.Equal(without, run.State.Points.Single().Channels);
        run.Enter(Colombian(version: 4) with { Points = [Phone() with { Channels = ChannelSet.Of(ContactChannel.Whatsapp) }] });
        Assert.False(run.State.Points.Single().IsOpen);
        run.Enter(Colombian(version: 5) with { Points = [Phone() with { ConfirmedAt = run.Now + Duration.FromDays(1) }] });
        Assert.True(PointChoice.Carries(run.State.Points.Single(), ContactChannel.Whatsapp));
    }

    [Fact]
    public void A_closed_point_that_a_file_leaves_out_is_still_closed_when_it_is_back()
    {
        var run = New();
        run.Enter(Colombian());
        run.Signal("s1", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        run.Enter(Colombian(version: 2) with { Points = [] });
        run.Enter(Colombian(version: 3) with { Points = [Phone(status: PointStatus.Unverified)] });
        Assert.Equal(PointStatus.WrongPerson, Assert.Single(run.State.Points).Status);
    }

    [Fact]
    public void Events_tell_addresses_to_the_audit_and_no_template_variables()
    {
        var run = New();
        run.Enter(Colombian() with { Accounts = [Owed(Loan) with { Variables = [new("name", "Ana")] }] });
        Assert.Equal(run.State.Points.Select(static p => p.Address), run.EventsOf<DebtorEvent.PointsReplaced>().Single().Points.Select(static p => p.Address));
        Assert.Empty(run.EventsOf<DebtorEvent.AccountEntered>().Single().Account.Variables);
    }

    [Fact]
    public void A_consent_known_by_its_id_is_not_taken_twice()
    {
        var run = New();
        run.Enter(Colombian());
        run.Enter(Colombian(version: 2));
        Assert.Single(run.State.Consents);
        Assert.Single(run.EventsOf<DebtorEvent.ConsentRecorded>(), e => e.Consent.Kind == ConsentKind.Granted);
    }

    [Fact]
    public void Without_a_known_place_nothing_is_permitted_and_the_debtor_is_blocked()
    {
        var run = New();
        run.Enter(Colombian() with { Profile = new DebtorProfile(), Points = [new ContactPoint { Id = Mailbox, Kind = PointKind.Email, Address = "a@b.co" }] });
        Assert.Equal(DebtorPhase.Blocked, run.State.Phase);
        Assert.Null(run.State.Wake.At);
        Assert.NotEqual("", run.State.Wake.Reason);
    }
}
