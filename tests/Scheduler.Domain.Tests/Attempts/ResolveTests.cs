using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Attempts;

/// <summary>A counted lease that lapsed in silence: what an operator finds out about it.</summary>
public sealed class ResolveTests
{
    private static Run Silent(out Lease lease)
    {
        var run = new Run(With(Step(1, ContactChannel.Call), Step(20, ContactChannel.Call)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        lease = run.MustLease(ContactChannel.Call);
        run.WakeNext();
        Assert.Equal(ContactStanding.Unresolved, run.State.Contacts.Single().Standing);
        return run;
    }

    [Fact]
    public void A_silent_lease_is_remembered_with_its_gateway_and_counts_as_a_conversation()
    {
        var contact = Silent(out _).State.Contacts.Single();
        Assert.Equal("gateway", contact.GatewayId);
        Assert.True((contact.Effective() & CountedFacts.TwoWay) != CountedFacts.None);
    }

    [Fact]
    public void Found_never_placed_it_counts_for_nothing_and_the_plan_stays()
    {
        var run = Silent(out var lease);
        var plan = run.PlanOf(Loan);
        Assert.Equal(ApplyState.Recorded, run.Resolve(lease, ContactResolution.NotPlaced).State);
        Assert.True(run.State.Contacts.Single().IsUnplaced());
        Assert.Equal(plan.StepId, run.PlanOf(Loan).StepId);
        var said = Assert.Single(run.EventsOf<DebtorEvent.ContactResolved>());
        Assert.Equal(("ops-1", "carrier's record 7781"), (said.ActorId, said.Reason));
    }

    [Theory]
    [InlineData(ContactResolution.NotReached, false, false)]
    [InlineData(ContactResolution.Delivered, true, false)]
    [InlineData(ContactResolution.Conversation, true, true)]
    public void Found_placed_it_counts_as_what_was_found(ContactResolution resolution, bool delivered, bool spoke)
    {
        var run = Silent(out var lease);
        run.Resolve(lease, resolution);
        var contact = run.State.Contacts.Single();
        Assert.Equal(ContactStanding.Settled, contact.Standing);
        Assert.Equal(delivered, (contact.Effective() & CountedFacts.Delivered) != CountedFacts.None);
        Assert.Equal(spoke, (contact.Effective() & CountedFacts.TwoWay) != CountedFacts.None);
    }

    [Fact]
    public void Said_twice_it_changes_nothing_and_said_otherwise_it_is_refused()
    {
        var run = Silent(out var lease);
        run.Resolve(lease, ContactResolution.NotReached);
        Assert.Equal(ApplyState.Duplicate, run.Resolve(lease, ContactResolution.NotReached).State);
        Assert.False(run.HasWritten);
        Assert.Equal(RefusalReasons.NotUnresolved, run.Resolve(lease, ContactResolution.NotPlaced).Refusal!.Reason);
        Assert.Equal(RefusalReasons.NotUnresolved, run.Resolve(lease, ContactResolution.Conversation).Refusal!.Reason);
    }

    [Fact]
    public void What_is_not_kept_cannot_be_resolved()
    {
        var run = Silent(out var lease);
        Assert.Equal(RefusalReasons.UnknownDispatch, run.Resolve(lease with { Dispatch = DispatchId.Of("ana", 99) }, ContactResolution.NotPlaced).Refusal!.Reason);
    }

    [Fact]
    public void A_call_reported_as_placed_cannot_be_said_never_to_have_been()
    {
        var run = new Run(With(Step(1, ContactChannel.Call)), InBogota("2026-03-02 09:00"));
        run.Enter(Colombian());
        run.WakeNext();
        var lease = run.MustLease(ContactChannel.Call);
        run.Report(lease, run.Placed(Disposition.Unknown));
        Assert.Equal(ContactStanding.Unresolved, run.State.Contacts.Single().Standing);
        Assert.Equal(RefusalReasons.SaidPlaced, run.Resolve(lease, ContactResolution.NotPlaced).Refusal!.Reason);
        Assert.Equal(ApplyState.Recorded, run.Resolve(lease, ContactResolution.NotReached).State);
    }

    [Fact]
    public void An_outcome_that_comes_after_it_is_joined_and_the_stricter_stands()
    {
        var run = Silent(out var lease);
        run.Resolve(lease, ContactResolution.NotReached);
        Assert.Equal(FactState.RecordedStale, run.Report(lease, run.Placed(Disposition.RightParty)).State);
        Assert.True((run.State.Contacts.Single().Effective() & CountedFacts.TwoWay) != CountedFacts.None);

        run = Silent(out lease);
        run.Resolve(lease, ContactResolution.NotPlaced);
        Assert.Equal(FactState.Conflict, run.Report(lease, run.Placed(Disposition.NoAnswer)).State);
        Assert.True(run.State.Contacts.Single().Facts.Placed);
    }

    [Fact]
    public void A_late_outcome_takes_it_off_the_list_by_itself()
    {
        var run = Silent(out var lease);
        run.Report(lease, run.Placed(Disposition.NoAnswer));
        Assert.Equal(ContactStanding.Settled, run.State.Contacts.Single().Standing);
        Assert.Equal(RefusalReasons.NotUnresolved, run.Resolve(lease, ContactResolution.Conversation).Refusal!.Reason);
    }

    [Fact]
    public void The_checker_counts_from_the_log_what_the_operator_said()
    {
        var run = Silent(out var lease);
        run.Now += Duration.FromHours(2);
        run.Resolve(lease, ContactResolution.NotPlaced);
        Assert.DoesNotContain(run.State.Contacts, static c => (c.Effective() & CountedFacts.Placed) != CountedFacts.None);
        var audited = new AuditedDebtor(run.State.Key);
        foreach (var (at, events) in run.Log)
        {
            foreach (var one in events)
            {
                if (one is DebtorEvent.Leased granted)
                {
                    audited.Grant(granted.Lease, []);
                    audited.Contacts[granted.Lease.Dispatch.Value] = AuditedContact.Reserved(granted.Lease, granted.Proof, at, at.InUtc().Date, at.InUtc().Date);
                }

                Assert.Null(audited.Apply(one, at));
            }
        }

        Assert.Empty(audited.Contacts);
    }
}
