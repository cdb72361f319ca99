using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>A rule and the pack that it stands in, with what is asked of its conditions at every verdict.</summary>
internal sealed record BoundRule(Rule Rule, RulePack Pack)
{
    public bool IsConditional { get; } = !ReferenceEquals(Rule.When, FactFilter.Always);

    public bool AsksAccount { get; } = Rule.When.AsksAccount;

    /// <summary>The commonest condition, asked without the others; null where more is asked.</summary>
    public CodeSet? OnlyCollectors { get; } = Rule.When == new FactFilter { Missing = MissingFact.Matches, Collectors = Rule.When.Collectors } ? Rule.When.Collectors : null;

    /// <summary>For rules that count, whether they count each combination of facts.</summary>
    public ulong[] Counted { get; } = Rule is Rule.Counter counter ? counter.Counts.Facts.Table() : [];

    public bool ChangesDaily { get; } = Rule.When.ChangesDaily;

    /// <summary>False for what the base rules have judged already, and for demands that gateways keep.</summary>
    public bool IsJudged => Rule is not (Rule.MediumOptOut or Rule.OnHold or Rule.Demand);
}

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

    /// <summary>Rules that may stop a contact through the channel for the purpose; found once, by the first to ask.</summary>
    private readonly BoundRule[]?[] _governing = new BoundRule[ChannelCount * PurposeCount][];

    private const int ChannelCount = 16;
    private const int PurposeCount = 16;

    /// <summary>For each place the debtor may be in, the packs that speak for it. An empty entry: a place without a pack.</summary>
    public required ImmutableArray<ImmutableArray<RulePack>> Authorities { get; init; }

    public ReadOnlySpan<BoundRule> Governing(ContactChannel channel, ContactPurpose purpose)
    {
        var index = (((int)channel % ChannelCount) * PurposeCount) + ((int)purpose % PurposeCount);
        return _governing[index] ??= FindGoverning(channel, purpose);
    }

    private BoundRule[] FindGoverning(ContactChannel channel, ContactPurpose purpose) =>
        [.. Rules.Where(bound => bound.IsJudged && bound.Rule.Governs.Governs(channel, purpose, PointPlace.Unknown))];
}

/// <summary>Keeps the place with the state it was derived from; copies of the state share it for as long as their hints are the same.</summary>
internal struct PlaceMemo : IEquatable<PlaceMemo>
{
    public ResolvedPlace? Value;

    public readonly bool Equals(PlaceMemo other) => true;

    public override readonly bool Equals(object? obj) => obj is PlaceMemo;

    public override readonly int GetHashCode() => 0;
}
