using System.Text;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Debtors;

/// <summary>
/// Rows of which nothing can be decided, because they cannot be read: taken out of the due index and listed as they are, and put back by an operator.
/// What is said of them stands in a settings row, since their own log cannot be continued.
/// </summary>
public sealed class UnreadableRows(
    IDebtorStore store, ILaneCatalogue lanes, ISettingsStore settings, WriteIds ids, FaultLedger faults, TimeProvider clock, ContactCounters counters)
{
    private const string SettingPrefix = "quarantine/";
    private const int PageSize = 500;

    /// <summary>Reading it failed once more; after several times in a row it leaves the due index.</summary>
    public async Task CountAsync(DebtorRow row, Exception failure)
    {
        var count = faults.Add(row.Key.Text);
        if (count < FaultLedger.Limit || (row.DueAt is null && await FindAsync(row.Key, CancellationToken.None) is not null)) return;
        await SetAsideAsync(row, new Quarantine(QuarantineReasons.StateUnreadable, clock.Now(), count, failure.GetType().Name));
    }

    public async Task SetAsideAsync(DebtorRow row, Quarantine why)
    {
        var answer = await store.WriteAsync(Unchanged(row) with { AddedLinks = [StandingLinks.LinkOf(why)] });
        if (!answer.IsCommitted) return;
        faults.Clear(row.Key.Text);
        counters.Add(CounterNames.Quarantined);
    }

    /// <summary>Back into the due index, or left where it is; recorded in either case. False: it is not set aside.</summary>
    public async Task<bool> ResolveAsync(RowKey key, bool isReleased, string actor, string reason, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is not { } link || await store.ReadAsync(key, cancellationToken) is not { } row) return false;
        var setting = SettingPrefix + key.Text;
        var known = await settings.ReadSettingAsync(setting, cancellationToken);
        var said = new SettingWrite(setting, known?.Version ?? 0, Encoding.UTF8.GetBytes(isReleased ? "released" : "kept"), actor, reason, clock.Now().ToUnixTimeMilliseconds());
        if (await settings.WriteSettingAsync(said, cancellationToken) is null) throw new StorageUnavailableException("Somebody else decides about the debtor; repeat it.");
        if (!isReleased) return true;
        faults.Clear(key.Text);
        var lane = await lanes.GetOrAddLaneAsync(LaneNames.Of(key.Tenant, Wake.None), cancellationToken);
        var write = Unchanged(row) with { Lane = lane, DueAt = clock.Now().ToUnixTimeMilliseconds(), RemovedLinks = [new DebtorLink(LinkKind.Quarantined, link.Key)] };
        if (!(await store.WriteAsync(write, cancellationToken)).IsCommitted) throw new StorageUnavailableException("The row was written meanwhile; repeat it.");
        return true;
    }

    /// <summary>The row as it is, out of the due index. Its accounts are counted as they were: what they are now nobody can read.</summary>
    private DebtorWrite Unchanged(DebtorRow row)
    {
        var tally = new DebtorTally(row.Phase, 0, 0, 0, 0, 0);
        return new DebtorWrite
        {
            Key = row.Key,
            ExpectedVersion = row.Version,
            WriteId = ids.Next(),
            State = row.State,
            PrevEventSeq = row.LastEventSeq,
            TallyBefore = tally,
            Tally = tally,
        };
    }

    private async Task<LinkRow?> FindAsync(RowKey key, CancellationToken cancellationToken)
    {
        LinkRow? after = null;
        while (true)
        {
            var page = await store.ListLinksAsync(key.Tenant, LinkKind.Quarantined, after, PageSize, cancellationToken);
            foreach (var link in page)
            {
                if (link.Debtor == key) return link;
            }

            if (page.Count < PageSize) return null;
            after = page[^1];
        }
    }
}
