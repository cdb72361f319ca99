using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Storage;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Merging;

/// <summary>Closes the one, has the other take it in, makes the one an alias. Neither debtor calls back, so nothing can wait in a circle.</summary>
[GrainType("merge")]
public sealed class MergeGrain : Grain, IMergeGrain
{
    /// <summary>Aliases of aliases that are followed.</summary>
    private const int AliasLimit = 8;

    private static readonly Fault Circular = new(RefusalReasons.Invalid, "The debtor that is to remain is an alias of the other.", "surviving_debtor_id");

    private RowKey Key => RowKey.Parse(this.GetPrimaryKeyString());

    public async Task<ItemAnswer> Merge(string into)
    {
        var survivor = into;
        var passed = new List<string>();
        for (var hop = 0; ; hop++)
        {
            var standing = await Debtor(survivor).GetStanding();
            if (!standing.Found) return Refused(Answers.NoDebtor with { Field = "surviving_debtor_id" });
            if (standing.AliasOf.Length == 0) break;
            passed.Add(survivor);
            survivor = standing.AliasOf;
            if (survivor == Key.Debtor || hop == AliasLimit) return Refused(Circular);
        }

        var answer = await LeadAsync(survivor);
        if (answer.Fault?.Reason != RefusalReasons.AlreadyMerged) return answer;

        // Whom it went into has itself been merged since: the repeat of what was done is a repeat.
        foreach (var former in passed)
        {
            if (await Debtor(Key.Debtor).BeginMerge(former) is { Fault: null, IsAlias: true }) return new ItemAnswer(Done: true, Duplicate: true, null);
        }

        return answer;
    }

    public async Task Resume() => await LeadAsync("");

    private async Task<ItemAnswer> LeadAsync(string survivor)
    {
        var own = Debtor(Key.Debtor);
        var begun = await own.BeginMerge(survivor);
        if (begun.Fault is { } fault) return Refused(fault);
        if (begun.IsAlias) return new ItemAnswer(Done: true, Duplicate: true, null);
        var absorbed = await Debtor(begun.Into).Absorb(Key.Debtor);
        await own.EndMerge(absorbed.Done);
        return absorbed.Fault is { } refused ? Refused(refused) : new ItemAnswer(Done: true, Duplicate: false, null);
    }

    private IDebtorGrain Debtor(string id) => GrainFactory.GetGrain<IDebtorGrain>(new RowKey(Key.Tenant, id).Text);

    private static ItemAnswer Refused(Fault fault) => new(Done: false, Duplicate: false, fault);
}
