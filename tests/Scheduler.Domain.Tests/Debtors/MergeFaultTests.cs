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
}
