using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class SplitTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");
    private static readonly DecisionContext Context = Sample.With(Step(1, ContactChannel.Sms), Step(20, ContactChannel.Call));
    private static readonly DebtorKey NewKey = new("acme", "eva");
    private static readonly PointId Second = new("second");
    private static readonly SplitCommand Cards = new() { NewDebtor = "eva", Accounts = [Card], Points = [Second, Mailbox], RequestId = "r1" };

    private static DebtorState Entered()
    {
        var entry = Colombian();
        return DebtorDecider.ApplyEntry(
            null,
            entry with { Points = [.. entry.Points!.Value, Phone("second", "+573007654321")], Accounts = [Owed(Loan), Owed(Card, "shop")] },
            Context,
            Monday).State!;
    }

    private static DebtorState With(DebtorState state, string id, SignalFact fact, ContactChannel channel = ContactChannel.Sms)
    {
        var at = Monday + Duration.FromHours(1);
        return DebtorDecider.RecordSignal(state, Signal(id, at, fact, channel), Context, at).State!;
    }

    private static DebtorState Seeded(DebtorState state, string id, Instant at, ContactChannel channel = ContactChannel.Call, params AccountId[] accounts) => DebtorDecider.SeedContact(
        state,
        new SeedCommand(new ExternalContact { Id = id, Channel = channel, PlacedAt = at, Accounts = [.. accounts], Facts = new ContactFacts { Delivered = true, TwoWay = true } }),
        Context,
        Monday).State!;

    private static Refusal? RefusalOf(DebtorState state, SplitCommand command) => DebtorDecider.BeginSplit(state, command, Context, Monday).Reply.Refusal;

    private static (DebtorState Stays, DebtorState New, ImmutableArray<DebtorEvent> Events) Split(DebtorState state, SplitCommand? command = null, Instant? at = null)
    {
        var now = at ?? Monday + Duration.FromHours(2);
        var closed = DebtorDecider.BeginSplit(state, command ?? Cards, Context, now).State!;
        var made = DebtorDecider.Receive(null, NewKey, closed, [], Context, now);
        Assert.NotNull(made.State);
        var left = DebtorDecider.EndSplit(closed, "eva", isCompleted: true, Context, now).State!;
        return (left, DebtorDecider.OpenSplit(made.State, Context, now).State!, made.Events);
    }

    private static bool MayLease(DebtorState state, ContactChannel channel, Instant at)
    {
        var command = new LeaseCommand { NextVersion = 50, OfferVersion = 49, Channel = channel, GatewayId = "g", PullId = "p", Duration = Duration.FromMinutes(5) };
        return DebtorDecider.Lease(state, command, Context, at).Reply.Lease is not null;
    }

    [Fact]
    public void Accounts_and_points_are_one_debtors_and_what_counts_or_restricts_is_both_debtors()
    {
        var state = Seeded(Seeded(Entered(), "c1", Monday - Duration.FromDays(1)), "c2", Monday, ContactChannel.Sms, Card);
        state = With(state, "h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Accounts = [Card], Start = Monday }));
        state = With(state, "stop", new SignalFact.Inbound { Intent = InboundIntent.Stop });
        state = With(state, "p", new SignalFact.PromiseSaid(new Promise { Id = "p", Accounts = [Card], Amount = Usd(10), DueOn = new LocalDate(2026, 3, 9) }));
        var (stays, made, _) = Split(state);

        Assert.Equal((Loan, Card), (Assert.Single(stays.Accounts).Id, Assert.Single(made.Accounts).Id));
        Assert.Equal([Mobile], stays.Points.Select(static p => p.Id));
        Assert.Equal([Mailbox, Second], made.Points.Select(static p => p.Id));
        Assert.Equal((Loan, Card), (Assert.Single(stays.Plans).Account, Assert.Single(made.Plans).Account));
        Assert.Empty(stays.Promises);
        Assert.Equal("p", Assert.Single(made.Promises).Id);
        Assert.Equal(["c1", "c2", .. state.Contacts.Select(static c => c.Id).Except(["c1", "c2"])], stays.Contacts.Select(static c => c.Id));
        foreach (var one in new[] { stays, made })
        {
            Assert.Equal(state.Contacts.Select(static c => c.Id), one.Contacts.Select(static c => c.Id));
            Assert.Equal("h", Assert.Single(one.Holds).Id);
            Assert.Contains(one.Consents, static fact => fact.Kind == ConsentKind.Withdrawn);
            Assert.Equal(state.Profile, one.Profile);
            Assert.Null(one.Split);
        }
    }

    [Fact]
    public void The_log_of_the_new_debtor_repeats_what_came_and_names_the_chain_that_it_came_from()
    {
        var state = Seeded(Entered(), "c1", Monday - Duration.FromDays(1)) with { EventCount = 9, ChainHead = [1, 2] };
        var (_, _, events) = Split(state);
        var received = Assert.IsType<DebtorEvent.DebtorSplit>(events[0]);
        Assert.Equal((SplitStep.Received, "ana", 9L), (received.Step, received.Other, received.EventCount));
        Assert.Equal([1, 2], received.ChainHead);
        Assert.Equal("c1", Assert.Single(events.OfType<DebtorEvent.ContactSeeded>()).Contact.Id);
        Assert.Equal(Card, Assert.Single(events.OfType<DebtorEvent.AccountEntered>()).Account.Id);
        Assert.Equal([Mailbox, Second], events.OfType<DebtorEvent.PointsReplaced>().Single().Points.Select(static p => p.Id));
        Assert.NotEmpty(events.OfType<DebtorEvent.ConsentRecorded>());
    }

    [Fact]
    public void A_permission_that_names_points_holds_where_the_point_is_and_a_refusal_at_both()
    {
        var grant = Granted(ContactChannel.Call) with { Id = "both", Points = [Mobile, Second], GivenAt = Monday };
        var state = With(Entered(), "g", new SignalFact.ConsentSaid(grant));
        state = With(state, "n", new SignalFact.ConsentSaid(grant with { Id = "not-there", Kind = ConsentKind.Withdrawn, Points = [Second] }));
        var (stays, made, _) = Split(state);
        Assert.Equal([Mobile], stays.Consents.Single(static c => c.Id == "both").Points);
        Assert.Equal([Second], made.Consents.Single(static c => c.Id == "both").Points);
        Assert.Contains(stays.Consents, static c => c.Id == "not-there");
        Assert.Contains(made.Consents, static c => c.Id == "not-there");
        Assert.Contains(made.Consents, static c => c.Id == "granted");
    }

    [Fact]
    public void A_contact_about_one_account_of_a_debt_counts_for_the_debt_though_the_account_is_the_others()
    {
        var entry = Colombian();
        var state = DebtorDecider.ApplyEntry(
            null, entry with { Accounts = [Owed(Loan) with { DebtKey = "d" }, Owed(Card) with { DebtKey = "d" }] }, Context, Monday).State!;
        state = Seeded(state, "c1", Monday, ContactChannel.Call, Card);
        var (stays, made, _) = Split(state, Cards with { Points = [] });
        Assert.Contains(Loan, stays.Contacts.Single().Accounts);
        Assert.Equal([Card, Loan], made.Contacts.Single().Accounts);
    }

    [Fact]
    public void A_live_lease_is_withdrawn_and_counts_for_both_where_it_may_be_being_placed()
    {
        var run = new Run(Context, Monday);
        run.Enter(Colombian() with { Accounts = [Owed(Loan), Owed(Card)] });
        run.Now = InBogota("2026-03-03 09:00");
        var lease = run.MustLease(ContactChannel.Sms);
        var closed = DebtorDecider.BeginSplit(run.State, Cards with { Points = [] }, Context, run.Now);
        Assert.Equal(RevokeReasons.Split, Assert.IsType<Effect.Revoked>(Assert.Single(closed.Effects)).Lease.RevokedFor);
        Assert.Null(closed.State!.Lease);
        var made = DebtorDecider.Receive(null, NewKey, closed.State, [], Context, run.Now).State!;
        var left = DebtorDecider.EndSplit(closed.State, "eva", isCompleted: true, Context, run.Now).State!;
        foreach (var one in new[] { left, made })
        {
            Assert.Equal((lease.Dispatch.Value, ContactStanding.Unresolved), (Assert.Single(one.Contacts).Id, one.Contacts[0].Standing));
        }
    }

    [Fact]
    public void Neither_is_leased_before_its_part_is_done_and_each_step_is_done_once()
    {
        var later = InBogota("2026-03-03 10:00");
        var closed = DebtorDecider.BeginSplit(Entered(), Cards, Context, later).State!;
        var made = DebtorDecider.Receive(null, NewKey, closed, [], Context, later).State!;
        Assert.False(MayLease(closed, ContactChannel.Sms, later));
        Assert.False(MayLease(made, ContactChannel.Sms, later));
        Assert.True(closed.Wake.At > later && made.Wake.At > later);
        Assert.Equal(made.Wake, (DebtorDecider.Replan(made, Context, later).State ?? made).Wake);
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.BeginSplit(closed, Cards, Context, later).Reply.State);
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.Receive(made, NewKey, closed, [], Context, later).Reply.State);
        var left = DebtorDecider.EndSplit(closed, "eva", isCompleted: true, Context, later).State!;
        Assert.True(MayLease(left, ContactChannel.Sms, later));
        Assert.Null(DebtorDecider.EndSplit(left, "eva", isCompleted: true, Context, later).State);
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.BeginSplit(left, Cards with { IsTaken = true }, Context, later).Reply.State);
        Assert.Equal(RefusalReasons.KeyReused, RefusalOf(left, Cards with { Accounts = [Loan] })?.Reason);
        var open = DebtorDecider.OpenSplit(made, Context, later).State!;
        Assert.Null(DebtorDecider.OpenSplit(open, Context, later).State);
    }

    [Fact]
    public void A_split_whose_new_debtor_cannot_be_made_leaves_all_as_it_was()
    {
        var closed = DebtorDecider.BeginSplit(Entered(), Cards, Context, Monday).State!;
        Assert.Equal(RefusalReasons.DebtorExists, DebtorDecider.Receive(Entered() with { Key = NewKey }, NewKey, closed, [], Context, Monday).Reply.Refusal?.Reason);
        var back = DebtorDecider.EndSplit(closed, "eva", isCompleted: false, Context, Monday).State!;
        Assert.Equal(Entered().Accounts.Select(static a => a.Id), back.Accounts.Select(static a => a.Id));
        Assert.Equal((null, Entered().Wake), (back.Split, back.Wake));
    }

    [Fact]
    public void What_cannot_be_split_is_refused()
    {
        var state = Entered();
        Assert.Equal((RefusalReasons.UnknownAccount, "account_ids"), Named(RefusalOf(state, Cards with { Accounts = [new AccountId("none")] })));
        Assert.Equal((RefusalReasons.UnknownPoint, "point_ids"), Named(RefusalOf(state, Cards with { Points = [new PointId("none")] })));
        Assert.Equal((RefusalReasons.Invalid, "account_ids"), Named(RefusalOf(state, Cards with { Accounts = [Loan, Card] })));
        Assert.Equal((RefusalReasons.Invalid, "account_ids"), Named(RefusalOf(state, Cards with { Accounts = [] })));
        Assert.Equal((RefusalReasons.DebtorExists, "new_debtor_id"), Named(RefusalOf(state, Cards with { IsTaken = true })));
        Assert.Equal((RefusalReasons.DebtorExists, "new_debtor_id"), Named(RefusalOf(state, Cards with { NewDebtor = "ana" })));
        var merging = DebtorDecider.BeginMerge(state, "b", Context, Monday).State!;
        Assert.Equal((RefusalReasons.AlreadyMerged, "debtor_id"), Named(RefusalOf(merging, Cards)));
        var closed = DebtorDecider.BeginSplit(state, Cards, Context, Monday).State!;
        Assert.Equal(RefusalReasons.NotPermitted, RefusalOf(closed, Cards with { RequestId = "r2" })?.Reason);
        Assert.Equal(RefusalReasons.NotPermitted, DebtorDecider.BeginMerge(closed, "b", Context, Monday).Reply.Refusal?.Reason);
        Assert.Equal(RefusalReasons.Invalid, DebtorDecider.Receive(null, new DebtorKey("acme", "else"), closed, [], Context, Monday).Reply.Refusal?.Reason);
    }

    private static (string, string) Named(Refusal? refusal) => (refusal!.Reason, refusal.Field);

    [Fact]
    public void Both_keep_every_counter_and_neither_may_do_what_the_one_might_not()
    {
        var gen =
            from days in Gen.Choose(0, 5).ListOf(6)
            from about in Gen.Choose(0, 2).ListOf(6)
            from facts in Gen.Choose(0, 15)
            from hour in Gen.Choose(0, 200)
            select (days.ToArray(), about.ToArray(), facts, hour);
        Check.One(PinnedSeeds.Runs(seed: 12, count: 150), Prop.ForAll(gen.ToArbitrary(), static x => Holds(x.Item1, x.Item2, x.facts, x.hour)));
    }

    private static void Holds(int[] days, int[] about, int facts, int hour)
    {
        var state = Entered();
        foreach (var (i, day) in days.Index())
        {
            AccountId[] accounts = about[i] == 0 ? [] : about[i] == 1 ? [Loan] : [Card];
            if (day > 0) state = Seeded(state, $"c{i}", Monday - Duration.FromDays(day), i % 2 == 0 ? ContactChannel.Call : ContactChannel.Sms, accounts);
        }

        if ((facts & 1) != 0) state = With(state, "s", new SignalFact.Inbound { Intent = InboundIntent.Stop });
        if ((facts & 2) != 0) state = With(state, "h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Accounts = [Loan], Start = Monday }));
        if ((facts & 4) != 0) state = With(state, "w", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        if ((facts & 8) != 0) state = With(state, "p", new SignalFact.PromiseSaid(new Promise { Id = "p", Accounts = [Card], Amount = Usd(10), DueOn = new LocalDate(2026, 3, 9) }));
        var (stays, made, _) = Split(state);
        Assert.Equal(state.Contacts.Select(static c => (c.Id, c.PlacedAt, c.Facts, c.Standing)), stays.Contacts.Select(static c => (c.Id, c.PlacedAt, c.Facts, c.Standing)));
        Assert.Equal(state.Contacts.Select(static c => (c.Id, c.PlacedAt, c.Facts, c.Standing)), made.Contacts.Select(static c => (c.Id, c.PlacedAt, c.Facts, c.Standing)));
        var at = Monday + Duration.FromHours(3 + hour);
        foreach (var channel in new[] { ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email })
        {
            if (MayLease(stays, channel, at) || MayLease(made, channel, at)) Assert.True(MayLease(state, channel, at), $"{channel} at {at}");
        }
    }
}
