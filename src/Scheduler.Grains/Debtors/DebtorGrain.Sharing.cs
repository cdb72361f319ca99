using System.Collections.Immutable;
using System.Security.Cryptography;
using NodaTime;
using Orleans.Storage;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Sharing;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using Scheduler.Storage.Codec;

namespace Scheduler.Grains.Debtors;

/// <content>Counters that the debtor shares with others: published and claimed before its own write, so that a crash counts too much and never too little.</content>
public sealed partial class DebtorGrain
{
    /// <summary>How often others may come first before a turn gives up.</summary>
    private const int MovesLimit = 4;

    public async Task<ItemAnswer> JoinScopes(ImmutableArray<string> scopes)
    {
        // Of a person erased nothing is counted any more: whoever named the id goes on alone.
        if (IsErased) return Absent(new ItemAnswer(Done: true, Duplicate: true, null));
        // Not while it is being merged or split either: what the other has read already must not grow.
        if (IsElsewhere(d => d.JoinScopes(scopes), static fault => new ItemAnswer(Done: false, Duplicate: false, fault), out var elsewhere)) return await elsewhere;
        var wanted = scopes.Select(SharedScope.Parse).ToImmutableArray();
        try
        {
            // A scope that is full refuses before anything is written here.
            await SharedTurnOf(Record, RulesAt(tools.Clock.Now())).OpenAsync(wanted);
            var reply = await TurnAsync((state, _, context, now) => DebtorDecider.Join(state, Key, wanted, context, now), new TurnTerms(Affirms: true));
            if (reply.Refusal is { } refusal) return new ItemAnswer(Done: false, Duplicate: false, Answers.Of(refusal));

            // From its own write on every turn publishes; what was published before it may have been older.
            await SharedTurnOf(Record, RulesAt(tools.Clock.Now())).OpenAsync(wanted);
            return new ItemAnswer(Done: true, Duplicate: reply.State == ApplyState.Duplicate, null);
        }
        catch (SharedCounterFullException)
        {
            return new ItemAnswer(Done: false, Duplicate: false, Answers.TooManyParties);
        }
    }

    /// <summary>
    /// Null for a debtor that shares nothing: it asks nobody. One that is on its way into another shows what it showed when it closed: nothing
    /// comes to it any more, and its place may be another's before the last step.
    /// </summary>
    private async ValueTask<SharedTurn?> OpenSharedAsync(DebtorRecord? record, RulesInForce rules, ImmutableArray<SharedScope> also = default)
    {
        if (record is null || record.State.Merge is not null || (record.State.SharedScopes.IsEmpty && also.IsDefaultOrEmpty)) return null;
        var scopes = also.IsDefaultOrEmpty ? record.State.SharedScopes : [.. record.State.SharedScopes.Union(also)];
        var turn = SharedTurnOf(record, rules);
        await turn.OpenAsync(scopes);
        if (turn.HasOldClaims && await IsCurrentAsync(record)) await turn.OpenAsync(scopes, isCurrent: true);
        return turn;
    }

    private SharedTurn SharedTurnOf(DebtorRecord? record, RulesInForce rules) =>
        new(GrainFactory, Key, record, rules.Context.Policy, tools.Clock.GetUtcNow(), tools.Writing.NewId().ToString("N"));

    /// <summary>Decides with what the others add, and claims; decides again where others came first.</summary>
    private async Task<Decision<TReply>> DecideSharedAsync<TReply>(Decide<TReply> decide, SharedTurn shared, RulesInForce rules, Instant now, bool isConditional)
    {
        var record = Record!;
        for (var moves = 0; moves <= MovesLimit; moves++)
        {
            var decision = decide(record.State, record.Version, rules.Context with { Shared = shared.Others }, now);
            if (await shared.ClaimAsync(decision.State, isConditional)) return decision;
            tools.Counters.Add(CounterNames.SharedConflicts);
        }

        throw new SharedCounterFullException();
    }

    private async Task SettleSharedAsync(SharedTurn shared, DebtorRecord? before)
    {
        await ShowLessAsync(shared, before);
        await LeaveScopesAsync(before);
    }

    /// <summary>What counts for less is shown to the others, who may be contacted again for it. A failure is repaired by the next turn.</summary>
    private async Task ShowLessAsync(SharedTurn shared, DebtorRecord? before)
    {
        if (before is null || Record is not { } after || !SharedParts.IsLowered(before.State, after.State)) return;
        try
        {
            await shared.SettleAsync(after);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return;
        }

        foreach (var other in shared.OtherParties) _ = GrainFactory.GetGrain<IDebtorGrain>($"{Key.Tenant}/{other}").Wake(new WakeHint(0));
    }

    /// <summary>
    /// Scopes that the state no longer names: its place is free for others. A failure leaves it taken, with nothing in it, until the debtor is
    /// erased.
    /// </summary>
    private async Task LeaveScopesAsync(DebtorRecord? before)
    {
        if (before is null || Record is not { } after || before.State.SharedScopes == after.State.SharedScopes) return;
        try
        {
            foreach (var scope in before.State.SharedScopes.Except(after.State.SharedScopes)) await LeaveAsync(scope);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return;
        }
    }

    private Task LeaveAsync(SharedScope scope) => CounterOf(scope).Leave(new SharedLeaving(Key.Debtor, ReadOnlyMemory<byte>.Empty, "", default));

    /// <summary>
    /// Of a person erased the shared counters keep, under new ids, what the others' caps still need, and nothing else. Repeated, it changes
    /// nothing.
    /// </summary>
    private async Task LeaveNamelessAsync(DebtorState state, IEnumerable<SharedScope> scopes, Instant now)
    {
        var policy = RulesAt(now).Context.Policy;
        foreach (var scope in scopes)
        {
            var part = SharedParts.Nameless(SharedParts.Of(state, scope, policy, now), scope, NewName);
            if (part.IsEmpty) await LeaveAsync(scope);
            else await CounterOf(scope).Leave(new SharedLeaving(Key.Debtor, SharedContactCodec.Encode(part), NewName(), SharedParts.LapsesAt(part, policy).ToDateTimeOffset()));
        }
    }

    /// <summary>No id of a debtor or contact has the mark before it.</summary>
    private static string NewName() => $"~{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";

    private ISharedCounterGrain CounterOf(SharedScope scope) => GrainFactory.GetGrain<ISharedCounterGrain>($"{Key.Tenant}/{scope}");

    private static WriteTerms TermsOf(TurnTerms terms, RulesInForce rules, SharedTurn? shared)
    {
        var deadline = shared is not null && !(terms.Deadline < shared.WriteBefore) ? shared.WriteBefore : terms.Deadline;
        return new WriteTerms(terms.Grows, terms.Fenced ? rules.Epochs : null, deadline, terms.AddressFactsSeen, terms.Unlinked);
    }

    /// <summary>Whatever was not answered may have been written, and then it counts.</summary>
    private static bool IsUnwritten(Exception failure) => failure is StorageUnavailableException or RowRefusedException or InconsistentStateException or SharedCounterFullException;
}
