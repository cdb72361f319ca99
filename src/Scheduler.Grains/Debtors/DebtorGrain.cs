using System.Collections.Immutable;
using NodaTime;
using Orleans.Storage;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Sharing;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using DomainKey = Scheduler.Domain.Debtors.DebtorKey;

namespace Scheduler.Grains.Debtors;

/// <summary>Reads the clock, calls the pure decider, writes once, then acts. Answers and leases stand in the grain's other files.</summary>
/// <remarks>
/// Invariant: the record in memory is the one last read or durably written. Threading: one turn at a time, no interleaving method.
/// Failure: any write that throws ends the activation, so that the next call reads the stored truth.
/// </remarks>
[GrainType("debtor")]
public sealed partial class DebtorGrain(
    [PersistentState("debtor", DebtorGrainStorage.Name)] IPersistentState<DebtorEnvelope> stored, DebtorTools tools, ErasureTools erasure, DebtorRepairs repairs, FlowTools flow)
    : Grain, IDebtorGrain
{
    /// <summary>A debtor that has nothing to do for this long leaves memory.</summary>
    private static readonly Duration Near = Duration.FromMinutes(2);

    /// <summary>Null for a debtor that does not exist, or was erased.</summary>
    private DebtorRecord? Record => IsErased ? null : stored.State.Record;

    private DomainKey Key
    {
        get
        {
            var key = RowKey();
            return new DomainKey(key.Tenant, key.Debtor);
        }
    }

    /// <summary>Why nothing is leased, confirmed or extended here at present.</summary>
    private Fault? Closed => RulesAt(tools.Clock.Now()).ClosedFor is { Length: > 0 } why ? LeasingClosedException.FaultOf(why) : null;

    private RulesInForce RulesAt(Instant now) => tools.Rules.For(RowKey().Tenant, now);

    /// <summary>The tenant's rules, for what an answer says of a decision just made.</summary>
    private PolicySnapshot PolicyAtHand => RulesAt(tools.Clock.Now()).Context.Policy;

    private Storage.DebtorKey RowKey() => Storage.DebtorKey.Parse(this.GetPrimaryKeyString());

    /// <summary>One turn: decide, write once, act. A conflict is read and decided again, once; so is a change of rules.</summary>
    private async Task<TReply> TurnAsync<TReply>(Decide<TReply> decide, TurnTerms terms)
    {
        SharedTurn? shared = null;
        var (isWritten, isDeciding) = (false, false);
        try
        {
            for (var again = false; ; again = true)
            {
                var now = tools.Clock.Now();
                var rules = RulesAt(now);
                if (IsErased) throw new RowRefusedException(WriteAnswerKind.Conflict);
                if (terms.Fenced && rules.ClosedFor.Length > 0) throw new LeasingClosedException(rules.ClosedFor);
                var before = Record;
                Decision<TReply> decision;
                PreparedWrite? prepared;
                try
                {
                    shared = terms.Unshared ? null : await OpenSharedAsync(before, rules, terms.AlsoShares);
                    isDeciding = true;
                    decision = shared is null
                        ? decide(before?.State, before?.Version ?? 0, rules.Context, now)
                        : await DecideSharedAsync(decide, shared, rules, now, isConditional: terms.Fenced);
                    prepared = await tools.Writing.PrepareAsync(before, decision, now, TermsOf(terms, rules, shared));
                    isDeciding = false;
                    if (prepared is not null)
                    {
                        await WriteAsync(prepared);
                        isWritten = true;
                    }
                    else if (terms.Affirms && !await IsCurrentAsync(before)) throw new InconsistentStateException("Memory was behind the store.");
                }
                catch (RowRefusedException refused) when (!again && refused.Kind == WriteAnswerKind.EpochChanged)
                {
                    if (shared is not null) await shared.GiveUpAsync();
                    await tools.Rules.RefreshAsync(CancellationToken.None);
                    continue;
                }
                catch (InconsistentStateException) when (!again)
                {
                    if (shared is not null) await shared.GiveUpAsync();
                    tools.Counters.Add(CounterNames.WriteConflicts);
                    await stored.ReadStateAsync();
                    continue;
                }

                if (shared is not null && prepared is not null) await SettleSharedAsync(shared, before);
                await ActAsync(decision, before, wrote: prepared is not null);
                repairs.Faults.Clear(this.GetPrimaryKeyString());
                LeaveIfIdle(now);
                return decision.Reply;
            }
        }
        catch (Exception failure)
        {
            await FailAsync(failure, isWritten ? null : shared, isDeciding);
            throw;
        }
    }

    /// <summary>Whatever it was, memory may be wrong now: the next call reads what is stored.</summary>
    private async Task FailAsync(Exception failure, SharedTurn? unwritten, bool isDeciding)
    {
        tools.Counters.Add(CounterNames.WritesFailed);
        DeactivateOnIdle();
        if (unwritten is not null && IsUnwritten(failure)) await unwritten.GiveUpAsync();
        if (IsOwnFault(failure, isDeciding)) await CountFaultAsync(failure);
    }

    private async Task WriteAsync(PreparedWrite prepared)
    {
        stored.State.Pending = prepared;
        try
        {
            await stored.WriteStateAsync();
        }
        finally
        {
            stored.State.Pending = null;
        }
    }

    /// <summary>An affirmative answer without a write stands on a read of the row's version, never on memory.</summary>
    private async Task<bool> IsCurrentAsync(DebtorRecord? record)
    {
        var versions = await tools.Store.ReadVersionsAsync([RowKey()]);
        return versions[0].Version == (record?.Version ?? 0);
    }

    /// <summary>The answer to debtors that do not exist; those never stay in memory.</summary>
    private TAnswer Absent<TAnswer>(TAnswer answer)
    {
        DeactivateOnIdle();
        return answer;
    }

    private void LeaveIfIdle(Instant now)
    {
        if (Record is not { } record)
        {
            DeactivateOnIdle();
            return;
        }

        var hasLiveLease = record.State.Lease is { } lease && lease.ExpiresAt > now;
        if (!hasLiveLease && (record.State.Wake.At is not { } wake || wake > now + Near)) DeactivateOnIdle();
    }

    private delegate Decision<TReply> Decide<TReply>(DebtorState? state, long version, DecisionContext context, Instant now);

    /// <summary>What a turn's write must satisfy.</summary>
    /// <param name="Fenced">Commits only under the epochs of the rules it was decided by.</param>
    /// <param name="Affirms">Without a write, the row's version is read before the answer.</param>
    /// <param name="Grows">Refused while there is still room for what may not be refused.</param>
    /// <param name="Unlinked">Links that end with it, beside those of addresses.</param>
    /// <param name="AddressFactsSeen">Up to which fact about addresses the decision had looked.</param>
    /// <param name="Unshared">Shows nothing to the scopes: it has left them.</param>
    /// <param name="AlsoShares">Scopes that the decision may join with contacts in them.</param>
    private readonly record struct TurnTerms(
        bool Fenced = false, bool Affirms = false, bool Grows = false, DateTimeOffset? Deadline = null, long AddressFactsSeen = 0,
        ImmutableArray<SharedScope> AlsoShares = default, ImmutableArray<DebtorLink> Unlinked = default, bool Unshared = false);
}
