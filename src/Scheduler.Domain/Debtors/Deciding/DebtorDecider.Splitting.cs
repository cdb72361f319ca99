using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>
/// One id turns out to be two persons. Four writes of two rows: the debtor closes, the new one is made, closed, of what goes and of everything
/// that counts; the first lets go and opens; the new one opens. No account is ever contacted from both, and what was counted is counted at both.
/// </content>
public static partial class DebtorDecider
{
    private const string Splitting = "split";

    /// <summary>Closes the debtor. What was handed out is withdrawn, whomever it was about; where it may be being placed, it counts for both.</summary>
    public static Decision<SplitReply> BeginSplit(DebtorState state, SplitCommand c, DecisionContext ctx, Instant now)
    {
        if (c.NewDebtor.Length == 0) return Unwritten(new SplitReply(ApplyState.Duplicate, state.Split is { IsNew: false } underWay ? underWay.Other : "", null));
        var key = Digests.KeyOf(Splitting, c.RequestId);
        var body = Digests.Of(c);
        if (state.Split is { } known)
        {
            return Unwritten(known is { IsNew: false } && known.RequestKey == key && known.RequestBody == body
                ? new SplitReply(ApplyState.Duplicate, known.Other, null)
                : NotSplit(RefusalReasons.NotPermitted, "debtor_id", "Another split of the debtor is under way."));
        }

        var seen = Requests.Seen(state, key, body);
        if (seen == ApplyState.Duplicate) return Unwritten(new SplitReply(seen, "", null));
        if (seen == ApplyState.Rejected) return Unwritten(new SplitReply(seen, "", Requests.Reused));
        if (RefusalOf(state, c) is { } refusal) return Unwritten(new SplitReply(ApplyState.Rejected, "", refusal));
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        EndLease(d, RevokeReasons.Split);
        d.State = d.State with
        {
            Split = new Split(c.NewDebtor, IsNew: false, c.Accounts, c.Points, key, body),
            Phase = DebtorPhase.Held,
            Wake = new Wake(now + MergeResumes, Splitting),
        };
        d.Record(EventOf(now, SplitStep.Began, d.State.Split));
        return d.Answer(new SplitReply(ApplyState.Recorded, c.NewDebtor, null));
    }

    /// <summary>Tries again later; the one that resumes it is told by whoever woke the debtor.</summary>
    public static Decision<SplitReply> AwaitSplit(DebtorState state, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        if (state.Split is not null && state.Wake.At <= now) d.State = state with { Wake = state.Wake with { At = now + MergeResumes } };
        return d.Answer(new SplitReply(ApplyState.Duplicate, "", null));
    }

