using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>A rule and the pack that it stands in.</summary>
internal readonly record struct BoundRule(Rule Rule, RulePack Pack);

/// <summary>Where one debtor may be under one policy, and the rules that apply there, cheapest and most final first.</summary>
internal sealed class ResolvedPlace
{
    public required PolicySnapshot Policy { get; init; }

    public required ImmutableArray<LocationEvidence> Locations { get; init; }

    public required ImmutableArray<ContactPoint> Points { get; init; }

    public required ZoneCandidates Candidates { get; init; }

    public required PackSelection Selection { get; init; }

    public bool IsOf(DebtorState debtor, PolicySnapshot policy) =>
        ReferenceEquals(Policy, policy) && Locations == debtor.Profile.Locations && Points == debtor.Points;
}

/// <summary>Packs that apply to a place; one object for every debtor of the same place.</summary>
internal sealed record PackSelection
{
    public required ImmutableArray<RulePack> Packs { get; init; }

    public required BoundRule[] Rules { get; init; }

    /// <summary>For each country the debtor may be in, the packs of that country as a whole. An empty entry: a country without a pack.</summary>
    public required ImmutableArray<ImmutableArray<RulePack>> CountryPacks { get; init; }
}

/// <summary>Keeps the place with the state it was derived from; copies of the state share it for as long as their hints are the same.</summary>
internal struct PlaceMemo : IEquatable<PlaceMemo>
{
    public ResolvedPlace? Value;

    public readonly bool Equals(PlaceMemo other) => true;

    public override readonly bool Equals(object? obj) => obj is PlaceMemo;

    public override readonly int GetHashCode() => 0;
}
