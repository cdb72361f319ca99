using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Sharing;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;
using DomainKey = Scheduler.Domain.Debtors.DebtorKey;

namespace Scheduler.Grains.Rules;

/// <summary>What is tried: the versions that would be in force for the tenant.</summary>
/// <param name="SampleRatio">Share of the slices that is looked at, from 0 to 1.</param>
public sealed record DryRunOrder(string Tenant, ImmutableArray<string> Versions, double SampleRatio, int ExampleLimit);

/// <summary>Decides every debtor of a tenant twice, by the rules in force and by those that are tried. Writes nothing and wakes nobody.</summary>
public sealed class PolicyDryRun(ISchedulerStore store, RuleBook rules, PolicyHistory history, TimeProvider clock, KeyRing keys)
{
    private const int PageRows = 1_000;

    /// <param name="order">What is tried, on whom.</param>
    /// <param name="progress">Told after each page; the count goes on changing afterwards.</param>
    /// <exception cref="RulePacks.PackFormatException">Versions that cannot be in force together.</exception>
    public async Task<DryRunCount> RunAsync(DryRunOrder order, Func<DryRunCount, Task> progress, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var trial = new Trial(order, rules, await rules.TryOutAsync(order.Tenant, order.Versions, cancellationToken), now);
        var others = order.Tenant.Length == 0 ? await history.TenantsAsync(cancellationToken) : [];
        var count = trial.Begin();
        string? position = null;
        do
        {
            var page = await store.Debtors.ScanAsync(position, PageRows, cancellationToken);
            var sharing = new SharedReading(store.Shared);
            foreach (var row in page.Rows)
            {
                if (row.Phase >= (int)DebtorPhase.Finished || row.Key.Slice >= order.SampleRatio * Storage.DebtorKey.SliceCount) continue;
                if (order.Tenant.Length == 0 ? others.Contains(row.Key.Tenant) : row.Key.Tenant != order.Tenant) continue;
                var (before, after) = await trial.RulesAsync(row.Key.Tenant, cancellationToken);
                try
                {
                    var state = DebtorGrainStorage.Read(row, keys).State;
                    var shared = await sharing.OthersAsync(state, before.Policy, now.ToDateTimeOffset(), cancellationToken);
                    var seen = state.SharedScopes.IsEmpty ? shared : await sharing.OthersAsync(state, after.Policy, now.ToDateTimeOffset(), cancellationToken);
                    var was = DebtorDecider.Replan(state, before with { Shared = shared }, now);
                    var willBe = DebtorDecider.Replan(state, after with { Shared = seen }, now);
                    count.Compare(was, willBe, order.ExampleLimit, () => new DryRunExample(
                        state.Key, was.Reply.Verdict, willBe.Reply.Verdict, before.Policy.PackVersionsOf(state), after.Policy.PackVersionsOf(state)));
                }
                catch (Exception failure) when (UnreadableRow.IsTold(failure))
                {
                    count.Skip(new DomainKey(row.Key.Tenant, row.Key.Debtor));
                }
            }

            position = page.Next;
            await progress(count);
        }
        while (position is not null);
        return count;
    }

    /// <summary>
    /// The rules in force and those that are tried, tenant by tenant: who takes the list of everybody may have closed dates of its own.
    /// </summary>
    private sealed class Trial(DryRunOrder order, RuleBook rules, DecisionContext tried, Instant now)
    {
        private readonly DecisionContext _inForce = rules.For(order.Tenant, now).Context;
        private readonly Dictionary<string, (DecisionContext Before, DecisionContext After)> _byTenant = new(StringComparer.Ordinal);

        public DryRunCount Begin()
        {
            var count = new DryRunCount();
            foreach (var gone in RuleIds(_inForce.Policy.Packs).Except(RuleIds(tried.Policy.Packs))) count.Widening.Add(gone);
            foreach (var changed in RuleIds(_inForce.Policy.Packs.Where(pack => !tried.Policy.Packs.Any(other => other.Version == pack.Version)))) count.Changed.Add(changed);
            return count;
        }

        public async ValueTask<(DecisionContext Before, DecisionContext After)> RulesAsync(string tenant, CancellationToken cancellationToken)
        {
            if (_byTenant.TryGetValue(tenant, out var known)) return known;
            var before = rules.For(tenant, now).Context;
            var isOwn = order.Tenant.Length == 0 && !ReferenceEquals(before, _inForce);
            var pair = isOwn ? (before, await rules.TryOutAsync(tenant, order.Versions, cancellationToken)) : (_inForce, tried);
            _byTenant.Add(tenant, pair);
            return pair;
        }

        private static IEnumerable<string> RuleIds(IEnumerable<RulePack> packs) => packs.SelectMany(static pack => pack.Rules).Select(static rule => rule.Id);
    }
}
