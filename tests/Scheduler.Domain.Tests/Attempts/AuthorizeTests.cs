using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Attempts;

public sealed class AuthorizeTests
{
    /// <summary>A Tuesday morning in Bogota; the first planned step is two weeks away.</summary>
    private static Run Known(EntryCommand? entry = null)
    {
        var run = new Run(With(Step(20, ContactChannel.Whatsapp)), InBogota("2026-03-03 09:00"));
        run.Enter(entry ?? Colombian());
        return run;
    }

    private static AuthorizeCommand Call(string request = "r1", ContactChannel channel = ContactChannel.Call) => new()
    {
        NextVersion = 0,
        PullId = "authorize:" + request,
        Channel = channel,
        GatewayId = "desk",
        AgentId = "agent-7",
        Mode = channel == ContactChannel.Call ? PlacementMode.Preview : PlacementMode.Automated,
        Duration = Duration.FromMinutes(10),
    };

    [Fact]
    public void A_call_that_nobody_planned_is_leased_proved_and_counted_at_once()
    {
        var run = Known();
        var wake = run.State.Wake;
        var lease = run.Authorize(Call()).Lease!;
        Assert.Equal("ana.2", lease.Dispatch.Value);
        Assert.Equal(Mobile, lease.Point);
        Assert.Equal([Loan], lease.Accounts);
        Assert.Equal("agent-7", Assert.Single(run.EventsOf<DebtorEvent.Leased>()).Lease.AgentId);
        Assert.Equal(lease.Dispatch.Value, Assert.Single(run.State.Contacts).Id);
        Assert.Equal(DebtorPhase.Leased, run.State.Phase);

        run.Report(lease, run.Placed(Disposition.RightParty));
        Assert.Null(run.Lease);
        Assert.Equal(wake.At, run.State.Wake.At);
    }

    [Fact]
    public void The_plans_stay_where_they_are()
    {
        var run = Known(Colombian() with { Accounts = [Owed(Loan), Owed(Card)] });
        var before = run.State.Plans;
        var lease = run.Authorize(Call()).Lease!;
        run.Report(lease, run.Placed(Disposition.NoAnswer));
        Assert.Equal(before, run.State.Plans);
    }

