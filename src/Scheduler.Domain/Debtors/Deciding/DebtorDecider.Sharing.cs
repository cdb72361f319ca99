using System.Collections.Immutable;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Counters that the debtor shares with others.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// From now on the debtor's contacts are counted together with those of the scopes' other parties. One who is not known yet becomes
    /// known, with nothing to do: whoever enters later finds the scopes.
    /// </summary>
    public static Decision<ItemReply> Join(DebtorState? state, DebtorKey key, ImmutableArray<SharedScope> scopes, DecisionContext ctx, NodaTime.Instant now)
    {
        var d = new Draft(state, state ?? new DebtorState { Key = key, GapsCounted = ctx.LastGap }, ctx, now);
        if (JoinAll(d, scopes) is { } refusal) return Unwritten(new ItemReply(ApplyState.Rejected, refusal));
        if (!d.IsChanged) return Unwritten(new ItemReply(ApplyState.Duplicate, null));
        Planner.Plan(d);
        return d.Answer(new ItemReply(ApplyState.Recorded, null));
    }

    private static Refusal? JoinAll(Draft d, ImmutableArray<SharedScope> scopes)
    {
        foreach (var scope in scopes)
        {
            if (d.State.SharedScopes.Contains(scope)) continue;
            if (d.State.SharedScopes.Length >= DebtorLimits.SharedScopes)
                return new Refusal(RefusalReasons.LimitReached, "accounts", $"A debtor shares at most {DebtorLimits.SharedScopes} accounts, debts and households.");
            d.State = d.State with { SharedScopes = d.State.SharedScopes.Add(scope) };
            d.Record(new DebtorEvent.ScopeJoined(d.Now, scope));
        }

        return null;
    }
}

/// <summary>Answer to a joining.</summary>
public sealed record ItemReply(ApplyState State, Refusal? Refusal);
