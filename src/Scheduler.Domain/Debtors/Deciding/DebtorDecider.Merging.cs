using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>
/// Two ids turn out to be one person. Three writes of two rows: the one that goes closes, the one that remains takes everything in, the one that
/// went becomes an alias. Between them nothing is leased for the first, and after them everything that counted for either counts.
/// </content>
public static partial class DebtorDecider
{
    /// <summary>A merge that was cut off is taken up again after this.</summary>
    private static readonly Duration MergeResumes = Duration.FromSeconds(30);

    /// <summary>Closes the debtor that goes. What was handed out is withdrawn; where it may be being placed, it counts.</summary>
    public static Decision<MergeReply> BeginMerge(DebtorState state, string into, DecisionContext ctx, Instant now)
    {
        if (state.Merge is { } known)
        {
            return Unwritten(known.Into == into || into.Length == 0
                ? new MergeReply(ApplyState.Duplicate, known.Into, null)
                : NotMerged(RefusalReasons.AlreadyMerged, "The debtor is merged into another."));
        }

        if (into.Length == 0) return Unwritten(NotMerged(RefusalReasons.Invalid, "No merge is under way."));
        if (into == state.Key.Debtor) return Unwritten(NotMerged(RefusalReasons.Invalid, "A debtor is not merged into itself."));
        if (state.Split is not null) return Unwritten(NotMerged(RefusalReasons.NotPermitted, "The debtor is being split."));
        if (state.Phase is DebtorPhase.Erased or DebtorPhase.Quarantined) return Unwritten(NotMerged(RefusalReasons.Invalid, "An erased debtor, or one set aside, is not merged."));
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        EndLease(d, RevokeReasons.Merged);
        d.State = d.State with { Merge = new Merge(into, IsDone: false), Phase = DebtorPhase.Held, Wake = new Wake(now + MergeResumes, Merging) };
        d.Record(new DebtorEvent.MergeBegan(now, into));
        return d.Answer(new MergeReply(ApplyState.Recorded, into, null));
    }

    /// <summary>Tries again later; the one that resumes it is told by whoever woke the debtor.</summary>
    public static Decision<MergeReply> AwaitMerge(DebtorState state, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        if (state.Merge is { IsDone: false } && state.Wake.At <= now) d.State = state with { Wake = state.Wake with { At = now + MergeResumes } };
        return d.Answer(new MergeReply(ApplyState.Duplicate, state.Merge?.Into ?? "", null));
    }

    /// <summary>The other has everything: what is left here is the name. Not completed: the other could not take it, and the debtor is as before.</summary>
    public static Decision<MergeReply> EndMerge(DebtorState state, bool isCompleted, DecisionContext ctx, Instant now)
    {
        if (state.Merge is not { IsDone: false } merge)
        {
            var isSame = state.Merge is { IsDone: true } && isCompleted;
            return Unwritten(isSame ? new MergeReply(ApplyState.Duplicate, state.Merge!.Into, null) : NotMerged(RefusalReasons.Invalid, "No merge is under way."));
        }

        var d = new Draft(state, ctx, now);
        d.Record(new DebtorEvent.MergeEnded(now, merge.Into, isCompleted));
        if (!isCompleted)
        {
            d.State = d.State with { Merge = null };
            Planner.Plan(d);
            return d.Answer(new MergeReply(ApplyState.Recorded, "", null));
        }

        d.State = new DebtorState
        {
            Key = state.Key,
            SourceVersion = state.SourceVersion,
            SourceDigest = state.SourceDigest,
            Merge = merge with { IsDone = true },
            Merged = state.Merged,
            Phase = DebtorPhase.Finished,
            Wake = new Wake(null, Merging),
            ChainHead = state.ChainHead,
            EventCount = state.EventCount,
        };
        return d.Answer(new MergeReply(ApplyState.Recorded, merge.Into, null));
    }

    /// <summary>Takes in everything of a debtor that has closed for it. Once: again it is a duplicate.</summary>
    public static Decision<MergeReply> Absorb(DebtorState state, DebtorState gone, DecisionContext ctx, Instant now)
    {
        if (state.Merged.Any(m => m.Debtor == gone.Key.Debtor)) return Unwritten(new MergeReply(ApplyState.Duplicate, state.Key.Debtor, null));
        if (state.Merge is not null) return Unwritten(NotMerged(RefusalReasons.AlreadyMerged, "The debtor that was to remain is merged itself."));
        if (state.Split is not null) return Unwritten(NotMerged(RefusalReasons.NotPermitted, "The debtor that was to remain is being split."));
        if (gone.Merge is not { IsDone: false } merge || merge.Into != state.Key.Debtor) return Unwritten(NotMerged(RefusalReasons.Invalid, "The debtor has not closed for this one."));
        if (state.Phase is DebtorPhase.Erased or DebtorPhase.Quarantined) return Unwritten(NotMerged(RefusalReasons.Invalid, "An erased debtor, or one set aside, takes nothing in."));
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        d.DropOldContacts();
        d.Record(new DebtorEvent.DebtorAbsorbed(now, gone.Key.Debtor, gone.EventCount, gone.ChainHead));
        if (Joining.Join(d, gone) is { } refusal) return Unwritten(new MergeReply(ApplyState.Rejected, "", refusal));
        if (JoinAll(d, gone.SharedScopes) is { } limit) return Unwritten(new MergeReply(ApplyState.Rejected, "", limit));
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(new MergeReply(ApplyState.Recorded, state.Key.Debtor, null));
    }

    /// <summary>Withdrawn at once. One whose gateway may be placing it stands as a contact of which nothing is known; another was not placed.</summary>
    private static void EndLease(Draft d, string reason)
    {
        if (d.State.Lease is not { } lease) return;
        d.Revoke(reason);
        d.Record(new DebtorEvent.LeaseLapsed(d.Now, lease.Dispatch, lease.IsReserved));
        var contact = d.State.FindContact(lease.Dispatch.Value);
        d.State = d.State with { Lease = null };
        if (!lease.IsReserved && contact is null) d.Put(d.RecordOf(lease, lease.LeasedAt).AsUnplaced());
        else if (contact is { Standing: ContactStanding.Reserved }) d.Put(contact with { Standing = ContactStanding.Unresolved });
    }

    private const string Merging = "merged";

    private static MergeReply NotMerged(string reason, string detail) => new(ApplyState.Rejected, "", new Refusal(reason, "merged_debtor_id", detail));
}
