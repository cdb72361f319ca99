using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Sharing;
using Scheduler.Grains.Splitting;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>One id that is two persons: the steps of either, led by <see cref="SplitGrain"/>.</content>
public sealed partial class DebtorGrain
{
    public async Task<SplitAnswer> BeginSplit(SplitOrder order)
    {
        if (Record is null) return Absent(new SplitAnswer("", Duplicate: false, Answers.NoDebtor with { Field = "debtor_id" }));
        var command = new SplitCommand
        {
            NewDebtor = order.NewDebtor,
            Accounts = [.. order.Accounts.Select(static id => new AccountId(id))],
            Points = [.. order.Points.Select(static id => new PointId(id))],
            RequestId = order.RequestId,
            IsTaken = order.IsTaken,
        };
        var reply = await TurnAsync((state, _, context, now) => DebtorDecider.BeginSplit(state!, command, context, now), new TurnTerms(Affirms: true));
        return new SplitAnswer(reply.NewDebtor, reply.State == ApplyState.Duplicate, Answers.Of(reply.Refusal));
    }

    /// <summary>The other is read from the store: it has closed, so what stands there is all there will be.</summary>
    public async Task<ItemAnswer> Receive(string source)
    {
        if (IsErased) return Absent(new ItemAnswer(Done: false, Duplicate: false, Answers.Erased with { Field = "new_debtor_id" }));
        var row = await tools.Store.ReadAsync(new Storage.DebtorKey(Key.Tenant, source));
        if (row is null) return new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor);
        var former = tools.Writing.Read(row).State;
        if (Record is null && await FindNoRoomAsync(former) is { } fault) return Absent(new ItemAnswer(Done: false, Duplicate: false, fault));
        var reply = await ReceiveAsync(former, row.Version);
        if (reply is null) return new ItemAnswer(Done: false, Duplicate: false, Answers.TooLarge);

        // From its own write on every turn publishes; this one could not, for there was nobody yet.
        if (reply.Refusal is null) await SharedTurnOf(Record, RulesAt(tools.Clock.Now())).OpenAsync(former.SharedScopes);
        return new ItemAnswer(reply.Refusal is null, reply.State == ApplyState.Duplicate, Answers.Of(reply.Refusal));
    }

    /// <summary>A scope that is full refuses before anything is written here.</summary>
    private async Task<Fault?> FindNoRoomAsync(DebtorState former)
    {
        try
        {
            await SharedTurnOf(null, RulesAt(tools.Clock.Now())).OpenAsync(former.SharedScopes);
            return null;
        }
        catch (SharedCounterFullException)
        {
            return Answers.TooManyParties;
        }
    }

    /// <summary>Answers nothing where the state would be too large.</summary>
    private async Task<SplitReply?> ReceiveAsync(DebtorState former, long version)
    {
        var key = Key;
        for (var tries = 0; ; tries++)
        {
            var (facts, seen) = await tools.Writing.Addresses.LookUpAsync(key.Tenant, former.Points);
            try
            {
                return await TurnAsync(
                    (state, _, context, now) => DebtorDecider.Receive(state, key, former, facts, context, now, version),
                    new TurnTerms(Affirms: true, Grows: true, AddressFactsSeen: seen));
            }
            catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.AddressKnown && tries < AddressTries)
            {
                // A fact came in meanwhile: decided again with it.
            }
            catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.TooLarge)
            {
                return null;
            }
        }
    }

    public async Task EndSplit(string newDebtor, bool completed)
    {
        if (Record is null) return;
        await TurnAsync((state, version, context, now) => DebtorDecider.EndSplit(state!, newDebtor, completed, context, now, version), new TurnTerms(Affirms: true));
    }

    public async Task OpenSplit()
    {
        if (Record is null) return;
        await TurnAsync((state, _, context, now) => DebtorDecider.OpenSplit(state!, context, now), new TurnTerms(Affirms: true));
    }

    /// <summary>Woken in the middle of a split: its leader is told, and the wake stays until it is done.</summary>
    private async Task ResumeSplitAsync()
    {
        if (Record?.State.Split is not { } split) return;
        await TurnAsync((state, _, context, now) => DebtorDecider.AwaitSplit(state!, context, now), default);
        var leader = new Storage.DebtorKey(Key.Tenant, split.IsNew ? split.Other : Key.Debtor).Text;
        _ = GrainFactory.GetGrain<ISplitGrain>(leader).Resume(split.IsNew ? Key.Debtor : split.Other);
    }
}
