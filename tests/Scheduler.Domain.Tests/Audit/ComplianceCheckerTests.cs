using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>Every kind of violation is found in a log that holds it, and a lawful log holds none.</summary>
public sealed class ComplianceCheckerTests
{
    private static readonly ContactFacts Delivered = new() { Delivered = true, TwoWay = false };
    private static readonly ContactFacts Unanswered = new() { Delivered = false, TwoWay = false, AddressReached = true };
    private static readonly ContactFacts Spoken = new() { Delivered = true, TwoWay = true, AddressReached = true };

    [Fact]
    public void A_lawful_log_holds_no_violation()
    {
        var report = new LogOfOneDebtor()
            .Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered)
            .Lease("2026-10-30T15:00:00Z").Placed("2026-10-30T15:01:00Z", ContactChannel.Whatsapp, Delivered)
            .Check();
        Assert.Empty(report.Violations);
        Assert.Equal(2, report.LeaseCount);
        Assert.Equal(1, report.DebtorCount);
    }

    [Theory]
    [InlineData("2026-10-30T23:59:59Z", true)] // Friday 18:59:59 in Bogota
    [InlineData("2026-10-31T00:00:00Z", false)] // 19:00:00
    [InlineData("2026-10-31T19:55:00Z", true)] // Saturday 14:55
    [InlineData("2026-10-31T20:00:00Z", false)] // 15:00
    [InlineData("2026-11-01T15:00:00Z", false)] // Sunday
    [InlineData("2026-11-02T15:00:00Z", false)] // Monday, All Saints moved
    [InlineData("2026-11-03T12:00:00Z", true)] // Tuesday 07:00
    public void A_lease_outside_Colombian_hours_is_found(string at, bool isLawful)
    {
        var aSecondLater = InstantPattern.General.Format(LogOfOneDebtor.At(at) + Duration.FromSeconds(1));
        var log = new LogOfOneDebtor().Lease(at, notAfter: aSecondLater);
        Assert.Equal(isLawful, !Kinds(log).Contains(ViolationKind.OutsideWindow));
    }

    [Theory]
    [InlineData("2026-10-31T12:30:00Z", true)] // 08:30 EDT, the day before summer time ends
    [InlineData("2026-11-01T12:30:00Z", false)] // 07:30 EST, the day it ends
    [InlineData("2026-11-02T01:30:00Z", true)] // 20:30 EST
    [InlineData("2026-11-02T02:00:00Z", false)] // 21:00 EST
    public void American_hours_follow_summer_time_to_its_end(string at, bool isLawful)
    {
        var log = new LogOfOneDebtor("US", "America/New_York").Lease(at, ContactChannel.Email);
        Assert.Equal(isLawful, log.Check().ViolationCount == 0);
    }

    [Fact]
    public void A_not_after_beyond_the_end_of_the_window_is_found() =>
        Assert.Contains(ViolationKind.NotAfterBeyondWindow, Kinds(new LogOfOneDebtor().Lease("2026-10-29T23:58:00Z", notAfter: "2026-10-30T00:00:01Z")));

    [Fact]
    public void A_not_after_at_the_very_end_of_the_window_is_lawful() =>
        Assert.Empty(Kinds(new LogOfOneDebtor().Lease("2026-10-29T23:58:00Z", notAfter: "2026-10-30T00:00:00Z")));

    [Fact]
    public void A_second_delivered_contact_on_one_Colombian_day_is_found() => Assert.Contains(ViolationKind.CapExceeded, Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered).Lease("2026-10-29T20:00:00Z")));

    [Theory]
    [InlineData(true, ContactChannel.Sms, "2026-10-30T15:00:00Z", true)] // another channel in the week of a conversation that the debtor began
    [InlineData(true, ContactChannel.Whatsapp, "2026-10-29T20:00:00Z", true)] // the same channel on its day
    [InlineData(true, ContactChannel.Whatsapp, "2026-10-30T15:00:00Z", false)]
    [InlineData(false, ContactChannel.Sms, "2026-10-29T20:00:00Z", false)] // the debtor wrote, and nothing more
    public void A_conversation_that_the_debtor_began_closes_as_any_other(bool isTwoWay, ContactChannel channel, string at, bool isFound) =>
        Assert.Equal(isFound, Kinds(new LogOfOneDebtor().Inbound("2026-10-29T15:00:00Z", ContactChannel.Whatsapp, isTwoWay).Lease(at, channel)).Contains(ViolationKind.CapExceeded));

    [Fact]
    public void A_second_attempt_after_a_failed_one_is_lawful() => Assert.Empty(Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Unanswered).Lease("2026-10-29T20:00:00Z")));

    [Fact]
    public void An_unsettled_message_counts_as_delivered() => Assert.Contains(ViolationKind.CapExceeded, Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, default, settled: false).Lease("2026-10-29T20:00:00Z")));

    [Theory]
    [InlineData("2026-11-04T15:00:00Z", true)]
    [InlineData("2026-11-05T15:00:00Z", false)]
    public void Another_channel_within_seven_days_of_a_delivered_contact_is_found(string at, bool isFound)
    {
        var log = new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered).Lease(at, ContactChannel.Sms);
        Assert.Equal(isFound, Kinds(log).Contains(ViolationKind.CapExceeded));
    }

    [Fact]
    public void An_eighth_call_in_seven_days_is_found()
    {
        var log = new LogOfOneDebtor("US", "America/New_York");
        for (var day = 10; day < 17; day++)
            log.Lease($"2026-11-{day}T15:00:00Z", ContactChannel.Call).Placed($"2026-11-{day}T15:01:00Z", ContactChannel.Call, Unanswered);
        Assert.Empty(Kinds(log));
        Assert.Contains(ViolationKind.CapExceeded, Kinds(log.Lease("2026-11-16T18:00:00Z", ContactChannel.Call)));
    }

    [Fact]
    public void A_call_within_seven_days_of_a_conversation_is_found_for_the_same_debt_alone()
    {
        static LogOfOneDebtor Talked() => new LogOfOneDebtor("US", "America/Chicago")
            .Lease("2026-11-10T15:00:00Z", ContactChannel.Call).Placed("2026-11-10T15:01:00Z", ContactChannel.Call, Spoken);
        Assert.Contains(ViolationKind.CapExceeded, Kinds(Talked().Lease("2026-11-16T15:00:00Z", ContactChannel.Call)));
        Assert.Empty(Kinds(Talked().Lease("2026-11-16T15:00:00Z", ContactChannel.Call, account: "a-2")));
        Assert.Empty(Kinds(Talked().Lease("2026-11-17T15:00:00Z", ContactChannel.Call)));
    }

    [Fact]
    public void A_creditor_is_not_bound_by_the_federal_call_cap() => Assert.Empty(Kinds(
        new LogOfOneDebtor("US", "America/Chicago", CollectorKind.Creditor).Lease("2026-11-10T15:00:00Z", ContactChannel.Call)
            .Placed("2026-11-10T15:01:00Z", ContactChannel.Call, Spoken).Lease("2026-11-11T15:00:00Z", ContactChannel.Call)));

    [Fact]
    public void A_lease_without_consent_is_found() =>
        Assert.Contains(ViolationKind.NoConsent, Kinds(new LogOfOneDebtor(consents: false).Lease("2026-10-29T15:00:00Z")));

    [Theory]
    [InlineData(ContactChannel.Call, true)]
    [InlineData(ContactChannel.Rcs, true)]
    [InlineData(ContactChannel.Sms, true)]
    [InlineData(ContactChannel.Email, false)]
    public void What_a_machine_places_to_an_American_mobile_needs_consent(ContactChannel channel, bool isFound) =>
        Assert.Equal(isFound, Kinds(new LogOfOneDebtor("US", "America/Denver", consents: false).Lease("2026-10-29T16:00:00Z", channel)).Contains(ViolationKind.NoConsent));

    [Fact]
    public void A_lease_after_a_withdrawal_is_found_also_where_no_consent_is_needed() => Assert.Contains(ViolationKind.NoConsent, Kinds(
        new LogOfOneDebtor("US", "America/Denver").Consent("no", ConsentKind.Withdrawn, "2026-10-29T14:00:00Z", ChannelSet.Of(ContactChannel.Email))
            .Lease("2026-10-29T16:00:00Z", ContactChannel.Email)));

    [Fact]
    public void A_withdrawal_on_file_binds_also_when_it_bears_a_later_time() => Assert.Contains(ViolationKind.NoConsent, Kinds(
        new LogOfOneDebtor().Consent("no", ConsentKind.Withdrawn, "2026-10-29T15:03:00Z").Lease("2026-10-29T15:00:00Z")));

    [Theory]
    [InlineData("2026-10-29T15:00:00Z", false)]
    [InlineData("2026-10-29T16:00:00Z", true)]
    public void A_withdrawal_binds_again_when_the_grant_after_it_has_ended(string at, bool isFound)
    {
        var log = new LogOfOneDebtor("US", "America/Denver").Consent("no", ConsentKind.Withdrawn, "2026-10-28T14:00:00Z");
        var grant = new ConsentFact { Id = "yes", Kind = ConsentKind.Granted, GivenAt = LogOfOneDebtor.At("2026-10-28T15:00:00Z"), ExpiresAt = LogOfOneDebtor.At("2026-10-29T16:00:00Z") };
        log.Write("2026-10-28T15:00:00Z", new DebtorEvent.ConsentRecorded(grant.GivenAt, grant, "test"));
        Assert.Equal(isFound, Kinds(log.Lease(at, ContactChannel.Email)).Contains(ViolationKind.NoConsent));
    }

    [Fact]
    public void A_lease_on_hold_is_found() =>
        Assert.Contains(ViolationKind.OnHold, Kinds(new LogOfOneDebtor().Hold("2026-10-29T13:00:00Z", HoldKind.Bankruptcy).Lease("2026-10-29T15:00:00Z")));

    [Fact]
    public void A_lease_for_a_paid_account_is_found() => Assert.Contains(ViolationKind.AccountNotOpen, Kinds(new LogOfOneDebtor()
        .Write("2026-10-29T13:00:00Z", new DebtorEvent.AccountClosed(LogOfOneDebtor.At("2026-10-29T13:00:00Z"), new("a-1"), CloseReason.Paid))
        .Lease("2026-10-29T15:00:00Z")));

    [Fact]
    public void A_lease_before_a_promise_is_due_is_found()
    {
        var promise = new Promise { Id = "p", Accounts = [new("a-1")], DueOn = new(2026, 10, 30) };
        var log = new LogOfOneDebtor().Write("2026-10-29T13:00:00Z", new DebtorEvent.PromiseChanged(LogOfOneDebtor.At("2026-10-29T13:00:00Z"), promise));
        Assert.Contains(ViolationKind.PromisePending, Kinds(log.Lease("2026-10-30T15:00:00Z")));
    }

    [Fact]
    public void A_second_live_lease_is_found() =>
        Assert.Contains(ViolationKind.SecondLease, Kinds(new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Lease("2026-10-29T15:01:00Z")));

    [Fact]
    public void A_lease_after_a_release_is_lawful() =>
        Assert.Empty(Kinds(new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Released("2026-10-29T15:01:00Z").Lease("2026-10-29T15:02:00Z", ContactChannel.Sms)));

    [Fact]
    public void A_fence_that_does_not_rise_is_found() => Assert.Contains(ViolationKind.FenceWentBack, Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z", fence: 9).Released("2026-10-29T15:01:00Z").Lease("2026-10-29T15:02:00Z", fence: 9)));

    [Fact]
    public void A_lease_to_a_closed_point_is_found() => Assert.Contains(ViolationKind.WrongParty, Kinds(new LogOfOneDebtor()
        .Write("2026-10-29T13:00:00Z", new DebtorEvent.PointChanged(LogOfOneDebtor.At("2026-10-29T13:00:00Z"), new("mobile"), PointStatus.WrongPerson, "test"))
        .Lease("2026-10-29T15:00:00Z")));

    [Fact]
    public void A_local_time_that_is_not_the_zone_s_is_found() =>
        Assert.Contains(ViolationKind.ZoneMisjudged, Kinds(new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z", zone: "America/New_York")));

    [Fact]
    public void An_outcome_recorded_twice_is_found() => Assert.Contains(ViolationKind.FactTwice, Kinds(new LogOfOneDebtor()
        .Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered).Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered)));

    [Fact]
    public void Hours_that_the_debtor_asked_for_are_open_and_hours_it_forbade_are_not()
    {
        var sunday = new WeeklyHours(1 << 6, 10 * 60, 11 * 60);
        Assert.Empty(Kinds(new LogOfOneDebtor().Consent("asked", ConsentKind.HoursExtended, "2026-10-28T15:00:00Z", default, sunday).Lease("2026-11-01T15:30:00Z")));
        var noon = new WeeklyHours(0, 12 * 60, 14 * 60);
        Assert.NotEmpty(Kinds(new LogOfOneDebtor().Consent("never", ConsentKind.HoursForbidden, "2026-10-28T15:00:00Z", default, noon).Lease("2026-10-29T17:30:00Z")));
    }

    [Fact]
    public void Forbidden_hours_bind_from_the_record_on_until_a_refusal_without_hours_takes_them_back()
    {
        var noon = new WeeklyHours(0, 12 * 60, 14 * 60);
        var log = new LogOfOneDebtor().Consent("never", ConsentKind.HoursForbidden, "2026-10-29T17:33:00Z", default, noon);
        Assert.NotEmpty(Kinds(log.Lease("2026-10-29T17:30:00Z").Released("2026-10-29T17:31:00Z")));
        var freed = new LogOfOneDebtor().Consent("never", ConsentKind.HoursForbidden, "2026-10-28T15:00:00Z", default, noon)
            .Consent("after all", ConsentKind.HoursForbidden, "2026-10-28T16:00:00Z");
        Assert.Empty(Kinds(freed.Lease("2026-10-29T17:30:00Z")));
    }

    [Fact]
    public void A_changed_or_missing_record_breaks_the_chain()
    {
        var records = new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Records;
        var changed = records.Select(record => record.Cursor == 2 ? record with { Payload = new byte[] { 1 } } : record);
        Assert.Contains(LogOfOneDebtor.Check(changed).Violations, violation => violation is { Kind: ViolationKind.ChainBroken, Cursor: 2 });
        Assert.Contains(LogOfOneDebtor.Check(records.Where(record => record.Cursor != 2)).Violations, violation => violation.Kind == ViolationKind.ChainBroken);
    }

    [Fact]
    public void A_lost_record_shows_in_the_positions_and_an_older_one_in_the_cursor()
    {
        var records = new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Records;
        var placed = 1L;
        var positions = records.Select(record => record with { FirstSequence = placed++ is 1 ? 1 : record.Cursor == 2 ? 5 : 6 }).ToList();
        Assert.Empty(LogOfOneDebtor.Check(positions).Violations);
        positions[^1] = positions[^1] with { FirstSequence = 7 };
        Assert.Contains(LogOfOneDebtor.Check(positions).Violations, violation => violation is { Kind: ViolationKind.ChainBroken, Cursor: 3 });
        Assert.Contains(LogOfOneDebtor.Check(records.Select(record => record with { Cursor = 1 })).Violations, violation => violation.Kind == ViolationKind.ChainBroken);
    }

    [Fact]
    public void A_confirmation_needs_a_lease_that_lives()
    {
        Assert.Empty(Kinds(new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z", confirm: true).Confirmed("2026-10-29T15:01:00Z")));
        Assert.Contains(ViolationKind.GoWithoutLease, Kinds(new LogOfOneDebtor().Confirmed("2026-10-29T15:01:00Z", "d-1.zz")));
        Assert.Contains(ViolationKind.GoWithoutLease, Kinds(
            new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z", confirm: true).Released("2026-10-29T15:01:00Z").Confirmed("2026-10-29T15:02:00Z")));
    }

    [Fact]
    public void A_confirmed_lease_is_not_taken_back()
    {
        static LogOfOneDebtor Confirmed() => new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z", confirm: true).Confirmed("2026-10-29T15:01:00Z");
        Assert.Contains(ViolationKind.GoTakenBack, Kinds(Confirmed().Released("2026-10-29T15:02:00Z")));
        Assert.Contains(ViolationKind.GoTakenBack, Kinds(Confirmed().Lapsed("2026-10-29T15:05:00Z", counted: false)));
        Assert.Empty(Kinds(Confirmed().Lapsed("2026-10-29T15:05:00Z", counted: true)));
    }

    [Theory]
    [InlineData("2026-10-29T15:05:01Z", true)]
    [InlineData("2026-10-29T15:05:02Z", false)]
    public void A_lease_sooner_than_two_seconds_after_one_expired_is_found(string at, bool isFound) => Assert.Equal(isFound, Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z", confirm: true).Lapsed("2026-10-29T15:05:00Z", counted: false).Lease(at)).Contains(ViolationKind.SecondLease));

    [Theory]
    [InlineData("2026-10-30T00:00:00Z", false)] // 19:00 in Bogota
    [InlineData("2026-10-30T00:00:01Z", true)]
    [InlineData("2026-10-30T13:00:00Z", true)] // the next morning
    [InlineData("", true)] // at any time
    public void Delivery_after_the_end_of_the_Colombian_window_is_found(string deliverBefore, bool isFound) => Assert.Equal(isFound, Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T23:50:00Z", deliverBefore: deliverBefore)).Contains(ViolationKind.DeliveredBeyondWindow));

    [Fact]
    public void No_end_of_delivery_is_asked_for_in_the_United_States() =>
        Assert.Empty(Kinds(new LogOfOneDebtor("US", "America/New_York").Lease("2026-10-30T00:30:00Z", ContactChannel.Email, deliverBefore: "")));

    [Fact]
    public void Dates_are_read_from_the_time_of_placing_not_from_what_the_record_says()
    {
        var log = new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z");
        var contact = new ContactRecord
        {
            Id = DispatchId.Of("d-1", 1).Value,
            Channel = ContactChannel.Whatsapp,
            PlacedAt = LogOfOneDebtor.At("2026-10-29T15:01:00Z"),
            FirstDate = new(2026, 10, 2),
            LastDate = new(2026, 10, 2),
            Facts = Delivered with { Placed = true },
            Standing = ContactStanding.Settled,
        };
        log.Write("2026-10-29T15:01:00Z", new DebtorEvent.ContactPlaced(contact.PlacedAt, contact, Disposition.Accepted, "", "", false, []));
        Assert.Contains(ViolationKind.CapExceeded, Kinds(log.Lease("2026-10-29T20:00:00Z")));
    }

    [Theory]
    [InlineData("2026-11-12T16:00:00Z", ContactPurpose.RequestedCallback, false)]
    [InlineData("2026-11-12T16:00:00Z", ContactPurpose.Collection, true)]
    [InlineData("2026-11-17T15:30:00Z", ContactPurpose.RequestedCallback, true)] // the eighth day, after a conversation on the fifth
    public void A_call_back_that_the_person_consented_to_is_lawful_for_seven_days(string at, ContactPurpose purpose, bool isFound)
    {
        var given = LogOfOneDebtor.At("2026-11-10T15:02:00Z");
        var asked = new ConsentFact { Id = "call me", Kind = ConsentKind.Granted, GivenAt = given, GivenDirectly = true, Purposes = [ContactPurpose.RequestedCallback] };
        var log = new LogOfOneDebtor("US", "America/Chicago").Lease("2026-11-10T15:00:00Z", ContactChannel.Call).Placed("2026-11-10T15:01:00Z", ContactChannel.Call, Spoken)
            .Write("2026-11-10T15:02:00Z", new DebtorEvent.ConsentRecorded(given, asked, "test"));
        if (at.StartsWith("2026-11-17", StringComparison.Ordinal)) log.Inbound("2026-11-14T15:00:00Z", ContactChannel.Call, isTwoWay: true);
        Assert.Equal(isFound, Kinds(log.Lease(at, ContactChannel.Call, purpose: purpose)).Contains(ViolationKind.CapExceeded));
    }

    [Fact]
    public void A_settled_message_of_which_nobody_said_that_it_failed_counts_as_delivered() => Assert.Contains(ViolationKind.CapExceeded, Kinds(
        new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, default).Lease("2026-10-29T20:00:00Z")));

    private static List<ViolationKind> Kinds(LogOfOneDebtor log) => [.. log.Check().Violations.Select(violation => violation.Kind)];
}
