using System.Collections.Immutable;
using NodaTime;
using Scheduler.Storage;

namespace Scheduler.Grains.Rules;

/// <summary>A change as it was recorded: who, why, when.</summary>
public sealed record Recorded<T>(T Value, string Actor, string Reason, Instant At);

/// <summary>Every version of the rows of the policy, newest first.</summary>
public sealed class PolicyHistory(ISettingsStore settings)
{
    /// <summary>Lists of a tenant's own, or of everybody when empty.</summary>
    public Task<ImmutableArray<Recorded<PolicyList>>> ListsAsync(string tenant, CancellationToken cancellationToken) =>
        ReadAsync(PolicyRows.ForcePrefix + PolicyRows.TenantOf(tenant), PolicyRows.ReadList, cancellationToken);

    public Task<ImmutableArray<Recorded<ClosedDateList>>> DatesAsync(string tenant, CancellationToken cancellationToken) =>
        ReadAsync(PolicyRows.ClosedPrefix + PolicyRows.TenantOf(tenant), PolicyRows.ReadDates, cancellationToken);

    /// <summary>Tenants with a list of their own.</summary>
    public async Task<ImmutableHashSet<string>> TenantsAsync(CancellationToken cancellationToken) =>
        [.. (await settings.ListSettingsAsync(PolicyRows.ForcePrefix, cancellationToken)).Select(static row => row.Key[PolicyRows.ForcePrefix.Length..])];

    public Task<ReplanProgress?> ReplanAsync(CancellationToken cancellationToken) => Replanner.ReadProgressAsync(settings, cancellationToken);

    private async Task<ImmutableArray<Recorded<T>>> ReadAsync<T>(string key, Func<SettingRow, T> read, CancellationToken cancellationToken) =>
        [.. (await settings.ListSettingVersionsAsync(key, cancellationToken)).Select(row => new Recorded<T>(read(row), row.Actor, row.Reason, Instant.FromUnixTimeMilliseconds(row.At)))];
}