    /// <summary>Debtors that were split from this one after the dispatch: what is reported of it concerns them too.</summary>
    public static ImmutableArray<string> PartsOf(DebtorState state, DispatchId dispatch)
    {
        if (state.Parts.IsEmpty || !dispatch.TryParse(out var debtor, out var version)) return [];
        return [.. state.Parts.Where(part => !part.IsSource && (part.Of != debtor || version <= part.Version)).Select(static part => part.Debtor).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Makes the new debtor of one that has closed for it. Once: again it is a duplicate.</summary>
    /// <param name="state">Null: nobody has the id yet.</param>
    /// <param name="sourceVersion">Version of the row that it is made of.</param>
    /// <param name="facts">What is known of the addresses that it comes to list.</param>
    public static Decision<SplitReply> Receive(
        DebtorState? state, DebtorKey key, DebtorState source, ImmutableArray<ListedAddressFact> facts, DecisionContext ctx, Instant now, long sourceVersion = long.MaxValue)
    {
        if (state is not null)
        {
            return Unwritten(state.Split is { IsNew: true } made && made.Other == source.Key.Debtor
                ? new SplitReply(ApplyState.Duplicate, key.Debtor, null)
                : NotSplit(RefusalReasons.DebtorExists, "new_debtor_id", "There is such a debtor, or alias, already."));
        }

        if (source.Split is not { IsNew: false } split || split.Other != key.Debtor) return Unwritten(NotSplit(RefusalReasons.Invalid, "debtor_id", "The debtor has not closed for this one."));
        var own = split with { Other = source.Key.Debtor, IsNew = true };
        var d = new Draft(null, new DebtorState { Key = key, GapsCounted = source.GapsCounted, Split = own, Phase = DebtorPhase.Held, Wake = new Wake(now + MergeResumes, Splitting) }, ctx, now);
        d.Record(EventOf(now, SplitStep.Received, own) with { EventCount = source.EventCount, ChainHead = source.ChainHead });
        Parting.Give(d, source, split);
        d.State = d.State with
        {
            Parts =
            [
                new PartedDebtor(source.Key.Debtor, "", sourceVersion, IsSource: true),
                .. source.Merged.Select(static alias => new PartedDebtor(alias.Debtor, "", long.MaxValue, IsSource: true)),
                .. source.Parts.Where(static part => part.IsSource),
            ],
        };
        BindAddresses(d, facts);
        if (JoinAll(d, source.SharedScopes) is { } limit) return Unwritten(new SplitReply(ApplyState.Rejected, "", limit));
        return d.Answer(new SplitReply(ApplyState.Recorded, key.Debtor, null));
    }

    /// <summary>The new one has everything: what went leaves, and the debtor is open again. Not completed: the new one could not be made, and all is as before.</summary>
    /// <param name="version">Of the row as it is: every dispatch so far is from before the split.</param>
    public static Decision<SplitReply> EndSplit(DebtorState state, string newDebtor, bool isCompleted, DecisionContext ctx, Instant now, long version = long.MaxValue)
    {
        if (state.Split is not { IsNew: false } split || split.Other != newDebtor) return Unwritten(new SplitReply(ApplyState.Duplicate, "", null));
        var d = new Draft(state, ctx, now);
        d.State = d.State with { Split = null };
        d.Record(EventOf(now, isCompleted ? SplitStep.LetGo : SplitStep.Refused, split));
        if (isCompleted)
        {
            Parting.Leave(d, split);
            d.State = d.State with { Parts = d.State.Parts.Add(new PartedDebtor(newDebtor, state.Key.Debtor, version, IsSource: false)) };
            d.Remember(split.RequestKey, split.RequestBody);
        }

        Planner.Plan(d);
        return d.Answer(new SplitReply(ApplyState.Recorded, newDebtor, null));
    }

    /// <summary>The first has let go: the new one may be contacted.</summary>
    public static Decision<SplitReply> OpenSplit(DebtorState state, DecisionContext ctx, Instant now)
    {
        if (state.Split is not { IsNew: true } split) return Unwritten(new SplitReply(ApplyState.Duplicate, "", null));
        var d = new Draft(state, ctx, now);
        d.State = d.State with { Split = null };
        d.Record(EventOf(now, SplitStep.Opened, split));
        Planner.Plan(d);
        return d.Answer(new SplitReply(ApplyState.Recorded, "", null));
    }

    private static Refusal? RefusalOf(DebtorState state, SplitCommand c)
    {
        if (state.Merge is not null) return new(RefusalReasons.AlreadyMerged, "debtor_id", "The debtor is merged into another.");
        if (state.Phase is DebtorPhase.Erased or DebtorPhase.Quarantined) return new(RefusalReasons.Invalid, "debtor_id", "An erased debtor, or one set aside, is not split.");
        if (c.IsTaken || c.NewDebtor == state.Key.Debtor) return new(RefusalReasons.DebtorExists, "new_debtor_id", "There is such a debtor, or alias, already.");
        if (state.Parts.Length + state.Merged.Length >= DebtorLimits.Parts) return new(RefusalReasons.LimitReached, "debtor_id", "The debtor was split as often as may be.");
        if (c.Accounts.IsEmpty) return new(RefusalReasons.Invalid, "account_ids", "At least one account goes.");
        if (c.Accounts.Any(id => Changes.IndexOf(state.Accounts, id) < 0)) return UnknownAccount with { Field = "account_ids" };
        if (c.Points.Any(id => PointOf(state.Points, id) is null)) return new(RefusalReasons.UnknownPoint, "point_ids", "The debtor has no such contact point.");
        return state.Accounts.All(account => c.Accounts.Contains(account.Id)) ? new(RefusalReasons.Invalid, "account_ids", "At least one account stays.") : null;
    }

    private static DebtorEvent.DebtorSplit EventOf(Instant at, SplitStep step, Split split) => new(at, step, split.Other, split.Accounts, split.Points, 0, []);

    private static SplitReply NotSplit(string reason, string field, string detail) => new(ApplyState.Rejected, "", new Refusal(reason, field, detail));
}
