using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class SeedTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");
    private static readonly DecisionContext Context = With(Step(1, ContactChannel.Sms), Step(20, ContactChannel.Call));

    [Fact]
    public void Contacts_seeded_in_one_decision_leave_the_debtor_as_one_by_one()
    {
        var seeds = Enumerable.Range(0, 12).Select(i => Contact($"x{i}", Monday - Duration.FromHours(5 * i))).ToArray();
        var state = Entered();

        var together = DebtorDecider.SeedContacts(state, [.. seeds], Context, Monday);
        var apart = seeds.Aggregate(state, (former, seed) => DebtorDecider.SeedContact(former, seed, Context, Monday).State!);

        Assert.All(together.Reply, reply => Assert.Equal(ApplyState.Recorded, reply.State));
        Assert.Equal(apart.Contacts.Select(contact => contact.Id), together.State!.Contacts.Select(contact => contact.Id));
        Assert.Equal(apart.Wake, together.State.Wake);
        Assert.Equal(apart.Phase, together.State.Phase);
        Assert.Equal(seeds.Select(seed => seed.Contact.Id), together.Events.OfType<DebtorEvent.ContactSeeded>().Select(seeded => seeded.Contact.Id));
    }

    [Fact]
    public void One_that_is_known_or_refused_leaves_the_others_of_its_decision_as_they_are()
    {
        var known = DebtorDecider.SeedContact(Entered(), Contact("x1", Monday), Context, Monday).State!;

        var decision = DebtorDecider.SeedContacts(
            known, [Contact("x1", Monday), Contact("x2", Monday), Contact("x3", Monday + Duration.FromDays(2)), Contact("x2", Monday)], Context, Monday);

        Assert.Equal([ApplyState.Duplicate, ApplyState.Recorded, ApplyState.Rejected, ApplyState.Duplicate], decision.Reply.Select(reply => reply.State));
        Assert.Equal(["x2"], decision.Events.OfType<DebtorEvent.ContactSeeded>().Select(seeded => seeded.Contact.Id));
    }

    [Fact]
    public void Contacts_that_are_all_known_write_nothing()
    {
        var known = DebtorDecider.SeedContact(Entered(), Contact("x1", Monday), Context, Monday).State!;

        var decision = DebtorDecider.SeedContacts(known, [Contact("x1", Monday), Contact("x1", Monday)], Context, Monday);

        Assert.Null(decision.State);
        Assert.Empty(decision.Events);
    }

    private static DebtorState Entered() => DebtorDecider.ApplyEntry(null, Colombian(), Context, Monday).State!;

    private static SeedCommand Contact(string id, Instant at) =>
        new(new ExternalContact { Id = id, Channel = ContactChannel.Email, PlacedAt = at, CreditorId = "bank", Facts = new ContactFacts { Delivered = true, TwoWay = false } });
}
