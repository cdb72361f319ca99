using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Caps;

/// <summary>What is not known counts as the worst its channel allows; that it was delivered, or that people spoke, until a report denies it.</summary>
public sealed class WorstCaseTests
{
    [Theory]
    [InlineData(ContactChannel.Call, ContactStanding.Reserved, true, true)]
    [InlineData(ContactChannel.Call, ContactStanding.Unresolved, true, true)]
    [InlineData(ContactChannel.Ivr, ContactStanding.Placed, true, true)]
    [InlineData(ContactChannel.Sms, ContactStanding.Reserved, true, false)]
    [InlineData(ContactChannel.Whatsapp, ContactStanding.Placed, true, false)]
    [InlineData(ContactChannel.VoicemailDrop, ContactStanding.Placed, true, false)]
    [InlineData(ContactChannel.Call, ContactStanding.Settled, true, true)]
    [InlineData(ContactChannel.Sms, ContactStanding.Settled, true, false)]
    [InlineData(ContactChannel.Whatsapp, ContactStanding.Settled, true, false)]
    public void Unknown_facts_of_a_channel(ContactChannel channel, ContactStanding standing, bool delivered, bool twoWay)
    {
        var facts = Contact(channel, standing, new ContactFacts { Placed = true }).Effective();
        Assert.Equal(delivered, facts.HasFlag(CountedFacts.Delivered));
        Assert.Equal(twoWay, facts.HasFlag(CountedFacts.TwoWay));
        Assert.True(facts.HasFlag(CountedFacts.Placed | CountedFacts.Outbound | CountedFacts.AddressReached));
    }

    [Fact]
    public void A_reserved_contact_counts_as_placed() =>
        Assert.True(Contact(ContactChannel.Sms, ContactStanding.Reserved, default).Effective().HasFlag(CountedFacts.Placed));

    [Fact]
    public void What_is_known_wins_over_the_worst() =>
        Assert.False(Contact(ContactChannel.Call, ContactStanding.Placed, new ContactFacts { Placed = true, TwoWay = false }).Effective().HasFlag(CountedFacts.TwoWay));

    [Fact]
    public void A_number_known_to_be_dead_reached_nobody()
    {
        var facts = Contact(ContactChannel.Call, ContactStanding.Placed, new ContactFacts { Placed = true, AddressReached = false }).Effective();
        Assert.Equal(CountedFacts.Placed | CountedFacts.Outbound | CountedFacts.MessagePossible, facts);
    }

    [Theory]
    [InlineData(ContactStanding.Placed)]
    [InlineData(ContactStanding.Settled)]
    public void What_was_reported_undelivered_reached_nobody(ContactStanding standing) => Assert.Equal(
        CountedFacts.None,
        Contact(ContactChannel.Call, standing, new ContactFacts { Placed = true, Delivered = false }).Effective() & (CountedFacts.Delivered | CountedFacts.TwoWay));

    [Fact]
    public void What_was_proven_not_placed_counts_for_nothing() =>
        Assert.Equal(CountedFacts.None, Contact(ContactChannel.Call, ContactStanding.Settled, default).Effective() & (CountedFacts.Placed | CountedFacts.Delivered | CountedFacts.TwoWay));

    [Fact]
    public void A_time_of_delivery_is_a_delivery() =>
        Assert.True((Contact(ContactChannel.Sms, ContactStanding.Settled, default) with { DeliveredAt = Instant.FromUtc(2026, 11, 18, 15, 0) }).Effective().HasFlag(CountedFacts.Delivered));

    private static ContactRecord Contact(ContactChannel channel, ContactStanding standing, ContactFacts facts) => new()
    {
        Id = "c",
        Channel = channel,
        PlacedAt = Instant.FromUtc(2026, 11, 18, 15, 0),
        FirstDate = new(2026, 11, 18),
        LastDate = new(2026, 11, 18),
        Standing = standing,
        Facts = facts,
    };
}
