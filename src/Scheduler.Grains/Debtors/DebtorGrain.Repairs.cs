using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Debtors;

/// <content>What operators put right.</content>
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
}
