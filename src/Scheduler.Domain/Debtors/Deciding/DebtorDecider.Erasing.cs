using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <content>What becomes of a person's data at the end.</content>
public static partial class DebtorDecider
{
    private const string Everything = "addresses, accounts, consents, contacts";

    /// <summary>
    /// Leaves a tombstone: no data key, no personal field, the head of the chain. Refused, with the basis, while an account is open, a dispatch is out, or
    /// the retention after the last act lasts. Erased already: duplicate.
    /// </summary>
    public static Decision<EraseReply> Erase(DebtorState state, EraseCommand c, DecisionContext ctx, Instant now)
    {
        if (state.Phase == DebtorPhase.Erased) return Unwritten(new EraseReply(ApplyState.Duplicate, []));
        if (Retained(state, c, now) is { } retained) return Unwritten(new EraseReply(ApplyState.Rejected, [retained]));
        return Tombstone(state, c, ctx, now);
    }

    /// <summary>An id that was merged into a debtor who is erased: what the merge left of it goes too. Whether it may was asked of that debtor.</summary>
    public static Decision<EraseReply> EraseAlias(DebtorState state, EraseCommand c, DecisionContext ctx, Instant now) =>
        state.Phase == DebtorPhase.Erased ? Unwritten(new EraseReply(ApplyState.Duplicate, [])) : Tombstone(state, c, ctx, now);

    private static Decision<EraseReply> Tombstone(DebtorState state, EraseCommand c, DecisionContext ctx, Instant now)
    {
        var tombstone = new DebtorState
        {
            Key = state.Key,
            Phase = DebtorPhase.Erased,
            ChainHead = state.ChainHead,
            EventCount = state.EventCount,
            Merged = state.Merged,
        };
        var d = new Draft(state, tombstone, ctx, now);
        d.Record(new DebtorEvent.DebtorErased(now, c.RequestId, c.ActorId, c.Reason));
        return d.Answer(new EraseReply(ApplyState.Recorded, []));
    }

    /// <summary>Who was given everything that is held, and why: an event, nothing else changes.</summary>
    public static Decision<ApplyState> NoteExport(DebtorState state, string actorId, string reason, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        d.Record(new DebtorEvent.DebtorExported(now, actorId, reason));
        return d.Answer(ApplyState.Recorded);
    }

    private static RetainedRecord? Retained(DebtorState state, EraseCommand c, Instant now)
    {
        if (state.Merge is { IsDone: false }) return new RetainedRecord(Everything, "a merge is under way", null, null);
        if (state.Split is not null) return new RetainedRecord(Everything, "a split is under way", null, null);
        if (state.Accounts.Any(static account => account.IsOpen)) return new RetainedRecord(Everything, "an account is open", null, null);
        if (state.Lease is { } lease && lease.ExpiresAt > now) return new RetainedRecord(Everything, "a dispatch is with a gateway", lease.ExpiresAt, null);
        var term = c.Retention.Of(state.Profile);
        return c.LastActAt is { } last && now < last + term.For ? new RetainedRecord(Everything, term.Basis, last + term.For, term.For) : null;
    }
}
