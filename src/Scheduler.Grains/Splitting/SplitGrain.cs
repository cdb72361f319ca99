using Scheduler.Grains.Debtors;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Splitting;

/// <summary>Closes the one, has the new one made of it, has the one let go, opens the new one. Neither debtor calls the other, so nothing can wait in a circle.</summary>
[GrainType("split")]
public sealed class SplitGrain : Grain, ISplitGrain
{
    private RowKey Key => RowKey.Parse(this.GetPrimaryKeyString());

    public async Task<ItemAnswer> Split(SplitOrder order)
    {
        var standing = await Debtor(order.NewDebtor).GetStanding();
        var begun = await Debtor(Key.Debtor).BeginSplit(order with { IsTaken = standing.Found });
        if (begun.Fault is { } fault) return Refused(fault);
        return await LeadAsync(order.NewDebtor, begun);
    }

    public async Task Resume(string newDebtor)
    {
        var begun = await Debtor(Key.Debtor).BeginSplit(SplitOrder.UnderWay);
        if (begun.Fault is null && (begun.UnderWay.Length == 0 || begun.UnderWay == newDebtor)) await LeadAsync(newDebtor, begun);
    }

    /// <summary>Where the debtor has let go already, what is left is to open the new one.</summary>
    private async Task<ItemAnswer> LeadAsync(string newDebtor, SplitAnswer begun)
    {
        if (begun.UnderWay.Length > 0)
        {
            var received = await Debtor(newDebtor).Receive(Key.Debtor);
            await Debtor(Key.Debtor).EndSplit(newDebtor, received.Done);
            if (received.Fault is { } refused) return Refused(refused);
        }

        await Debtor(newDebtor).OpenSplit();
        return new ItemAnswer(Done: true, begun.Duplicate, null);
    }

    private IDebtorGrain Debtor(string id) => GrainFactory.GetGrain<IDebtorGrain>(new RowKey(Key.Tenant, id).Text);

    private static ItemAnswer Refused(Fault fault) => new(Done: false, Duplicate: false, fault);
}
