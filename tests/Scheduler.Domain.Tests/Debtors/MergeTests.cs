using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class MergeTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");
    private static readonly DecisionContext Context = Sample.With(Step(1, ContactChannel.Sms), Step(20, ContactChannel.Call));

    private static DebtorState Entered(string id, EntryCommand? entry = null) =>
        DebtorDecider.ApplyEntry(null, (entry ?? Colombian() with { Accounts = [Owed(new AccountId("of-" + id))] }) with { Key = new DebtorKey("acme", id) }, Context, Monday).State!;

    private static DebtorState With(DebtorState state, string id, SignalFact fact, ContactChannel channel = ContactChannel.Sms, Duration? after = null)
    {
        var at = Monday + (after ?? Duration.FromHours(1));
        return DebtorDecider.RecordSignal(state, Signal(id, at, fact, channel), Context, at).State!;
    }

    private static DebtorState Seeded(DebtorState state, string id, Instant at, ContactChannel channel = ContactChannel.Call) =>
        DebtorDecider.SeedContact(state, new SeedCommand(new ExternalContact { Id = id, Channel = channel, PlacedAt = at, Facts = new ContactFacts { Delivered = true, TwoWay = true } }), Context, Monday).State!;

    private static Decision<MergeReply> Absorb(DebtorState own, DebtorState gone, Instant? at = null)
    {
        var now = at ?? Monday + Duration.FromHours(2);
        var closed = DebtorDecider.BeginMerge(gone, own.Key.Debtor, Context, now).State!;
        return DebtorDecider.Absorb(own, closed, Context, now);
    }

    private static DebtorState Merged(DebtorState own, DebtorState gone) => Absorb(own, gone).State!;

    private static bool IsWithdrawn(DebtorState state, ContactChannel channel, Instant? at = null) =>
        state.Points.All(point => ConsentLedger.Standing(state.Consents, channel, ContactPurpose.Collection, point.Id, "bank", at ?? Monday + Duration.FromHours(3)).IsWithdrawn);

    [Fact]
    public void A_closed_debtor_is_leased_to_nobody_and_keeps_a_wake()
    {
        var closed = DebtorDecider.BeginMerge(Entered("b"), "a", Context, Monday);
        Assert.Equal(new Merge("a", IsDone: false), closed.State!.Merge);
        Assert.True(closed.State.Wake.At > Monday);
        var later = InBogota("2026-03-03 10:00");
        var lease = DebtorDecider.Lease(closed.State, new LeaseCommand { NextVersion = 3, OfferVersion = 2, Channel = ContactChannel.Sms, GatewayId = "g", PullId = "p", Duration = Duration.FromMinutes(5) }, Context, later);
        Assert.Null(lease.Reply.Lease);
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.BeginMerge(closed.State, "a", Context, Monday).Reply.State);
        Assert.Equal(RefusalReasons.AlreadyMerged, DebtorDecider.BeginMerge(closed.State, "c", Context, Monday).Reply.Refusal?.Reason);
    }

    [Fact]
    public void A_lease_of_the_debtor_that_goes_is_withdrawn_and_counts_where_it_may_be_being_placed()
    {
        var run = new Run(Context, Monday);
        run.Enter(Colombian());
        run.Now = InBogota("2026-03-03 09:00");
        var lease = run.MustLease(ContactChannel.Sms);
        var closed = DebtorDecider.BeginMerge(run.State, "a", Context, run.Now);
        Assert.Equal(RevokeReasons.Merged, Assert.IsType<Effect.Revoked>(Assert.Single(closed.Effects)).Lease.RevokedFor);
        Assert.Null(closed.State!.Lease);
        var survivor = DebtorDecider.Absorb(Entered("a"), closed.State, Context, run.Now).State!;
        var contact = Assert.Single(survivor.Contacts);
        Assert.Equal((lease.Dispatch.Value, ContactStanding.Unresolved), (contact.Id, contact.Standing));

        var placed = new OutcomeCommand { Lease = Run.Ref(lease), Outcome = run.Placed(Disposition.Accepted) };
        var late = DebtorDecider.ReportOutcome(survivor, placed, Context, run.Now);
        Assert.Equal(FactState.RecordedStale, late.Reply.State);
        Assert.True(late.State!.Contacts.Single().Facts.Placed);
    }

    [Fact]
    public void A_forgotten_dispatch_of_the_debtor_that_went_still_counts()
    {
        var survivor = Merged(Entered("a"), Entered("b"));
        var outcome = new OutcomeCommand
        {
            Lease = new LeaseRef(DispatchId.Of("b", 9), 9),
            Outcome = new Scheduler.Domain.Attempts.Outcome.Placed { PlacedAt = Monday, Disposition = Disposition.Accepted },
        };
        Assert.Equal(FactState.RecordedStale, DebtorDecider.ReportOutcome(survivor, outcome, Context, Monday + Duration.FromHours(3)).Reply.State);
        Assert.Equal(FactState.Unknown, DebtorDecider.ReportOutcome(Entered("c"), outcome, Context, Monday + Duration.FromHours(3)).Reply.State);
    }

    [Fact]
    public void Taking_in_is_done_once_and_only_what_has_closed_for_it()
    {
        var survivor = Merged(Entered("a"), Entered("b"));
        var closed = DebtorDecider.BeginMerge(Entered("b"), "a", Context, Monday).State!;
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.Absorb(survivor, closed, Context, Monday).Reply.State);
        Assert.Equal(ApplyState.Rejected, DebtorDecider.Absorb(Entered("a"), Entered("c"), Context, Monday).Reply.State);
        Assert.Equal(ApplyState.Rejected, DebtorDecider.Absorb(Entered("d"), closed, Context, Monday).Reply.State);
        var going = DebtorDecider.BeginMerge(Entered("a"), "z", Context, Monday).State!;
        Assert.Equal(RefusalReasons.AlreadyMerged, DebtorDecider.Absorb(going, closed, Context, Monday).Reply.Refusal?.Reason);
    }

    [Fact]
    public void What_is_left_is_a_name_and_a_refused_merge_leaves_all_as_it_was()
    {
        var closed = DebtorDecider.BeginMerge(Entered("b"), "a", Context, Monday).State!;
        var alias = DebtorDecider.EndMerge(closed, isCompleted: true, Context, Monday).State!;
        Assert.Equal((new Merge("a", IsDone: true), DebtorPhase.Finished, null), (alias.Merge, alias.Phase, alias.Wake.At));
        Assert.Empty(alias.Accounts);
        Assert.Empty(alias.Points);
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.EndMerge(alias, isCompleted: true, Context, Monday).Reply.State);

        var asBefore = DebtorDecider.EndMerge(closed, isCompleted: false, Context, Monday).State!;
        Assert.Null(asBefore.Merge);
        Assert.Equal(Entered("b").Wake, asBefore.Wake);
    }

    [Fact]
    public void A_withdrawal_of_either_stands_whatever_the_other_granted_later_and_a_new_grant_answers_it()
    {
        var stopped = With(Entered("b"), "stop", new SignalFact.Inbound { Intent = InboundIntent.Stop });
        var granted = With(Entered("a"), "yes", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "later", GivenAt = Monday + Duration.FromHours(1.5) }), after: Duration.FromHours(1.5));
        foreach (var merged in new[] { Merged(granted, stopped), Merged(stopped, granted) })
        {
            Assert.True(IsWithdrawn(merged, ContactChannel.Sms));
            Assert.False(IsWithdrawn(merged, ContactChannel.Email));
            var again = With(merged, "again", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "g9", GivenAt = Monday + Duration.FromHours(4) }), after: Duration.FromHours(4));
            Assert.False(IsWithdrawn(again, ContactChannel.Sms, Monday + Duration.FromHours(5)));
        }
    }

    [Fact]
    public void A_withdrawal_that_its_own_debtor_answered_is_not_said_again()
    {
        var state = With(Entered("b"), "stop", new SignalFact.Inbound { Intent = InboundIntent.Stop });
        state = With(state, "yes", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "later", GivenAt = Monday + Duration.FromHours(1.5) }), after: Duration.FromHours(1.5));
        Assert.False(IsWithdrawn(Merged(Entered("a"), state), ContactChannel.Sms));
    }

    [Fact]
    public void Holds_promises_and_accounts_of_both_stay()
    {
        var held = With(Entered("b"), "h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Start = Monday }));
        held = With(held, "p", new SignalFact.PromiseSaid(new Promise { Id = "p", Accounts = [new AccountId("of-b")], Amount = Usd(10), DueOn = new LocalDate(2026, 3, 9) }));
        var own = With(Entered("a"), "h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Hardship, Start = Monday }));
        var merged = Merged(own, held);
        Assert.Equal([HoldKind.Hardship, HoldKind.Dispute], merged.Holds.Select(static h => h.Kind));
        Assert.Equal(2, merged.Holds.Select(static h => h.Id).Distinct().Count());
        Assert.Equal(["of-a", "of-b"], merged.Accounts.Select(static a => a.Id.Value));
        Assert.Equal("p", Assert.Single(merged.Promises).Id);
        Assert.False(MayLease(merged, ContactChannel.Sms, InBogota("2026-03-03 10:00")));
    }

    [Fact]
    public void One_address_is_one_point_and_closed_for_either_is_closed()
    {
        var gone = With(Entered("b"), "w", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        gone = DebtorDecider.ApplyEntry(gone, Colombian(2) with { Key = gone.Key, Points = [Phone(status: PointStatus.Unverified), Phone("mailbox", "+573009999999")] }, Context, Monday).State!;
        var merged = Merged(Entered("a"), gone);
        Assert.Equal(PointStatus.WrongPerson, merged.Points.Single(p => p.Id == Mobile).Status);
        Assert.Equal("+573009999999", merged.Points.Single(p => p.Id == new PointId("mailbox@b")).Address);
        Assert.Equal("ana@example.org", merged.Points.Single(p => p.Id == Mailbox).Address);
    }

    [Fact]
    public void The_source_of_an_alias_goes_on_with_versions_of_its_own_and_takes_no_point_away()
    {
        var merged = Merged(Entered("a", Colombian(7)), Entered("b"));
        var entry = Colombian(2) with { Key = new DebtorKey("acme", "b"), Points = [Phone("mobile", "+573008888888")], Accounts = [Owed(new AccountId("new"))] };
        var applied = DebtorDecider.ApplyEntry(merged, entry, Context, Monday + Duration.FromHours(3));
        Assert.Equal(EntryState.Accepted, applied.Reply.State);
        Assert.Equal(7, applied.State!.SourceVersion);
        Assert.Equal(["mobile", "mailbox", "mobile@b"], applied.State.Points.Select(static p => p.Id.Value));
        Assert.Contains(applied.State.Accounts, static a => a.Id.Value == "new");
        Assert.Equal(EntryState.Unchanged, DebtorDecider.ApplyEntry(applied.State, entry, Context, Monday).Reply.State);
        Assert.Equal(EntryState.Stale, DebtorDecider.ApplyEntry(applied.State, entry with { SourceVersion = 1 }, Context, Monday).Reply.State);
        Assert.Equal(EntryState.Rejected, DebtorDecider.ApplyEntry(applied.State, entry with { Key = new DebtorKey("acme", "z") }, Context, Monday).Reply.State);
    }

    [Fact]
    public void Too_many_contacts_for_one_are_refused()
    {
        var (own, gone) = (Entered("a"), Entered("b"));
        for (var i = 0; i < 33; i++)
        {
            own = Seeded(own, $"a{i}", Monday - Duration.FromMinutes(i));
            gone = Seeded(gone, $"b{i}", Monday - Duration.FromMinutes(i));
        }

        Assert.Equal(RefusalReasons.LimitReached, Absorb(own, gone).Reply.Refusal?.Reason);
    }

    [Fact]
    public void A_contact_that_both_knew_is_told_to_the_log_with_the_accounts_of_both_and_the_checker_takes_it()
    {
        var contact = new ExternalContact { Id = "seen", Channel = ContactChannel.Call, PlacedAt = Monday - Duration.FromDays(1), Accounts = [new AccountId("of-a")] };
        var seededHere = DebtorDecider.SeedContact(Entered("a"), new SeedCommand(contact), Context, Monday);
        var gone = DebtorDecider.SeedContact(Entered("b"), new SeedCommand(contact with { Accounts = [new AccountId("of-b")] }), Context, Monday).State!;
        var absorbed = Absorb(seededHere.State!, gone);

        var told = Assert.Single(absorbed.Events.OfType<DebtorEvent.ContactSeeded>()).Contact;
        Assert.Equal(["of-a", "of-b"], told.Accounts.Select(static a => a.Value));
        Assert.Equal(told, Assert.Single(absorbed.State!.Contacts));
        var audited = new AuditedDebtor(new DebtorKey("acme", "a"));
        Assert.All(seededHere.Events.Concat(absorbed.Events), one => Assert.Null(audited.Apply(one, Monday)));
        Assert.NotNull(audited.Apply(seededHere.Events.OfType<DebtorEvent.ContactSeeded>().Single(), Monday));
    }

    [Fact]
    public void Contacts_of_one_are_those_of_both_counted_once_and_no_verdict_is_more_than_either_had()
    {
        var gen =
            from own in Gen.Choose(0, 3).ListOf(4)
            from gone in Gen.Choose(0, 3).ListOf(4)
            from stops in Gen.Choose(0, 3)
            from hour in Gen.Choose(0, 200)
            select (own.ToArray(), gone.ToArray(), stops, hour);
        Check.One(PinnedSeeds.Runs(seed: 11, count: 150), Prop.ForAll(gen.ToArbitrary(), static x => Holds(x.Item1, x.Item2, x.stops, x.hour)));
    }

    private static void Holds(int[] ownDays, int[] goneDays, int stops, int hour)
    {
        var (own, gone) = (Entered("a"), Entered("b"));
        foreach (var (i, day) in ownDays.Index()) own = Seeded(own, $"o{i}", Monday - Duration.FromDays(day));
        foreach (var (i, day) in goneDays.Index()) gone = Seeded(gone, i == 0 ? "o0" : $"g{i}", Monday - Duration.FromDays(i == 0 ? ownDays[0] : day));
        if ((stops & 1) != 0) own = With(own, "s1", new SignalFact.Inbound { Intent = InboundIntent.Stop });
        if ((stops & 2) != 0) gone = With(gone, "s2", new SignalFact.Inbound { Intent = InboundIntent.Stop });
        var merged = Merged(own, gone);
        Assert.Equal(own.Contacts.Concat(gone.Contacts).Select(static c => c.Id).Distinct().Order(), merged.Contacts.Select(static c => c.Id).Order());
        Assert.Equal(merged.Contacts.Select(static c => c.PlacedAt).Order(), merged.Contacts.Select(static c => c.PlacedAt));

        var at = Monday + Duration.FromHours(3 + hour);
        foreach (var channel in new[] { ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email })
        {
            var mayMerged = MayLease(merged, channel, at);
            if (mayMerged) Assert.True(MayLease(own, channel, at) && MayLease(gone, channel, at), $"{channel} at {at}");
        }
    }

    private static bool MayLease(DebtorState state, ContactChannel channel, Instant at)
    {
        var command = new LeaseCommand { NextVersion = 50, OfferVersion = 49, Channel = channel, GatewayId = "g", PullId = "p", Duration = Duration.FromMinutes(5) };
        return DebtorDecider.Lease(state, command, Context, at).Reply.Lease is not null;
    }
}
