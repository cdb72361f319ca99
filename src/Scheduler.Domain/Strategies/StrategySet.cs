using System.Collections.Frozen;
using System.Collections.Immutable;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Strategies;

/// <summary>The strategies in force: looked up by id, by version and by country.</summary>
/// <remarks>Threading: immutable. Swapped whole when a version is activated; former versions stay for the plans that run on them.</remarks>
public sealed class StrategySet
{
    public static readonly StrategySet Empty = new([]);

    private const string AnyCountry = "*";

    private readonly FrozenDictionary<string, Strategy> _byId;
    private readonly FrozenDictionary<string, Strategy> _byVersion;
    private readonly FrozenDictionary<string, Strategy> _byCountry;

    /// <param name="strategies">Of one id the highest version is in force; the others are kept for running plans.</param>
    public StrategySet(ImmutableArray<Strategy> strategies)
    {
        All = strategies;
        var byId = new Dictionary<string, Strategy>(StringComparer.Ordinal);
        var byVersion = new Dictionary<string, Strategy>(StringComparer.Ordinal);
        foreach (var strategy in strategies)
        {
            byVersion[strategy.VersionId] = strategy;
            if (!byId.TryGetValue(strategy.Id, out var other) || other.Version < strategy.Version) byId[strategy.Id] = strategy;
        }

        var byCountry = new Dictionary<string, Strategy>(StringComparer.Ordinal);
        foreach (var strategy in byId.Values.OrderBy(static s => s.Id, StringComparer.Ordinal))
        {
            foreach (var country in strategy.DefaultFor) byCountry.TryAdd(country, strategy);
        }

        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
        _byVersion = byVersion.ToFrozenDictionary(StringComparer.Ordinal);
        _byCountry = byCountry.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public ImmutableArray<Strategy> All { get; }

    public Strategy? Find(string id) => _byId.GetValueOrDefault(id);

    public Strategy? FindVersion(string versionId) => _byVersion.GetValueOrDefault(versionId);

    public Step? FindStep(string versionId, string stepId)
    {
        if (FindVersion(versionId) is not { } strategy) return null;
        foreach (var step in strategy.Steps)
        {
            if (step.Id == stepId) return step;
        }

        return null;
    }

    /// <summary>The step as a lease of it in this channel was made: see <see cref="Strategy.InChannel"/>.</summary>
    public Step? FindStep(string versionId, string stepId, ContactChannel channel) =>
        FindStep(versionId, stepId) is { } step ? FindVersion(versionId)!.InChannel(step, channel) : null;

    /// <summary>The strategy of the country, else the one that is everybody's default, else null.</summary>
    public Strategy? DefaultOf(string country) => _byCountry.GetValueOrDefault(country) ?? _byCountry.GetValueOrDefault(AnyCountry);
}
