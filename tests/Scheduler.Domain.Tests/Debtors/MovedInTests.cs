using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>A portfolio moves in from another system: its contacts of the last days count from the first day on, under the shipped packs.</summary>
public sealed class MovedInTests
{
    private static readonly DecisionContext Context = Sample.With(Step(1, ContactChannel.Call));

    private static Run Entered(EntryCommand entry, Instant at, params ExternalContact[] history)
    {
        var run = new Run(Context, at);
        run.Enter(entry with { Accounts = [.. entry.Accounts.Select(static a => a with { Collector = CollectorKind.ThirdParty })] });
        foreach (var contact in history) Assert.Equal(ApplyState.Recorded, run.Seed(contact).State);
        return run;
    }

    private static ExternalContact Call(string id, Instant at, bool? spoke = false) => new()
    {
        Id = id,
        Channel = ContactChannel.Call,
        PlacedAt = at,
        Accounts = [Loan],
        Facts = new ContactFacts { Placed = true, TwoWay = spoke, Delivered = spoke, Perceived = spoke },
    };

    private static bool MayCall(DebtorState state, Instant at)
    {
        var command = new LeaseCommand { NextVersion = 50, OfferVersion = 49, Channel = ContactChannel.Call, GatewayId = "g", PullId = "p", Duration = Duration.FromMinutes(5) };
        return DebtorDecider.Lease(state, command, Context, at).Reply.Lease is not null;
    }

    [Fact]
    public void In_Colombia_a_contact_of_the_former_system_closes_every_other_channel_for_its_week_and_its_own_for_the_day()
    {
        var monday = InBogota("2026-03-02 09:00");
        var texted = Entered(Colombian(), monday, Call("c1", InBogota("2026-02-27 10:00"), spoke: true) with { Channel = ContactChannel.Sms }).State;
        Assert.False(MayCall(texted, InBogota("2026-03-03 10:00")));
        Assert.True(MayCall(texted, InBogota("2026-03-06 10:00")));
        Assert.True(MayCall(Entered(Colombian(), monday).State, InBogota("2026-03-03 10:00")));
        var called = Entered(Colombian(), InBogota("2026-03-03 09:00"), Call("c1", InBogota("2026-03-03 08:00"), spoke: true)).State;
        Assert.False(MayCall(called, InBogota("2026-03-03 10:00")));
        Assert.True(MayCall(called, InBogota("2026-03-04 10:00")));
    }

    [Fact]
    public void In_the_United_States_seven_calls_of_the_former_system_leave_no_eighth_until_the_first_is_seven_days_old()
    {
        var monday = InNewYork("2026-03-02 09:00");
        ExternalContact[] calls = [.. Enumerable.Range(0, 7).Select(i => Call($"c{i}", InNewYork("2026-02-25 10:00") + Duration.FromHours(i % 5) + Duration.FromDays(i / 5)))];
        Assert.True(MayCall(Entered(NewYorker(), monday, calls[..6]).State, InNewYork("2026-03-03 10:00")));
        var full = Entered(NewYorker(), monday, calls).State;
        Assert.False(MayCall(full, InNewYork("2026-03-03 10:00")));
        Assert.True(MayCall(full, InNewYork("2026-03-06 10:00")));
    }

    [Fact]
    public void In_the_United_States_a_conversation_of_the_former_system_closes_the_week_after_it()
    {
        var spoke = Entered(NewYorker(), InNewYork("2026-03-02 09:00"), Call("c1", InNewYork("2026-02-26 10:00"), spoke: true)).State;
        Assert.False(MayCall(spoke, InNewYork("2026-03-03 10:00")));
        Assert.True(MayCall(spoke, InNewYork("2026-03-06 10:00")));
    }

    [Fact]
    public void A_history_that_is_sent_again_changes_nothing()
    {
        var contact = Call("c1", InBogota("2026-02-27 10:00"), spoke: true);
        var run = Entered(Colombian(), InBogota("2026-03-02 09:00"), contact);
        var before = run.State;
        Assert.Equal(ApplyState.Duplicate, run.Seed(contact).State);
        Assert.Same(before, run.State);
        Assert.Single(run.State.Contacts);
    }
}