    [Fact]
    public void What_is_counted_closes_the_other_channels_like_any_contact()
    {
        var run = Known();
        run.Report(run.Authorize(Call()).Lease!, run.Placed(Disposition.RightParty));
        run.Now += Duration.FromDays(1);
        var refused = run.Authorize(Call("r2", ContactChannel.Sms));
        Assert.Null(refused.Lease);
        Assert.Equal("CO.week_calendar", refused.Verdict!.Value.RuleId);
        Assert.Contains(refused.Explanation!.Rules, rule => rule.RuleId == "CO.week_calendar" && rule.Kind == VerdictKind.Defer);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void Outside_the_window_it_is_refused_until_the_window_opens()
    {
        var run = Known();
        run.Now = InBogota("2026-03-03 19:00");
        var verdict = run.Authorize(Call()).Verdict!.Value;
        Assert.Equal(VerdictKind.Defer, verdict.Kind);
        Assert.Equal(InBogota("2026-03-04 07:00"), verdict.At);
    }

    [Fact]
    public void To_ask_only_leases_and_writes_nothing()
    {
        var run = Known();
        var reply = run.Authorize(Call() with { OnlyAsks = true });
        Assert.True(reply.Verdict!.Value.IsPermit);
        Assert.NotNull(reply.Explanation);
        Assert.Null(reply.Lease);
        Assert.False(run.HasWritten);
    }

    [Fact]
    public void The_same_request_gets_the_same_lease_while_it_lives()
    {
        var run = Known();
        var first = run.Authorize(Call()).Lease!;
        run.Now += Duration.FromMinutes(1);
        Assert.Equal(first, run.Authorize(Call()).Lease);
        Assert.False(run.HasWritten);
        Assert.Equal(RefusalReasons.KeyReused, run.Authorize(Call() with { AgentId = "agent-8" }).Refusal!.Reason);

        run.Report(first, run.Placed(Disposition.NoAnswer));
        Assert.Equal(RefusalReasons.LeaseLapsed, run.Authorize(Call()).Refusal!.Reason);
    }

    [Fact]
    public void A_second_contact_waits_for_the_end_of_the_first()
    {
        var run = Known();
        var first = run.Authorize(Call()).Lease!;
        var second = run.Authorize(Call("r2", ContactChannel.Whatsapp));
        Assert.Equal(DebtorDecider.LiveLease, second.Verdict!.Value.RuleId);
        Assert.Equal(first.ExpiresAt + LeaseTerms.Default.Skew, second.Verdict.Value.At);
    }

    [Fact]
    public void An_answer_to_the_debtor_may_go_out_at_night_by_the_same_medium()
    {
        var run = Known();
        run.Now = InBogota("2026-03-03 21:00");
        run.Signal("in-1", new SignalFact.Inbound { Intent = InboundIntent.Conversation, ProviderContactId = "wamid.1", Point = Mobile }, ContactChannel.Whatsapp);
        run.Now += Duration.FromMinutes(5);
        var answer = Call(channel: ContactChannel.Whatsapp) with { Purpose = ContactPurpose.Reply, InReplyTo = "wamid.1" };
        Assert.Null(run.Authorize(answer with { PullId = "authorize:r2", InReplyTo = "wamid.2" }).Lease);
        Assert.Null(run.Authorize(answer with { PullId = "authorize:r3", Channel = ContactChannel.Sms }).Lease);
        var lease = run.Authorize(answer).Lease!;
        Assert.Equal("wamid.1", lease.InReplyTo);
        // Its own exception keeps it alive when the rules are asked again.
        Assert.Equal(run.Now + Duration.FromMinutes(20), run.Extend(lease, Duration.FromMinutes(20)).ExpiresAt);
    }

    [Fact]
    public void Information_asked_for_in_a_call_may_be_sent_once_the_same_day()
    {
        var run = Known();
        var call = run.Authorize(Call()).Lease!;
        run.Report(call, run.Placed(Disposition.RightParty) with { Facts = new ContactFacts { Placed = true, TwoWay = true } });
        run.Now += Duration.FromHours(2);
        var statement = Call("r2", ContactChannel.Email) with { Purpose = ContactPurpose.RequestedInformation, InReplyTo = call.Dispatch.Value };
        Assert.Null(run.Authorize(statement with { PullId = "authorize:r3", InReplyTo = "" }).Lease);
        var sent = run.Authorize(statement).Lease!;
        Assert.False(sent.IsCounted);
        run.Report(sent, run.Placed(Disposition.Accepted));
        run.Now += Duration.FromHours(1);
        Assert.Null(run.Authorize(statement with { PullId = "authorize:r4" }).Lease);
    }

    [Fact]
    public void Not_placed_gives_back_what_it_counted()
    {
        var run = Known();
        var lease = run.Authorize(Call()).Lease!;
        run.Report(lease, Run.NotPlaced());
        Assert.True(run.Authorize(Call("r2", ContactChannel.Sms) with { OnlyAsks = true }).Verdict!.Value.IsPermit);
    }

    [Fact]
    public void A_wrong_request_names_its_field()
    {
        var run = Known(Colombian() with { Accounts = [Owed(Loan), Owed(Card, creditor: "shop")] });
        Assert.Equal("point_id", run.Authorize(Call() with { Point = new PointId("none") }).Refusal!.Field);
        Assert.Equal((RefusalReasons.UnknownAccount, "account_ids"), Told(run.Authorize(Call() with { Accounts = [new AccountId("none")] }).Refusal!));
        Assert.Equal((RefusalReasons.Invalid, "account_ids"), Told(run.Authorize(Call() with { Accounts = [Loan, Card] }).Refusal!));
        Assert.Equal("plan.no_point", run.Authorize(Call(channel: ContactChannel.Letter)).Verdict!.Value.RuleId);
    }

    [Fact]
    public void A_stop_withdraws_it_like_any_lease()
    {
        var run = Known();
        run.Authorize(Call());
        run.Signal("stop", new SignalFact.Inbound { Intent = InboundIntent.Cease, Point = Mobile }, ContactChannel.Whatsapp);
        Assert.True(run.Lease!.IsRevoked);
        Assert.Equal(RefusalReasons.LeaseRevoked, run.Authorize(Call()).Refusal!.Reason);
    }

    [Fact]
    public void Who_asks_this_collector_for_a_call_gets_it_within_seven_days_of_a_conversation()
    {
        var run = new Run(With(Step(20, ContactChannel.Call)), InNewYork("2026-03-03 10:00"));
        run.Enter(NewYorker() with { Accounts = [Owed(Loan) with { Collector = CollectorKind.ThirdParty }] });
        var talk = run.Authorize(Call()).Lease!;
        run.Report(talk, run.Placed(Disposition.RightParty) with { Facts = new ContactFacts { Placed = true, TwoWay = true } });
        run.Now += Duration.FromDays(1);
        var callback = Call("r2") with { Purpose = ContactPurpose.RequestedCallback };
        Assert.Equal("US.conversation", run.Authorize(callback).Verdict!.Value.RuleId);
        run.Signal("cb", new SignalFact.CallbackRequested(run.Now, run.Now + Duration.FromHours(5), Mobile, GivenDirectly: false));
        Assert.Null(run.Authorize(callback with { OnlyAsks = true }).Lease);
        Assert.False(run.Authorize(callback with { OnlyAsks = true }).Verdict!.Value.IsPermit);
        run.Signal("cb-2", new SignalFact.CallbackRequested(run.Now, run.Now + Duration.FromHours(5), Mobile, GivenDirectly: true));
        var lease = run.Authorize(callback).Lease!;
        Assert.False(lease.IsCounted);
        Assert.True(lease.NotAfter <= run.Now + Duration.FromHours(5));
    }

    private static (string, string) Told(Refusal refusal) => (refusal.Reason, refusal.Field);
}
