using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <content>What the holder of a lease asks for: confirm, extend, give back. A stale token changes no lease.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// About to place: the rules are asked a third time. Go counts the attempt; no go ends the lease and nothing was counted. Asked again,
    /// a go is repeated while it still holds; that it no longer does is said and undoes nothing, since it may have been placed.
    /// </summary>
    public static Decision<ConfirmReply> Confirm(DebtorState state, ConfirmCommand c, DecisionContext ctx, Instant now)
    {
        if (Held(state, c.Lease, now, out var refusal) is not { } lease)
        {
            return refusal!.Reason == RefusalReasons.LeaseRevoked && state.Lease is { ConfirmedAt: null } revoked
                ? Deny(state, revoked, ctx, now, Verdict.Forbid(revoked.RevokedFor), refusal)
                : Unwritten(new ConfirmReply(false, null, default, null, refusal));
        }

        if (lease.ConfirmedAt is not null) return Unwritten(Repeated(new Draft(state, ctx, now), lease));
        var d = new Draft(state, ctx, now);
        GapContacts.Count(d);
        var verdict = Pausing.Of(d, lease) is { } pause ? Pausing.Verdict(pause) : Rules.AskAgain(d, lease);
        if (!verdict.IsPermit || lease.NotAfter <= now) return Deny(state, lease, ctx, now, verdict, null);

        var confirmed = lease with
        {
            ConfirmedAt = now,
            NotAfter = Instant.Min(verdict.At, lease.NotAfter),
            DeliverBefore = TimePassed.Earlier(verdict.DeliverBefore, lease.DeliverBefore),
            IsCounted = verdict.IsCounted,
        };
        var proof = Proof(d, confirmed, state.Contacts.RemoveAll(contact => contact.Id == lease.Dispatch.Value));
        d.State = d.State with { Lease = confirmed };
        if (d.State.FindContact(lease.Dispatch.Value) is null) d.Put(d.RecordOf(confirmed, now));
        d.Record(new DebtorEvent.LeaseConfirmed(now, lease.Dispatch, confirmed.NotAfter, confirmed.DeliverBefore, proof));
        Planner.Plan(d);
        return d.Answer(new ConfirmReply(true, verdict, confirmed.NotAfter, confirmed.DeliverBefore, null));
    }

    private static ConfirmReply Repeated(Draft d, Lease lease)
    {
        var verdict = Rules.AskAgain(d, lease);
        return verdict.IsPermit && d.Now < lease.NotAfter
            ? new ConfirmReply(true, null, lease.NotAfter, lease.DeliverBefore, null)
            : new ConfirmReply(false, verdict, default, null, null);
    }

    /// <summary>
    /// More time, up to the longest life of a lease. One not confirmed yet may be placed for as long as the rules permit from now; one
    /// that still has to be confirmed never reaches past that.
    /// </summary>
    public static Decision<ExtendReply> Extend(DebtorState state, ExtendCommand c, DecisionContext ctx, Instant now)
    {
        if (Held(state, c.Lease, now, out var refusal) is not { } lease) return Unwritten(new ExtendReply(null, refusal));
        var d = new Draft(state, ctx, now);
        var longest = lease.LeasedAt + ctx.Terms.LongestWithExtensions;
        var placing = Instant.Min(longest, PlacingBound(d, lease));
        var bound = lease.IsReserved ? longest : placing;
        var wanted = Instant.Min(now + ctx.Terms.Clamp(c.Duration), bound);
        if (wanted <= lease.ExpiresAt)
        {
            var isAtLimit = lease.ExpiresAt >= bound;
            return Unwritten(new ExtendReply(isAtLimit ? null : lease.ExpiresAt, isAtLimit ? new(RefusalReasons.LeaseLimit, "", "The lease has had its longest life.") : null));
        }

        d.State = state with { Lease = lease with { ExpiresAt = wanted, NotAfter = Instant.Min(placing, wanted) } };
        d.Record(new DebtorEvent.LeaseExtended(now, lease.Dispatch, wanted));
        Planner.Plan(d);
        return d.Answer(new ExtendReply(wanted, null));
    }

    /// <summary>Until when it may be placed, whatever its lease's life: not moved where the rules no longer permit it or it was confirmed.</summary>
    private static Instant PlacingBound(Draft d, Lease lease)
    {
        if (lease.ConfirmedAt is not null || Rules.AskAgain(d, lease) is not { IsPermit: true } verdict) return lease.NotAfter;
        return Plans.Find(d.State, lease.PlannedFor)?.LapsesAt is { } lapses ? Instant.Min(verdict.At, lapses) : verdict.At;
    }

    /// <summary>Given back unplaced: nothing counts and the step is due again. A confirmed lease may have been placed: it is reported, not released.</summary>
    public static Decision<ReleaseReply> Release(DebtorState state, ReleaseCommand c, DecisionContext ctx, Instant now)
    {
        if (state.Lease is not { } lease || lease.Dispatch != c.Lease.Dispatch || lease.Fence != c.Lease.Fence)
        {
            var isReleased = state.FindContact(c.Lease.Dispatch.Value)?.IsUnplaced() == true;
            return Unwritten(new ReleaseReply(isReleased ? ApplyState.Duplicate : ApplyState.Rejected, isReleased ? null : Stale));
        }

        if (lease.ConfirmedAt is not null)
        {
            return Unwritten(new ReleaseReply(ApplyState.Rejected, new(RefusalReasons.LeaseConfirmed, "", "A confirmed lease ends by its outcome.")));
        }

        if (state.FindContact(lease.Dispatch.Value) is { } contact && FactJoin.SaysPlaced(contact.ReceiptKinds))
        {
            return Unwritten(new ReleaseReply(ApplyState.Rejected, new(RefusalReasons.LeaseConfirmed, "", "Receipts say that it was placed.")));
        }

        var d = new Draft(state, ctx, now);
        EndUnplaced(d, lease);
        Returns.GivenBack(d, lease);
        d.Record(new DebtorEvent.LeaseReleased(now, lease.Dispatch, c.Reason));
        Planner.Plan(d);
        return d.Answer(new ReleaseReply(ApplyState.Recorded, null));
    }

    private static readonly Refusal Stale = new(RefusalReasons.StaleToken, "", "The lease is another's, or over.");

    /// <summary>The live lease, if the token is its own and it may still be acted on.</summary>
    private static Lease? Held(DebtorState state, LeaseRef wanted, Instant now, out Refusal? refusal)
    {
        refusal = null;
        if (state.Lease is not { } lease || lease.Dispatch != wanted.Dispatch || lease.Fence != wanted.Fence) refusal = Stale;
        else if (lease.IsRevoked) refusal = new(RefusalReasons.LeaseRevoked, "", lease.RevokedFor);
        else if (now >= lease.ExpiresAt) refusal = new(RefusalReasons.LeaseLapsed, "", "The lease has expired.");
        else return lease;
        return null;
    }

    private static Decision<ConfirmReply> Deny(DebtorState state, Lease lease, DecisionContext ctx, Instant now, Verdict verdict, Refusal? refusal)
    {
        var d = new Draft(state, ctx, now);
        var proof = Refused(d, Rules.Prove(d, lease));
        d.State = d.State with { Lease = null };
        TimePassed.Unconfirmed(d, lease);
        d.Record(new DebtorEvent.LeaseDenied(now, lease.Dispatch, verdict.RuleId, verdict.Kind == VerdictKind.Defer ? verdict.At : null, proof));
        Planner.Plan(d);
        return d.Answer(new ConfirmReply(false, verdict, default, null, refusal));
    }

    /// <summary>The lease is over and nothing was placed: what it reserved is given back.</summary>
    private static void EndUnplaced(Draft d, Lease lease)
    {
        d.State = d.State with { Lease = null };
        var contact = d.State.FindContact(lease.Dispatch.Value) ?? d.RecordOf(lease, lease.LeasedAt);
        if (!FactJoin.SaysPlaced(contact.ReceiptKinds)) d.Put(contact.AsUnplaced());
    }
}
