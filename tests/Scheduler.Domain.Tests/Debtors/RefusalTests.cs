using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>A refusal binds once it is acknowledged, whatever the clock it came by and however much is on file.</summary>
public sealed class RefusalTests
{
    private static Run Planned(ContactChannel channel = ContactChannel.Whatsapp)
    {
        var run = new Run(With(Step(1, channel)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        return run;
    }

    private static Instant Ahead(Run run) => run.Now + Duration.FromMinutes(4);

    [Fact]
    public void A_stop_by_a_clock_ahead_of_ours_binds_at_once()
    {
        var run = Planned();
        run.Signal(Signal("stop", Ahead(run), new SignalFact.Inbound { Intent = InboundIntent.Stop, Point = Mobile }, ContactChannel.Whatsapp));
        Assert.Null(run.TryLease(ContactChannel.Whatsapp).Lease);
        Assert.Equal(run.Now, run.State.Consents.Single(fact => fact.Kind == ConsentKind.Withdrawn).GivenAt);
    }

    [Fact]
    public void A_stop_after_a_start_of_the_same_fast_clock_stands()
    {
        var run = Planned();
        run.Signal(Signal("start", Ahead(run), new SignalFact.Inbound { Intent = InboundIntent.Start, Point = Mobile }, ContactChannel.Whatsapp));
        run.Now += Duration.FromSeconds(30);
        run.Signal(Signal("stop", Ahead(run), new SignalFact.Inbound { Intent = InboundIntent.Stop, Point = Mobile }, ContactChannel.Whatsapp));
        run.Now += Duration.FromMinutes(10);
        Assert.Null(run.TryLease(ContactChannel.Whatsapp).Lease);
    }

    [Fact]
    public void A_withdrawal_dated_ahead_binds_at_once()
    {
        var run = Planned();
        run.Signal("w", new SignalFact.ConsentSaid(Granted(ContactChannel.Whatsapp) with { Id = "no", Kind = ConsentKind.Withdrawn, GivenAt = run.Now + Duration.FromDays(1) }));
        Assert.Null(run.TryLease(ContactChannel.Whatsapp).Lease);
    }

    [Theory]
    [InlineData(InboundIntent.Cease)]
    [InlineData(InboundIntent.Unclear)]
    public void What_an_inbound_message_stops_it_stops_at_once(InboundIntent intent)
    {
        var run = Planned();
        run.Signal(Signal("in", Ahead(run), new SignalFact.Inbound { Intent = intent, Point = Mobile }, ContactChannel.Whatsapp));
        Assert.Null(run.TryLease(ContactChannel.Whatsapp).Lease);
        Assert.Equal(run.Now, run.State.Holds.Single().Start);
    }

    [Fact]
    public void Messages_that_nobody_understands_are_one_pause_until_a_day_after_the_last()
    {
        var run = Planned();
        for (var index = 0; index < 40; index++)
        {
            Assert.Equal(ApplyState.Recorded, run.Signal($"in{index}", new SignalFact.Inbound { Intent = InboundIntent.Unclear, Point = Mobile }, ContactChannel.Whatsapp).State);
            run.Now += Duration.FromMinutes(1);
        }

        Assert.Equal(run.Now + Duration.FromDays(1) - Duration.FromMinutes(1), Assert.Single(run.State.Holds).End);
    }

    [Fact]
    public void Full_holds_turn_no_refusal_away()
    {
        var run = Planned();
        for (var index = 0; index < DebtorLimits.Holds; index++) run.Signal($"h{index}", new SignalFact.HoldPlaced(new Hold { Id = $"h{index}", Kind = HoldKind.Dispute, Accounts = [Loan], Start = run.Now }));
        Assert.Equal(ApplyState.Rejected, run.Signal("more", new SignalFact.HoldPlaced(new Hold { Id = "more", Kind = HoldKind.Operator, Start = run.Now })).State);
        foreach (var intent in new[] { InboundIntent.Cease, InboundIntent.Dispute, InboundIntent.Unclear, InboundIntent.Complaint })
        {
            Assert.Equal(ApplyState.Recorded, run.Signal($"{intent}", new SignalFact.Inbound { Intent = intent, Point = Mobile }, ContactChannel.Whatsapp).State);
        }

        for (var index = 0; index < 40; index++)
        {
            var cease = new Hold { Id = $"cease{index}", Kind = HoldKind.Cease, Accounts = [new AccountId($"a{index}")], Start = run.Now };
            Assert.Equal(ApplyState.Recorded, run.Signal($"c{index}", new SignalFact.HoldPlaced(cease)).State);
        }

        Assert.True(run.State.Holds.Length <= DebtorLimits.Holds + DebtorLimits.RefusalsBeyond);
        Assert.Contains(run.State.Holds, hold => hold is { Kind: HoldKind.Cease, Accounts.IsEmpty: true, End: null });
    }

    [Fact]
    public void A_full_ledger_turns_no_refusal_away()
    {
        var run = Planned();
        for (var index = 0; index < 100; index++)
        {
            var refusal = Granted(ContactChannel.Whatsapp) with { Id = $"w{index}", Kind = ConsentKind.Withdrawn, Points = [new PointId($"p{index}")], GivenAt = run.Now };
            Assert.Equal(ApplyState.Recorded, run.Signal($"w{index}", new SignalFact.ConsentSaid(refusal)).State);
            Assert.True(run.State.Consents.Length <= DebtorLimits.Consents + DebtorLimits.RefusalsBeyond);
        }

        Assert.Contains(run.State.Consents, fact => fact.Kind == ConsentKind.Withdrawn && fact.Points.IsEmpty);
        var file = Colombian(version: 2);
        Assert.Equal(EntryState.Accepted, run.Enter(file with { Consents = [file.Consents[0] with { Id = "filed", Kind = ConsentKind.Withdrawn }] }).State);
    }

    [Fact]
    public void Start_said_often_is_one_grant()
    {
        var run = Planned();
        for (var index = 0; index < 100; index++)
        {
            run.Signal($"start{index}", new SignalFact.Inbound { Intent = InboundIntent.Start, Point = Mobile }, ContactChannel.Whatsapp);
            run.Now += Duration.FromSeconds(1);
        }

        Assert.Equal(2, run.State.Consents.Length);
    }
}
