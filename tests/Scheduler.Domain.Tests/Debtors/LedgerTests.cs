using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>The consent ledger at its borders: ends, late withdrawals, repeats, and a ledger that is full.</summary>
public sealed class LedgerTests
{
    private static readonly Instant Noon = InBogota("2026-03-03 12:00");

    private static ConsentStanding At(ImmutableArray<ConsentFact> ledger, Instant at) =>
        ConsentLedger.Standing(ledger, ContactChannel.Sms, ContactPurpose.Collection, Mobile, "bank", at);

    private static ConsentFact Grant(Instant at, string id = "g") => Granted(ContactChannel.Sms) with { Id = id, GivenAt = at };

    private static ConsentFact Withdrawal(Instant at, string id = "w") => Grant(at, id) with { Kind = ConsentKind.Withdrawn };

    [Fact]
    public void A_grant_ends_with_the_instant_before_its_end()
    {
        ImmutableArray<ConsentFact> ledger = [Grant(Noon - Duration.FromDays(1)) with { ExpiresAt = Noon }];
        Assert.True(At(ledger, Noon - Duration.Epsilon).IsGranted);
        Assert.False(At(ledger, Noon).IsGranted);
        Assert.Equal(Noon, At(ledger, Noon - Duration.Epsilon).Until);
    }

    [Fact]
    public void A_grant_begins_with_its_instant_and_a_withdrawal_with_its_report()
    {
        Assert.False(At([Grant(Noon)], Noon - Duration.Epsilon).IsGranted);
        Assert.True(At([Grant(Noon)], Noon).IsGranted);
        Assert.True(At([Grant(Noon - Duration.FromDays(1)), Withdrawal(Noon + Duration.FromHours(1))], Noon).IsWithdrawn);
    }

    [Fact]
    public void A_withdrawal_reported_late_stands_against_older_grants_only_and_of_one_instant_it_stands()
    {
        Assert.True(At([Grant(Noon), Withdrawal(Noon - Duration.FromHours(1))], Noon).IsGranted);
        Assert.True(At([Grant(Noon - Duration.FromHours(2)), Withdrawal(Noon - Duration.FromHours(1))], Noon).IsWithdrawn);
        Assert.True(At([Withdrawal(Noon), Grant(Noon)], Noon).IsWithdrawn);
    }

    [Fact]
    public void A_new_grant_answers_a_withdrawal_and_its_end_brings_the_withdrawal_back()
    {
        ImmutableArray<ConsentFact> ledger = [Withdrawal(Noon - Duration.FromDays(2)), Grant(Noon - Duration.FromDays(1)) with { ExpiresAt = Noon }];
        Assert.True(At(ledger, Noon - Duration.Epsilon).IsGranted);
        Assert.True(At(ledger, Noon).IsWithdrawn);
    }

    [Fact]
    public void The_same_fact_twice_is_in_the_ledger_once()
    {
        var run = new Run(With(Step(1, ContactChannel.Sms)), Noon);
        run.Enter(Colombian());
        var fact = new SignalFact.ConsentSaid(Withdrawal(Noon));
        run.Signal("s1", fact);
        run.Signal("s2", fact);
        Assert.Single(run.State.Consents, static f => f.Id == "w");
        Assert.Single(run.EventsOf<DebtorEvent.ConsentRecorded>(), static e => e.Consent.Id == "w");
    }

    [Fact]
    public void A_full_ledger_loses_no_withdrawal()
    {
        var run = new Run(With(Step(1, ContactChannel.Sms)), Noon);
        run.Enter(Colombian());
        ContactChannel[] media = [ContactChannel.Sms, ContactChannel.Email, ContactChannel.Whatsapp, ContactChannel.Call, ContactChannel.Push];
        for (var i = 0; i < 150; i++)
        {
            run.Now += Duration.FromMinutes(1);
            var fact = Withdrawal(run.Now, $"w{i}") with { Channels = ChannelSet.Of(media[i % media.Length]), CreditorId = $"creditor-{i}", Points = i % 2 == 0 ? [Mobile] : [] };
            Assert.Equal(ApplyState.Recorded, run.Signal($"s{i}", new SignalFact.ConsentSaid(fact)).State);
            for (var j = 0; j <= i; j++)
            {
                var standing = ConsentLedger.Standing(run.State.Consents, media[j % media.Length], ContactPurpose.Collection, Mobile, $"creditor-{j}", run.Now);
                Assert.True(standing.IsWithdrawn, $"withdrawal {j} of {i}");
            }
        }

        Assert.True(run.State.Consents.Length <= DebtorLimits.Consents + DebtorLimits.RefusalsBeyond);
        Assert.Equal(150, run.EventsOf<DebtorEvent.ConsentRecorded>().Count(static e => e.Consent.Kind == ConsentKind.Withdrawn));
    }
}
