using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.Grains.Debtors;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;

namespace Scheduler.Grains.Rules;

/// <summary>What is tried: the versions that would be in force for the tenant.</summary>
/// <param name="SampleRatio">Share of the slices that is looked at, from 0 to 1.</param>
public sealed record DryRunOrder(string Tenant, ImmutableArray<string> Versions, double SampleRatio, int ExampleLimit);

/// <summary>One debtor whose verdict would change.</summary>
public sealed record DryRunExample(string Debtor, Verdict? Before, Verdict? After);

/// <summary>What an activation would change, as far as it was looked at.</summary>
public sealed class DryRunCount
{
    public long Examined { get; set; }

    public long Denied { get; set; }

    public long Permitted { get; set; }

    public long Earlier { get; set; }

    public long Later { get; set; }

    public long Revoked { get; set; }

    /// <summary>By the rule that would refuse.</summary>
    public SortedDictionary<string, long> DeniedBy { get; } = new(StringComparer.Ordinal);

    /// <summary>By the rule that refuses now.</summary>
    public SortedDictionary<string, long> PermittedBy { get; } = new(StringComparer.Ordinal);

    /// <summary>Rules that would let more through: they are gone, or a debtor that they stop would be contacted, or sooner.</summary>
    public SortedSet<string> Widening { get; } = new(StringComparer.Ordinal);

    public List<DryRunExample> Examples { get; } = [];

    /// <summary>Rules of packs that would not be in force as they are: only these can let more through than before.</summary>
    internal HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

    internal void Widens(string rule)
    {
        if (Changed.Contains(rule)) Widening.Add(rule);
    }
}

/// <summary>Decides every debtor of a tenant twice, by the rules in force and by those that are tried. Writes nothing and wakes nobody.</summary>
public sealed class PolicyDryRun(ISchedulerStore store, RuleBook rules, PolicyHistory history, TimeProvider clock, KeyRing keys)
{
    private const int PageRows = 1_000;

    /// <param name="progress">Told after each page; the count goes on changing afterwards.</param>
    /// <exception cref="RulePacks.PackFormatException">Versions that cannot be in force together.</exception>
    public async Task<DryRunCount> RunAsync(DryRunOrder order, Func<DryRunCount, Task> progress, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var before = rules.For(order.Tenant, now).Context;
        var after = await rules.TryOutAsync(order.Tenant, order.Versions, cancellationToken);
        var others = order.Tenant.Length == 0 ? await history.TenantsAsync(cancellationToken) : [];
        var count = new DryRunCount();
        foreach (var gone in RuleIds(before.Policy.Packs).Except(RuleIds(after.Policy.Packs))) count.Widening.Add(gone);
        foreach (var changed in RuleIds(before.Policy.Packs.Where(pack => !after.Policy.Packs.Any(other => other.Version == pack.Version)))) count.Changed.Add(changed);
        string? position = null;
        do
        {
            var page = await store.Debtors.ScanAsync(position, PageRows, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (row.Phase >= (int)DebtorPhase.Finished || row.Key.Slice >= order.SampleRatio * Storage.DebtorKey.SliceCount) continue;
                if (order.Tenant.Length == 0 ? others.Contains(row.Key.Tenant) : row.Key.Tenant != order.Tenant) continue;
                var state = DebtorGrainStorage.Read(row, keys).State;
                Compare(state, DebtorDecider.Replan(state, before, now), DebtorDecider.Replan(state, after, now), order.ExampleLimit, count);
            }

            position = page.Next;
            await progress(count);
        }
        while (position is not null);
        return count;
    }

    private static void Compare(DebtorState state, Decision<WakeReply> before, Decision<WakeReply> after, int exampleLimit, DryRunCount count)
    {
        count.Examined++;
        if (after.Effects.Any(static e => e is Effect.Revoked) && !before.Effects.Any(static e => e is Effect.Revoked)) count.Revoked++;
        var (was, willBe) = (before.Reply.Offer is not null, after.Reply.Offer is not null);
        if (was != willBe)
        {
            if (was) count.Denied += One(count.DeniedBy, ReasonOf(after.Reply));
            else count.Permitted += One(count.PermittedBy, ReasonOf(before.Reply));
            if (willBe) count.Widens(ReasonOf(before.Reply));
            if (count.Examples.Count < exampleLimit) count.Examples.Add(new DryRunExample(state.Key.Debtor, before.Reply.Verdict, after.Reply.Verdict));
            return;
        }

        var (wakesAt, wouldWakeAt) = (before.Reply.WakeAt ?? Instant.MaxValue, after.Reply.WakeAt ?? Instant.MaxValue);
        if (wouldWakeAt == wakesAt) return;
        if (wouldWakeAt > wakesAt)
        {
            count.Later++;
            return;
        }

        count.Earlier++;
        count.Widens(ReasonOf(before.Reply));
    }

    private static string ReasonOf(WakeReply reply) => reply.Verdict is { IsPermit: false } verdict ? verdict.RuleId : reply.Wake.Reason;

    private static int One(SortedDictionary<string, long> by, string rule)
    {
        by[rule] = by.GetValueOrDefault(rule) + 1;
        return 1;
    }

    private static IEnumerable<string> RuleIds(IEnumerable<RulePack> packs) => packs.SelectMany(static pack => pack.Rules).Select(static rule => rule.Id);
}
