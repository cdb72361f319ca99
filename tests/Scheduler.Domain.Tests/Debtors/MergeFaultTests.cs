using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>What a merge must not lose, nor permit.</summary>
public sealed class MergeFaultTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");
    private static readonly DecisionContext Context = Sample.With(Step(1, ContactChannel.Sms), Step(20, ContactChannel.Call));

    private static DebtorState Entered(string id, EntryCommand? entry = null) =>
        DebtorDecider.ApplyEntry(null, (entry ?? Colombian() with { Accounts = [Owed(new AccountId("of-" + id))] }) with { Key = new DebtorKey("acme", id) }, Context, Monday).State!;

    private static DebtorState With(DebtorState state, string id, SignalFact fact)
    {
        var at = Monday + Duration.FromHours(1);
        return DebtorDecider.RecordSignal(state, Signal(id, at, fact, ContactChannel.Sms), Context, at).State!;
    }

    private static DebtorState Merged(DebtorState own, DebtorState gone)
    {
        var now = Monday + Duration.FromHours(2);
        return DebtorDecider.Absorb(own, DebtorDecider.BeginMerge(gone, own.Key.Debtor, Context, now).State!, Context, now).State!;
    }

    [Fact]
    public void A_debtor_in_the_middle_of_a_merge_keeps_its_wake_whatever_plans_it()
    {
        var held = With(Entered("b"), "h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Hardship, Start = Monday }));
        var closed = DebtorDecider.BeginMerge(held, "a", Context, Monday).State!;
        var replanned = DebtorDecider.Replan(closed, Context, Monday + Duration.FromHours(2)).State ?? closed;
        Assert.Equal((closed.Phase, closed.Wake), (replanned.Phase, replanned.Wake));
        Assert.NotNull(replanned.Wake.At);
        Assert.Null(DebtorDecider.EndMerge(replanned, isCompleted: false, Context, Monday).State!.Wake.At);
    }

    [Fact]
    public void One_contact_known_to_both_is_kept_as_the_worse_of_the_two()
    {
        var seed = new ExternalContact { Id = "x", Channel = ContactChannel.Call, PlacedAt = Monday, Facts = new ContactFacts { Placed = true, TwoWay = false } };
        var own = DebtorDecider.SeedContact(Entered("a"), new SeedCommand(seed), Context, Monday).State!;
        var gone = DebtorDecider.SeedContact(Entered("b"), new SeedCommand(seed with { Facts = new ContactFacts { Placed = true, Delivered = true, TwoWay = true } }), Context, Monday).State!;
        own = own with { Contacts = [own.Contacts[0] with { Accounts = [] }] };
        gone = gone with { Contacts = [gone.Contacts[0] with { Standing = ContactStanding.Unresolved, Accounts = [new AccountId("of-b")] }] };
        var contact = Assert.Single(Merged(own, gone).Contacts);
        Assert.Equal((true, true, ContactStanding.Unresolved), (contact.Facts.TwoWay, contact.Facts.Delivered, contact.Standing));
        Assert.Empty(contact.Accounts);
    }

    [Fact]
    public void What_is_known_of_an_address_binds_it_under_the_name_that_it_gets()
    {
        var merged = Merged(Entered("a"), Entered("b"));
        var entry = Colombian(2) with
        {
            Key = new DebtorKey("acme", "b"),
            Points = [Phone("mobile", "+573008888888")],
            AddressFacts = [new ListedAddressFact(Mobile, new AddressFact(AddressFactKind.Reassigned, ContactChannel.Unknown, Monday))],
        };
        var state = DebtorDecider.ApplyEntry(merged, entry, Context, Monday + Duration.FromHours(3)).State!;
        Assert.Equal(PointStatus.Reassigned, state.Points.Single(static p => p.Address == "+573008888888").Status);
        Assert.True(state.Points.Single(static p => p.Id == Mobile).IsOpen);
    }

    [Fact]
    public void What_is_said_of_an_alias_means_its_own_points_holds_and_consents()
    {
        var gone = Entered("b", Colombian() with { Points = [Phone("mobile", "+573008888888")], Accounts = [Owed(new AccountId("of-b"))] });
        gone = With(gone, "h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Hardship, Start = Monday }));
        var own = With(Entered("a"), "h0", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Start = Monday }));
        var merged = Merged(own, gone);

        var lifted = Said(merged, "s1", new SignalFact.HoldLifted("h"));
        Assert.Equal(HoldKind.Dispute, Assert.Single(lifted.Holds).Kind);
        var closed = Said(merged, "s2", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        Assert.Equal("+573008888888", closed.Points.Single(static p => p.Status == PointStatus.WrongPerson).Address);
        var again = Said(merged, "s3", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Operator, Start = Monday, End = Monday + Duration.FromDays(1) }));
        Assert.Contains(again.Holds, static h => h is { Id: "h", Kind: HoldKind.Dispute, End: null });
        var agreed = Said(merged, "s4", new SignalFact.ConsentSaid(Granted(ContactChannel.Call) with { Id = "new", Points = [Mobile] }));
        Assert.Equal(new PointId("mobile@b"), Assert.Single(agreed.Consents.Single(static c => c.Id == "new").Points));
    }

    [Fact]
    public void A_withdrawal_of_an_alias_is_not_taken_for_another_fact_with_its_id()
    {
        var own = With(Entered("a"), "g", new SignalFact.ConsentSaid(Granted(ContactChannel.Call) with { Id = "c1" }));
        var merged = Merged(own, Entered("b"));
        var withdrawn = new ConsentFact { Id = "c1", Kind = ConsentKind.Withdrawn, GivenAt = Monday + Duration.FromHours(2.5) };
        var entry = Colombian(2) with { Key = new DebtorKey("acme", "b"), Consents = [withdrawn] };
        var state = DebtorDecider.ApplyEntry(merged, entry, Context, Monday + Duration.FromHours(3)).State!;
        Assert.Contains(state.Consents, static c => c is { Id: "c1@b", Kind: ConsentKind.Withdrawn });
    }

    [Fact]
    public void What_either_agreed_to_is_about_its_own_points_and_creditors_alone()
    {
        var own = With(Entered("a"), "g1", new SignalFact.ConsentSaid(Granted(ContactChannel.Call) with { Id = "own", Points = [], CreditorId = "" }));
        var gone = Entered("b", Colombian() with { Points = [Phone("work", "+573008888888")], Accounts = [Owed(new AccountId("of-b")) with { CreditorId = "shop" }] });
        gone = With(gone, "g2", new SignalFact.ConsentSaid(Granted(ContactChannel.Sms) with { Id = "theirs", Points = [], CreditorId = "" }));
        var merged = Merged(own, gone);
        var at = Monday + Duration.FromHours(3);

        Assert.True(IsGranted(ContactChannel.Call, Mobile, own.Accounts[0].CreditorId));
        Assert.False(IsGranted(ContactChannel.Call, new PointId("work"), own.Accounts[0].CreditorId));
        Assert.False(IsGranted(ContactChannel.Call, Mobile, "shop"));
        Assert.True(IsGranted(ContactChannel.Sms, new PointId("work"), "shop"));
        Assert.False(IsGranted(ContactChannel.Sms, Mobile, "shop"));

        bool IsGranted(ContactChannel channel, PointId point, string creditor) =>
            ConsentLedger.Standing(merged.Consents.RemoveAll(static c => c.Id is not ("own" or "theirs")), channel, ContactPurpose.Collection, point, creditor, at).IsGranted;
    }

    [Fact]
    public void A_point_that_the_other_had_by_another_name_is_found_by_the_aliass_own_name()
    {
        var gone = Entered("b", Colombian() with { Points = [Phone("mobile", "+573008888888")], Accounts = [Owed(new AccountId("of-b"))] });
        var own = Entered("a", Colombian() with { Points = [Phone("mobile", "+573001111111"), Phone("work", "+573008888888")], Accounts = [Owed(new AccountId("of-a"))] });
        var merged = Merged(own, gone);

        var closed = Said(merged, "s1", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        Assert.Equal("+573008888888", closed.Points.Single(static p => p.Status == PointStatus.WrongPerson).Address);
        var seeded = DebtorDecider.SeedContact(
            merged, new SeedCommand(new ExternalContact { Id = "x", Channel = ContactChannel.Call, Point = Mobile, PlacedAt = Monday }, "b"), Context, Monday + Duration.FromHours(3)).State!;
        Assert.Equal(new PointId("work"), seeded.FindContact("x")!.Point);

        // Its source lists another number under the name from then on.
        var entry = Colombian(2) with { Key = new DebtorKey("acme", "b"), Points = [Phone("mobile", "+573002222222")] };
        var moved = DebtorDecider.ApplyEntry(merged, entry, Context, Monday + Duration.FromHours(3)).State!;
        var again = Said(moved, "s2", new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson));
        Assert.Equal("+573002222222", again.Points.Single(static p => p.Status == PointStatus.WrongPerson).Address);
    }

    [Fact]
    public void Through_a_chain_of_merges_each_name_means_what_its_alias_called_so()
    {
        DebtorState With3(string id, string phone) => Entered(id, Colombian() with { Points = [Phone("mobile", phone)], Accounts = [Owed(new AccountId("of-" + id))] });
        var first = Merged(With3("c", "+573003333333"), With3("b", "+573002222222"));
        first = Said(first, "h1", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Hardship, Start = Monday }));
        var held = With(With3("a", "+573001111111"), "h0", new SignalFact.HoldPlaced(new Hold { Id = "h@b", Kind = HoldKind.Dispute, Start = Monday }));
        var all = Merged(held, first);
        Assert.Equal(2, all.Holds.Length);

        foreach (var (alias, phone) in new[] { ("b", "+573002222222"), ("c", "+573003333333"), ("", "+573001111111") })
        {
            var closed = Said(all, "s-" + alias, new SignalFact.PointChanged(Mobile, PointStatus.WrongPerson), alias);
            Assert.Equal(phone, closed.Points.Single(static p => p.Status == PointStatus.WrongPerson).Address);
        }

        Assert.Equal(HoldKind.Dispute, Assert.Single(Said(all, "l1", new SignalFact.HoldLifted("h")).Holds).Kind);
    }

    [Fact]
    public void A_hold_that_an_alias_laid_is_lifted_by_the_alias_and_stays_when_another_comes_under_its_id()
    {
        var merged = Merged(Entered("a"), Entered("b"));
        var laid = Said(merged, "s1", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Hardship, Start = Monday }));
        var both = Said(laid, "s2", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, Start = Monday }), alias: "");
        Assert.Equal([HoldKind.Hardship, HoldKind.Dispute], both.Holds.Select(static h => h.Kind));
        Assert.Equal(HoldKind.Dispute, Assert.Single(Said(both, "s3", new SignalFact.HoldLifted("h")).Holds).Kind);
        Assert.Equal(HoldKind.Hardship, Assert.Single(Said(both, "s4", new SignalFact.HoldLifted("h"), alias: "").Holds).Kind);

        var own = Said(merged, "s5", new SignalFact.HoldPlaced(new Hold { Id = "x", Kind = HoldKind.Dispute, Start = Monday }), alias: "");
        var at = Monday + Duration.FromHours(3);
        var reply = DebtorDecider.RecordSignal(own, Signal("s6", at, new SignalFact.HoldLifted("x"), ContactChannel.Sms) with { Alias = "b" }, Context, at).Reply;
        Assert.Equal(RefusalReasons.UnknownHold, reply.Refusal?.Reason);
    }

    [Fact]
    public void A_contact_that_is_asked_for_by_an_aliass_point_is_at_that_point()
    {
        var gone = Entered("b", Colombian() with { Points = [Phone("mobile", "+573008888888")], Accounts = [Owed(new AccountId("of-b"))] });
        var merged = Merged(Entered("a"), gone);
        var ask = new AuthorizeCommand { NextVersion = 9, PullId = "authorize:r", Channel = ContactChannel.Sms, Point = Mobile, GatewayId = "g", Duration = Duration.FromMinutes(5), OnlyAsks = true, Alias = "b" };
        var answer = DebtorDecider.Authorize(merged, ask, Context, Monday + Duration.FromHours(3)).Reply;
        Assert.Equal("+573008888888", answer.Point?.Address);
    }

    private static DebtorState Said(DebtorState state, string id, SignalFact fact, string alias = "b")
    {
        var at = Monday + Duration.FromHours(3);
        return DebtorDecider.RecordSignal(state, Signal(id, at, fact, ContactChannel.Sms) with { Alias = alias }, Context, at).State!;
    }
}
