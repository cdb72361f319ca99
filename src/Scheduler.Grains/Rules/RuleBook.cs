using System.Collections.Frozen;
using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Strategies;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Recovery;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;

namespace Scheduler.Grains.Rules;

/// <summary>The packs and strategies that this process decides by: tenant by tenant, compiled once per policy epoch from the stored lists.</summary>
/// <remarks>Threading: any; everything is swapped whole. Failure: a list that cannot be compiled leaves the former epoch in place, and nothing is leased.</remarks>
public sealed class RuleBook(PackArchive archive, ISettingsStore settings, IEpochStore epochs, StrategySet strategies, LeaseTerms terms, PauseBoard pauses, ClockGuard? guard = null)
    : IRuleSource, IDisposable
{
    private readonly SemaphoreSlim _oneRefresh = new(1, 1);
    private Edition _edition = Edition.Empty;

    public PackArchive Archive => archive;

    public RulesInForce Current => Guarded(Volatile.Read(ref _edition).Everybody.Now ?? throw new InvalidOperationException("The rules were not loaded."));

    public RulesInForce For(string tenant, Instant now)
    {
        var edition = Volatile.Read(ref _edition);
        var rules = edition.ByTenant.GetValueOrDefault(tenant, edition.Everybody);
        // The edition first: whoever decides by its epoch knows every pause that it stands for.
        return Guarded(pauses.Over(rules.IsDue(now) ? rules.Next! : rules.Now!));
    }

    public long ReplanEpoch => Volatile.Read(ref _edition).ChangedAt;

    /// <summary>A clock that jumped closes leasing on this node alone, whatever the store says.</summary>
    private RulesInForce Guarded(RulesInForce rules) => guard is null || guard.IsTrusted ? rules : rules with { ClosedFor = ClosedReasons.Clock };

    public bool IsScheduleDue(Instant now)
    {
        var edition = Volatile.Read(ref _edition);
        return edition.Everybody.IsDue(now) || edition.ByTenant.Values.Any(tenant => tenant.IsDue(now));
    }

    public async Task<RulePack?> FindPackAsync(string version, CancellationToken cancellationToken) =>
        await archive.FindAsync(version, cancellationToken) is not null && archive.Shelf.TryRead([version], out var packs, out _) && packs is [{ } pack, ..] ? pack : null;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _oneRefresh.WaitAsync(cancellationToken);
        try
        {
            var stored = await epochs.ReadEpochsAsync(cancellationToken);
            await pauses.RefreshAsync(cancellationToken);
            if (stored == Volatile.Read(ref _edition).Epochs) return;

            // Epochs first, lists afterwards: the lists are at least as new as the epochs say.
            Volatile.Write(ref _edition, await CompileAsync(stored, cancellationToken));
        }
        finally
        {
            _oneRefresh.Release();
        }
    }

    /// <summary>The rules as they would be with another list for the tenant; for dry runs.</summary>
    public async Task<DecisionContext> TryOutAsync(string tenant, ImmutableArray<string> versions, CancellationToken cancellationToken)
    {
        var dates = await ReadAllAsync(PolicyRows.ClosedPrefix, PolicyRows.ReadDates, cancellationToken);
        if (!await archive.FetchAsync(versions, cancellationToken)) throw new PackFormatException([new PackProblem("", 0, 0, "A version is not known.")]);
        return ContextOf(Current.Epochs, await ReadRecoveryAsync(cancellationToken), versions, ClosedIn(dates, PolicyRows.TenantOf(tenant)));
    }

    public void Dispose() => _oneRefresh.Dispose();

    private async Task<Edition> CompileAsync(Epochs stored, CancellationToken cancellationToken)
    {
        var lists = await ReadAllAsync(PolicyRows.ForcePrefix, PolicyRows.ReadList, cancellationToken);
        var dates = await ReadAllAsync(PolicyRows.ClosedPrefix, PolicyRows.ReadDates, cancellationToken);
        foreach (var list in lists.Values) await archive.FetchAsync(list.Versions.Concat(list.Schedule?.Versions ?? []), cancellationToken);
        var recovery = await ReadRecoveryAsync(cancellationToken);
        var tenants = lists.Keys.Concat(dates.Keys).Where(static tenant => tenant != PolicyRows.Everybody).Distinct(StringComparer.Ordinal);
        var changedAt = lists.Values.Select(static list => list.Epoch).Concat(dates.Values.Select(static list => list.Epoch)).DefaultIfEmpty().Max();
        return new Edition(
            stored,
            Math.Max(changedAt, pauses.RevokingEpoch),
            Compile(stored, recovery, lists, dates, PolicyRows.Everybody),
            tenants.ToFrozenDictionary(static tenant => tenant, tenant => Compile(stored, recovery, lists, dates, tenant), StringComparer.Ordinal));
    }

    private TenantRules Compile(Epochs stored, RecoveryState recovery, Dictionary<string, PolicyList> lists, Dictionary<string, ClosedDateList> dates, string tenant)
    {
        var list = lists.GetValueOrDefault(tenant) ?? lists.GetValueOrDefault(PolicyRows.Everybody) ?? PolicyList.None;
        var closed = ClosedIn(dates, tenant);
        var closedFor = recovery.IsOpen ? ClosedReasons.Recovery : "";
        var next = list.Schedule is { } schedule ? new RulesInForce(ContextOf(stored, recovery, schedule.Versions, closed), stored) { ClosedFor = closedFor } : null;
        var nextAt = list.Schedule?.EffectiveAt ?? Instant.MaxValue;
        var now = ContextOf(stored, recovery, list.Versions, closed) with { RulesEndAt = nextAt };
        return new TenantRules(new RulesInForce(now, stored) { ClosedFor = closedFor }, nextAt, next);
    }

    private DecisionContext ContextOf(Epochs stored, RecoveryState recovery, ImmutableArray<string> versions, IEnumerable<string> closed) =>
        new(archive.Shelf.Compile(stored.Policy, [.. versions, .. closed]), strategies, terms) { Gaps = recovery.Gaps, RecoveryEpoch = stored.Recovery - 1 };

    private async Task<RecoveryState> ReadRecoveryAsync(CancellationToken cancellationToken) =>
        RecoveryState.Read(await settings.ReadSettingAsync(RecoveryState.Key, cancellationToken));

    /// <summary>What everybody has closed binds every tenant; a tenant's own dates come on top.</summary>
    private List<string> ClosedIn(Dictionary<string, ClosedDateList> dates, string tenant)
    {
        var versions = new List<string>();
        foreach (var whose in new[] { PolicyRows.Everybody, tenant }.Distinct())
        {
            if (!dates.TryGetValue(whose, out var list)) continue;
            foreach (var overlay in ClosedDatePacks.Of(whose == PolicyRows.Everybody ? "" : whose, list.Dates))
            {
                archive.Shelf.Add(overlay);
                versions.AddRange(overlay.Versions);
            }
        }

        return versions;
    }

    private async Task<Dictionary<string, T>> ReadAllAsync<T>(string prefix, Func<SettingRow, T> read, CancellationToken cancellationToken) =>
        (await settings.ListSettingsAsync(prefix, cancellationToken)).ToDictionary(row => row.Key[prefix.Length..], read, StringComparer.Ordinal);

    /// <summary>The rules of one tenant, and those that will be from an instant on.</summary>
    private sealed record TenantRules(RulesInForce? Now, Instant NextAt, RulesInForce? Next)
    {
        public bool IsDue(Instant now) => Next is not null && now >= NextAt;
    }

    /// <summary>Everything that was compiled under one pair of epochs.</summary>
    /// <param name="ChangedAt">Policy epoch of the last change that debtors are to be planned anew for: not every pause is one.</param>
    private sealed record Edition(Epochs Epochs, long ChangedAt, TenantRules Everybody, FrozenDictionary<string, TenantRules> ByTenant)
    {
        public static readonly Edition Empty = new(default, 0, new TenantRules(null, Instant.MaxValue, null), FrozenDictionary<string, TenantRules>.Empty);
    }
}
