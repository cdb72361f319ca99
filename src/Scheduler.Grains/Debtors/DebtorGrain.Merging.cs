using System.Diagnostics.CodeAnalysis;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Sharing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>
/// Two ids that are one person. What comes to an alias goes to the debtor that remains: aliases call onwards only, and nobody calls back.
/// </content>
public sealed partial class DebtorGrain
{
    public Task<DebtorStanding> GetStanding() => Task.FromResult(
        Record is { } record
            ? new DebtorStanding(Found: true, record.State.Merge is { IsDone: true } merge ? merge.Into : "")
            : Absent(new DebtorStanding(Found: false, "")));

    public async Task<MergeAnswer> BeginMerge(string into)
    {
        if (Record is null) return Absent(new MergeAnswer("", IsAlias: false, Answers.NoDebtor with { Field = "merged_debtor_id" }));
        var reply = await TurnAsync((state, _, context, now) => DebtorDecider.BeginMerge(state!, into, context, now), new TurnTerms(Affirms: true));
        return new MergeAnswer(reply.Into, Record is { State.Merge.IsDone: true }, Answers.Of(reply.Refusal));
    }

    /// <summary>The other is read from the store: it has closed, so what stands there is all there will be.</summary>
    public async Task<ItemAnswer> Absorb(string debtor)
    {
        if (Record is null) return Absent(new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor));
        var gone = await tools.Store.ReadAsync(new Storage.DebtorKey(Key.Tenant, debtor));
        if (gone is null) return new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor);
        var former = tools.Writing.Read(gone).State;
        try
        {
            // Facts about the other's addresses came to its points while it listed them, and come here from now on.
            var reply = await TurnAsync(
                (state, _, context, now) => DebtorDecider.Absorb(state!, former, context, now),
                new TurnTerms(Affirms: true, Grows: true, AddressFactsSeen: long.MaxValue, AlsoShares: former.SharedScopes));
            return new ItemAnswer(reply.State != ApplyState.Rejected, reply.State == ApplyState.Duplicate, Answers.Of(reply.Refusal));
        }
        catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.TooLarge)
        {
            return new ItemAnswer(Done: false, Duplicate: false, Answers.TooLarge);
        }
        catch (SharedCounterFullException)
        {
            // Nothing was written: the other opens again, rather than to try and be closed for ever.
            return new ItemAnswer(Done: false, Duplicate: false, Answers.TooManyParties);
        }
    }

    public async Task EndMerge(bool completed)
    {
        if (Record is not { } record) return;
        // The other has claimed what came with it, under the same ids: here it would only keep a place.
        if (completed && record.State.Merge is { IsDone: false })
        {
            foreach (var scope in record.State.SharedScopes) await LeaveAsync(scope);
        }

        await TurnAsync((state, _, context, now) => DebtorDecider.EndMerge(state!, completed, context, now), default);
    }

    /// <summary>True where another answers: an alias's survivor, or for the moment of a merge or split nobody.</summary>
    private bool IsElsewhere<TAnswer>(Func<IDebtorGrain, Task<TAnswer>> ask, Func<Fault, TAnswer> whileClosed, [NotNullWhen(true)] out Task<TAnswer>? answer)
    {
        answer = Record?.State switch
        {
            { Merge: { IsDone: true } merge } => ask(GrainFactory.GetGrain<IDebtorGrain>(new Storage.DebtorKey(Key.Tenant, merge.Into).Text)),
            { Merge: not null } => Task.FromResult(whileClosed(Answers.Merging)),
            { Split: not null } => Task.FromResult(whileClosed(Answers.Splitting)),
            _ => null,
        };
        if (answer is not null && Record is { State.Merge.IsDone: true }) DeactivateOnIdle();
        return answer is not null;
    }

    /// <summary>Woken in the middle of a merge: its leader is told, and the wake stays until it is done.</summary>
    private async Task ResumeMergeAsync()
    {
        if (Record is not { State.Merge.IsDone: false }) return;
        await TurnAsync((state, _, context, now) => DebtorDecider.AwaitMerge(state!, context, now), default);
        _ = GrainFactory.GetGrain<IMergeGrain>(this.GetPrimaryKeyString()).Resume();
    }
}
