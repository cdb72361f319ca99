using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Planning;

/// <summary>What comes back unplaced is tried again, and not for ever.</summary>
public sealed class ReturnTests
{
    private static readonly Duration Rest = LeaseTerms.Default.ShortestWait;

    private static Run Due(params Account[] accounts)
    {
        var run = new Run(With(Step(1, ContactChannel.Call), Step(20, ContactChannel.Call)), InBogota("2026-03-02 09:00"));
        run.Enter(accounts.Length == 0 ? Colombian() : Colombian() with { Accounts = [.. accounts] });
        run.WakeNext();
        return run;
    }

    [Fact]
    public void Every_account_of_the_dispatch_rests()
    {
        var run = Due(Owed(Loan), Owed(Card));
        var lease = run.MustLease(ContactChannel.Call);
        Assert.Equal(2, lease.Accounts.Length);
        run.Report(lease, Run.NotPlaced());
        Assert.All(run.State.Plans, plan => Assert.Equal((1, run.Now + Rest), (plan.NotPlacedCount, plan.DueAt)));
        Assert.Null(run.TryLease(ContactChannel.Call).Lease);
    }

    [Fact]
    public void Given_back_it_is_due_at_once_and_each_fifth_time_it_rests()
    {
        var run = Due();
        for (var count = 1; count <= 5; count++) run.Release(run.MustLease(ContactChannel.Call));
        Assert.Null(run.TryLease(ContactChannel.Call).Lease);
        Assert.Equal(run.Now + Rest, run.State.Wake.At);
        run.WakeNext();
        Assert.Equal("call-1", run.MustLease(ContactChannel.Call).StepId);
    }

    [Fact]
    public void Never_confirmed_it_is_due_at_once_and_each_fifth_time_it_rests()
    {
        var run = Due();
        for (var count = 1; count <= 5; count++)
        {
            run.MustLease(ContactChannel.Call, confirm: true, duration: Duration.FromSeconds(5));
            run.WakeNext();
        }

        Assert.Null(run.TryLease(ContactChannel.Call).Lease);
        Assert.Equal(run.Now + Rest, run.State.Wake.At);
    }

    [Fact]
    public void A_call_that_was_asked_for_waits_until_the_gateway_s_time_and_is_given_up_after_four()
    {
        var run = Due();
        run.Signal("cb", new SignalFact.CallbackRequested(run.Now, run.Now + Duration.FromHours(5), Mobile, GivenDirectly: true));
        for (var count = 1; count <= 4; count++)
        {
            var lease = run.MustLease(ContactChannel.Call);
            Assert.Equal(ContactPurpose.RequestedCallback, lease.Purpose);
            var retry = run.Now + Duration.FromMinutes(10);
            run.Report(lease, Run.NotPlaced(retryAt: retry));
            if (count < 4) Assert.Equal(retry, run.State.Callback!.Earliest);
            run.Now = retry;
        }

        Assert.Null(run.State.Callback);
        Assert.Contains(run.EventsOf<DebtorEvent.Noted>(), noted => noted.Kind == "callback_missed");
    }
}
