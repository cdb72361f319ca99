using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>What operators put right, and what the debtor does about its own faults.</content>
public sealed partial class DebtorGrain
{
    public async Task<ItemAnswer> Resolve(ResolveOrder order)
    {
        if (Record is null) return Absent(new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor));
        if (IsElsewhere(d => d.Resolve(order), static fault => new ItemAnswer(Done: false, Duplicate: false, fault), out var elsewhere)) return await elsewhere;
        var command = new ResolveCommand(new DispatchId(order.DispatchId), (ContactResolution)order.Resolution, order.Actor, order.Reason);
        var reply = await TurnAsync((state, _, context, now) => DebtorDecider.Resolve(state!, command, context, now), default);
        return new ItemAnswer(reply.State != ApplyState.Rejected, reply.State == ApplyState.Duplicate, Answers.Of(reply.Refusal));
    }

    public async Task<ItemAnswer> ResolveQuarantine(QuarantineOrder order)
    {
        if (Record is null) return Absent(new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor));
        var command = new ResolveQuarantineCommand(order.Released, order.Actor, order.Reason);
        var reply = await TurnAsync((state, _, context, now) => DebtorDecider.ResolveQuarantine(state!, command, context, now), default);
        return new ItemAnswer(reply.State != ApplyState.Rejected, reply.State == ApplyState.Duplicate, Answers.Of(reply.Refusal));
    }

    /// <summary>A fault of the debtor's own: the database refuses its row, or deciding about it throws what nobody expects. Storage that is not there is not.</summary>
    private static bool IsOwnFault(Exception failure, bool isDeciding) =>
        failure is RowRefusedException { Kind: WriteAnswerKind.Poisoned } || (isDeciding && failure is not (OrleansException or TimeoutException or OperationCanceledException));

    /// <summary>One more; after several in a row the debtor is taken out of work. A failure on the way leaves it to the next fault.</summary>
    private async Task CountFaultAsync(Exception failure)
    {
        var key = RowKey();
        var count = repairs.Faults.Add(key.Text);
        if (count < FaultLedger.Limit) return;
        var now = tools.Clock.Now();
        var why = new Quarantine(failure is RowRefusedException ? QuarantineReasons.RowRefused : QuarantineReasons.DeciderFault, now, count, failure.GetType().Name);
        try
        {
            await stored.ReadStateAsync();
            if (Record is not { } record) return;
            var decision = DebtorDecider.SetAside(record.State, why, RulesAt(now).Context, now);
            if (await tools.Writing.PrepareAsync(record, decision, now, default) is not { } prepared) return;
            await WriteAsync(prepared);
            repairs.Faults.Clear(key.Text);
            tools.Counters.Add(CounterNames.Quarantined);
            await ActAsync(decision, record, wrote: true);
        }
        catch (Exception again) when (again is not OrleansException)
        {
            // Its state cannot even be written down: the row stays as it is, out of the due index.
            if (await tools.Store.ReadAsync(key) is { } row) await repairs.Rows.SetAsideAsync(row, why);
        }
        catch (OrleansException)
        {
            // Storage failed, or somebody else wrote: counted again with the next fault.
        }
    }
}
