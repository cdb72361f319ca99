using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Debtors;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Caps;

/// <summary>A rule that counts a contact however old it is: once is once, and such contacts stay in the state.</summary>
public sealed class OnceForEverTests
{
    private static readonly PolicySnapshot Once = Situation.Policy(
        """{id: XX.once, type: cap, limit: 1, period: {ever: true}, scope: [person], counts: {purposes: [location_information], predicate: placed}, governs: {purposes: [location_information]}, source: made up}""");

    private static readonly Instant At = Instant.FromUtc(2026, 11, 18, 15, 0);

    private static readonly DebtorState Debtor = Situation.Living("XX:America/New_York");

    [Fact]
    public void Once_is_never_again_and_no_wait_frees()
    {
        var asked = new Situation { Debtor = Debtor with { Contacts = [Contact(0, At - Duration.FromDays(9_999), ContactPurpose.LocationInformation)] }, At = At, Purpose = ContactPurpose.LocationInformation };
        Assert.Equal((VerdictKind.Forbid, "XX.once"), (asked.Ask(Once).Kind, asked.Ask(Once).RuleId));
        var use = Assert.Single(asked.Explain(Once).Rules, answer => answer.RuleId == "XX.once").Counter!;
        Assert.Equal((1, 1, new LocalDate(1970, 1, 1)), (use.Counted, use.Limit, use.PeriodStart));
        Assert.True((asked with { Purpose = ContactPurpose.Collection }).Ask(Once).IsPermit);
        Assert.True(asked.With(debtor => debtor with { Contacts = [] }).Ask(Once).IsPermit);
    }

    [Fact]
    public void Only_contacts_that_count_for_ever_are_kept_for_ever()
    {
        var later = At + Duration.FromDays(3_650);
        Assert.True(Once.MayCount(Debtor, Contact(0, At, ContactPurpose.LocationInformation), later));
        Assert.False(Once.MayCount(Debtor, Contact(0, At, ContactPurpose.Collection), later));
    }

    [Fact]
    public void A_full_history_waits_for_the_contacts_that_will_count_no_more()
    {
        var lasting = Contact(0, At - Duration.FromDays(500), ContactPurpose.LocationInformation);
        var young = Enumerable.Range(1, DebtorLimits.Contacts - 1).Select(index => Contact(index, At - Duration.FromMinutes(100 - index), ContactPurpose.Collection)).ToList();
        var full = new Situation { Debtor = Debtor with { Contacts = [lasting, .. young] }, At = At };
        Assert.Equal((VerdictKind.Defer, "history.full"), (full.Ask(Once).Kind, full.Ask(Once).RuleId));
        Assert.True((full with { At = At + Duration.FromDays(3) }).Ask(Once).IsPermit);
    }

    [Fact]
    public void A_list_that_overflows_keeps_what_counts_for_ever()
    {
        var run = new Run(Sample.With() with { Policy = Once }, At);
        run.Enter(Sample.NewYorker());
        for (var index = 0; index <= DebtorLimits.Contacts; index++)
        {
            run.Seed(new ExternalContact
            {
                Id = $"x{index}",
                Channel = ContactChannel.Letter,
                PlacedAt = At - Duration.FromMinutes(DebtorLimits.Contacts - index),
                Purpose = index == 0 ? ContactPurpose.LocationInformation : ContactPurpose.Collection,
                Facts = new ContactFacts { Placed = true },
            });
        }

        Assert.Equal(DebtorLimits.Contacts, run.State.Contacts.Length);
        Assert.Equal(ContactPurpose.LocationInformation, run.State.Contacts[0].Purpose);
        Assert.DoesNotContain(run.State.Contacts, contact => contact.Id.EndsWith("x1", StringComparison.Ordinal));
    }

    private static ContactRecord Contact(int index, Instant at, ContactPurpose purpose) =>
        Situation.Contact($"c{index}", ContactChannel.Call, at, Once, Debtor, new ContactFacts { Placed = true }) with { Purpose = purpose };
}
