using System.Collections.Immutable;
using System.Globalization;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Operations;

/// <summary>Sums the store's tally, the due index by lane, the ready queues and the counters.</summary>
public sealed class SchedulerStatistics(ISchedulerStore store, IGrainFactory grains, TimeProvider clock, ContactCounters counters) : ISchedulerStatistics
{
    public async Task<SchedulerCounts> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var counts = await ReadCountsAsync(tenant, cancellationToken);
        return counts with { EventCount = await store.Events.CountAsync(cancellationToken) };
    }

    /// <summary>All tenants together; the log is not counted.</summary>
    public Task<SchedulerCounts> ReadAllAsync(CancellationToken cancellationToken) => ReadCountsAsync(null, cancellationToken);

    private async Task<SchedulerCounts> ReadCountsAsync(string? tenant, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var tally = await store.Debtors.ReadTallyAsync(tenant, cancellationToken);
        var lanes = (await store.Lanes.ListLanesAsync(cancellationToken)).Where(l => tenant is null || l.Key.Tenant == tenant).ToDictionary(static l => l.Lane);
        var due = (await store.Due.CountDueAsync(now.ToUnixTimeMilliseconds(), cancellationToken)).Where(b => lanes.ContainsKey(b.Lane)).ToList();
        return new SchedulerCounts
        {
            AsOf = now.ToDateTimeOffset(),
            DebtorsByState = tally.Debtors.ToImmutableSortedDictionary(static d => NameOf((DebtorPhase)d.Key), static d => d.Value, StringComparer.Ordinal),
            AccountsIn = tally.AccountsIn,
            AccountsByPlace = ImmutableSortedDictionary<string, long>.Empty
                .Add("waiting", tally.Waiting).Add("leased", tally.Leased).Add("refused", tally.Refused).Add("finished", tally.Finished),
            ConservationDifference = tally.AccountsIn - tally.Waiting - tally.Leased - tally.Refused - tally.Finished,
            DueCount = due.Sum(static b => b.Count),
            OldestDueAt = due.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(due.Min(static b => b.OldestDueAt)),
            ReadyByChannel = await ReadReadyAsync(lanes.Values),
            EventCount = 0,
            Counters = counters.Read(),
        };
    }

    private async Task<ImmutableSortedDictionary<string, long>> ReadReadyAsync(IEnumerable<LaneRow> lanes)
    {
        var ready = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var name in lanes.Select(static l => l.Key.Channel).Distinct(StringComparer.Ordinal))
        {
            if (name == LaneNames.Upkeep) continue;
            ready["CONTACT_CHANNEL_" + name.ToUpperInvariant()] = await grains.GetGrain<IReadyQueueGrain>(name).Count();
        }

        return ready.ToImmutable();
    }

    private static string NameOf(DebtorPhase phase) => string.Create(CultureInfo.InvariantCulture, $"DEBTOR_STATE_{phase.ToString().ToUpperInvariant()}");
}
