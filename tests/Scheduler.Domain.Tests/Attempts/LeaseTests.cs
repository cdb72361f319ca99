using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Attempts;

public sealed class LeaseTests
{
    /// <summary>A debtor in Bogota whose WhatsApp step is due on a Tuesday morning.</summary>
    private static Run Due()
    {
        var run = new Run(With(Step(1, ContactChannel.Whatsapp)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        return run;
    }

    private static Run DueCall()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        return run;
    }

    [Fact]
    public void A_wake_that_is_permitted_offers_and_writes_nothing()
    {
        var run = Due();
        Assert.False(run.HasWritten);
        var offer = Assert.IsType<Effect.Offer>(Assert.Single(run.Effects));
        Assert.Equal(ContactChannel.Whatsapp, offer.Channel);
        Assert.Equal(InBogota("2026-03-03 07:00"), offer.DueAt);
    }

    [Fact]
    public void A_lease_carries_its_fence_its_bounds_and_its_proof()
    {
        var run = Due();
        var reply = run.TryLease(ContactChannel.Whatsapp);
        var lease = reply.Lease!;
        Assert.Equal("ana.2", lease.Dispatch.Value);
        Assert.Equal(2, lease.Fence);
        Assert.Equal(run.Now + Duration.FromMinutes(10), lease.ExpiresAt);
        Assert.True(lease.NotAfter <= run.Now + LeaseTerms.Default.LongestWithExtensions);
        Assert.Equal(DebtorPhase.Leased, run.State.Phase);
        Assert.Equal(lease.ExpiresAt + Duration.FromSeconds(2), run.State.Wake.At);

        var proof = run.EventsOf<DebtorEvent.Leased>().Single().Proof;
        Assert.Equal(7, proof.PolicyEpoch);
        Assert.Equal(Shipped.Policy.ZoneDataVersion, proof.ZoneDataVersion);
        Assert.Equal([new ZoneTime("America/Bogota", new LocalDateTime(2026, 3, 3, 7, 0))], proof.Zones);
        Assert.Contains(proof.PackVersions, version => version.StartsWith("CO.strict", StringComparison.Ordinal));
        Assert.Equal([CollectorKind.Creditor], proof.Collectors);
        Assert.Equal("bank", proof.CreditorId);
        Assert.Equal(PointPlace.Personal, proof.Place);
        Assert.Equal(lease.NotAfter, proof.NotAfter);
    }

    [Fact]
    public void Nothing_is_to_be_placed_once_other_rules_decide()
    {
        var run = Due();
        run.Context = run.Context with { RulesEndAt = run.Now + Duration.FromMinutes(3) };
        Assert.Equal(run.Now + Duration.FromMinutes(3), run.MustLease(ContactChannel.Whatsapp).NotAfter);
        Assert.Null(run.Extend(run.Lease!, Duration.FromMinutes(30)).Refusal);
        Assert.Equal(run.Now + Duration.FromMinutes(3), run.Lease!.NotAfter);
    }

    [Fact]
    public void Handed_out_without_confirmation_it_counts_at_once()
    {
        var run = Due();
        var lease = run.MustLease(ContactChannel.Whatsapp);
        var contact = Assert.Single(run.State.Contacts);
        Assert.Equal(lease.Dispatch.Value, contact.Id);
        Assert.Equal(ContactStanding.Reserved, contact.Standing);
    }

    [Fact]
    public void To_be_confirmed_it_counts_at_its_confirmation()
    {
        var run = Due();
        var lease = run.MustLease(ContactChannel.Whatsapp, confirm: true);
        Assert.Empty(run.State.Contacts);
        run.Now += Duration.FromMinutes(1);
        var go = run.Confirm(lease);
        Assert.True(go.Go);
        Assert.Equal(run.Now, Assert.Single(run.State.Contacts).PlacedAt);
        Assert.True(run.Confirm(lease).Go);
        Assert.False(run.HasWritten);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(60, 60)]
    [InlineData(36_000, 14_400)]
    public void The_wanted_duration_is_brought_into_the_allowed_range(int wanted, int given)
    {
        var run = Due();
        var lease = run.MustLease(ContactChannel.Whatsapp, duration: Duration.FromSeconds(wanted));
        Assert.Equal(Duration.FromSeconds(given), lease.ExpiresAt - lease.LeasedAt);
    }

    [Fact]
    public void A_second_lease_is_refused_until_two_seconds_after_the_first_expired()
    {
        var run = Due();
        var lease = run.MustLease(ContactChannel.Whatsapp, confirm: true, duration: Duration.FromMinutes(1));
        Assert.Equal(RefusalReasons.AlreadyLeased, run.TryLease(ContactChannel.Whatsapp).Refusal?.Reason);
        run.Now = lease.ExpiresAt + Duration.FromMilliseconds(1_999);
        Assert.Equal(RefusalReasons.AlreadyLeased, run.TryLease(ContactChannel.Whatsapp).Refusal?.Reason);
        run.Now = lease.ExpiresAt + Duration.FromSeconds(2);
        var next = run.MustLease(ContactChannel.Whatsapp);
        Assert.NotEqual(lease.Dispatch, next.Dispatch);
        Assert.Equal(2, next.DeliveryCount);
    }

    [Fact]
    public void An_offer_of_an_older_version_is_decided_anew()
    {
        var run = Due();
        run.Signal("s1", new SignalFact.ConsentSaid(Granted(ContactChannel.Whatsapp) with { Id = "no", Kind = Consent.ConsentKind.Withdrawn, GivenAt = run.Now }));
        var reply = run.TryLease(ContactChannel.Whatsapp, offerVersion: 1);
        Assert.Null(reply.Lease);
        Assert.Null(run.Lease);
    }

    [Fact]
    public void An_offer_of_another_channel_than_is_due_is_refused()
    {
        var run = Due();
        Assert.Equal(RefusalReasons.NothingDue, run.TryLease(ContactChannel.Sms).Refusal?.Reason);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void Friday_six_fifty_nine_fifty_nine_is_leased_and_seven_is_not()
    {
        var friday = InBogota("2026-03-06 19:00");
        var run = DueCall();
        run.Now = friday - Duration.FromSeconds(1);
        var lease = run.MustLease(ContactChannel.Call);
        Assert.Equal(friday, lease.NotAfter);

        var late = DueCall();
        late.Now = friday;
        var refused = late.TryLease(ContactChannel.Call);
        Assert.Null(refused.Lease);
        Assert.Equal(VerdictKind.Defer, refused.Verdict?.Kind);
        Assert.Equal(InBogota("2026-03-07 08:00"), late.State.Wake.At);
    }

    [Fact]
    public void A_confirmation_after_the_window_closed_is_no_go_and_nothing_was_counted()
    {
        var run = DueCall();
        run.Now = InBogota("2026-03-06 18:50");
        var lease = run.MustLease(ContactChannel.Call, confirm: true, duration: Duration.FromHours(1));
        run.Now = InBogota("2026-03-06 19:00");
        var reply = run.Confirm(lease);
        Assert.False(reply.Go);
        Assert.Equal(VerdictKind.Defer, reply.Verdict?.Kind);
        Assert.Null(run.Lease);
        Assert.All(run.State.Contacts, contact => Assert.True(contact is { Standing: ContactStanding.Settled, Facts.Placed: false }));
        Assert.Equal("call-1", run.PlanOf(Loan).StepId);
        Assert.NotNull(run.State.Wake.At);
    }

    [Fact]
    public void A_revoked_lease_is_denied_at_its_confirmation()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call, confirm: true);
        run.Signal("s1", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Start = run.Now }));
        var reply = run.Confirm(lease);
        Assert.False(reply.Go);
        Assert.Equal(RefusalReasons.LeaseRevoked, reply.Refusal?.Reason);
        Assert.Null(run.Lease);
        Assert.Equal(DebtorPhase.Held, run.State.Phase);
    }

    [Fact]
    public void A_stale_token_confirms_extends_and_releases_nothing()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call);
        var forged = lease with { Fence = lease.Fence - 1 };
        Assert.Equal(RefusalReasons.StaleToken, run.Confirm(forged).Refusal?.Reason);
        Assert.Equal(RefusalReasons.StaleToken, run.Extend(forged, Duration.FromHours(1)).Refusal?.Reason);
        Assert.Equal(RefusalReasons.StaleToken, run.Release(forged).Refusal?.Reason);
        Assert.Equal(lease, run.Lease);
    }

    [Fact]
    public void Extensions_end_with_the_longest_life_of_a_lease()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call, duration: Duration.FromHours(3));
        run.Confirm(lease);
        run.Now += Duration.FromHours(2);
        Assert.Equal(lease.LeasedAt + Duration.FromHours(4), run.Extend(lease, Duration.FromHours(3)).ExpiresAt);
        Assert.Equal(RefusalReasons.LeaseLimit, run.Extend(lease, Duration.FromHours(3)).Refusal?.Reason);
    }

    [Fact]
    public void A_lease_still_to_be_confirmed_is_never_extended_past_its_not_after()
    {
        var run = DueCall();
        run.Now = InBogota("2026-03-06 18:50");
        var lease = run.MustLease(ContactChannel.Call, confirm: true, duration: Duration.FromMinutes(1));
        Assert.Equal(InBogota("2026-03-06 19:00"), run.Extend(lease, Duration.FromHours(1)).ExpiresAt);
    }

    [Fact]
    public void An_extension_after_expiry_is_refused()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call);
        run.Now = lease.ExpiresAt;
        Assert.Equal(RefusalReasons.LeaseLapsed, run.Extend(lease, Duration.FromMinutes(5)).Refusal?.Reason);
    }

    [Fact]
    public void A_released_lease_gives_back_what_it_reserved_and_the_step_is_due_again()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call);
        Assert.Equal(ApplyState.Recorded, run.Release(lease).State);
        Assert.Equal("call-1", run.PlanOf(Loan).StepId);
        Assert.Equal(0, run.PlanOf(Loan).NotPlacedCount);
        Assert.Equal(ApplyState.Duplicate, run.Release(lease).State);
        Assert.NotNull(run.MustLease(ContactChannel.Call));
    }

    [Fact]
    public void A_confirmed_lease_is_reported_not_released()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call);
        run.Confirm(lease);
        Assert.Equal(RefusalReasons.LeaseConfirmed, run.Release(lease).Refusal?.Reason);
        Assert.NotNull(run.Lease);
    }

    [Fact]
    public void A_counted_lease_that_lapses_in_silence_stays_counted_as_the_worst()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call);
        run.WakeNext();
        Assert.Null(run.Lease);
        Assert.Equal(ContactStanding.Unresolved, run.State.Contacts.Single().Standing);
        Assert.True(run.EventsOf<DebtorEvent.LeaseLapsed>().Single().Counted);
        Assert.NotEqual("call-1", run.PlanOf(Loan).StepId);
        Assert.Equal(lease.ExpiresAt, run.EventsOf<DebtorEvent.LeaseLapsed>().Single().At);
    }

    [Fact]
    public void A_lease_that_had_to_be_confirmed_and_was_not_is_proof_of_not_placed()
    {
        var run = DueCall();
        run.MustLease(ContactChannel.Call, confirm: true);
        run.WakeNext();
        Assert.Null(run.Lease);
        Assert.False(run.EventsOf<DebtorEvent.LeaseLapsed>().Single().Counted);
        Assert.Equal("call-1", run.PlanOf(Loan).StepId);
        Assert.NotNull(run.MustLease(ContactChannel.Call));
    }

    [Fact]
    public void A_confirmation_repeated_after_the_window_closed_says_no_and_refunds_nothing()
    {
        var run = DueCall();
        run.Now = InBogota("2026-03-06 18:58");
        var lease = run.MustLease(ContactChannel.Call, confirm: true, duration: Duration.FromMinutes(1));
        run.Extend(lease, Duration.FromMinutes(2));
        Assert.True(run.Confirm(lease).Go);
        run.Now = InBogota("2026-03-06 18:59");
        run.Extend(lease, Duration.FromMinutes(10));
        run.Now = InBogota("2026-03-06 19:00") + Duration.FromSeconds(1);
        Assert.False(run.Confirm(lease).Go);
        Assert.False(run.HasWritten);
        Assert.Equal(lease.Dispatch, run.Lease?.Dispatch);
        Assert.True(run.State.Contacts.Single().Facts.Placed);
    }

    [Fact]
    public void A_confirmation_repeated_after_a_stop_says_no_and_refunds_nothing()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call, confirm: true);
        Assert.True(run.Confirm(lease).Go);
        var stop = run.Signal("stop", new SignalFact.Inbound { Intent = InboundIntent.Stop, Point = Mobile }, ContactChannel.Call);
        Assert.Equal([lease.Dispatch], stop.Unstoppable);
        var again = run.Confirm(lease);
        Assert.False(again.Go);
        Assert.Equal(VerdictKind.Forbid, again.Verdict?.Kind);
        Assert.False(run.HasWritten);
        Assert.True(run.State.Contacts.Single(contact => !contact.IsInbound).Facts.Placed);
    }

    [Fact]
    public void A_lease_may_not_be_placed_after_it_expired_and_an_extension_moves_both()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call, confirm: true, duration: Duration.FromMinutes(10));
        Assert.Equal(lease.ExpiresAt, lease.NotAfter);
        Assert.Equal(lease.NotAfter, run.EventsOf<DebtorEvent.Leased>().Single().Proof.NotAfter);
        run.Now += Duration.FromMinutes(5);
        var extended = run.Extend(lease, Duration.FromMinutes(30)).ExpiresAt;
        Assert.Equal(run.Now + Duration.FromMinutes(30), extended);
        Assert.Equal(extended, run.Lease!.NotAfter);
        run.Now += Duration.FromMinutes(20);
        Assert.True(run.Confirm(lease).Go);
        run.Extend(lease, Duration.FromHours(1));
        Assert.Equal(extended, run.Lease!.NotAfter);
    }

    [Fact]
    public void The_lease_of_a_finished_debtor_lapses_at_its_time()
    {
        var run = DueCall();
        var lease = run.MustLease(ContactChannel.Call);
        run.Close(Loan, CloseReason.Paid);
        Assert.Equal(DebtorPhase.Finished, run.State.Phase);
        Assert.Equal(lease.ExpiresAt + Duration.FromSeconds(2), run.State.Wake.At);
        run.WakeNext();
        Assert.Null(run.Lease);
        Assert.Null(run.State.Wake.At);
        Assert.True(run.EventsOf<DebtorEvent.LeaseLapsed>().Single().Counted);
        Assert.Equal(ContactStanding.Unresolved, run.State.Contacts.Single().Standing);
    }
}
