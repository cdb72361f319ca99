using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Packs;

/// <summary>Where a pack applies. Empty strings and null ask for nothing; a part of the debtor's place that is not known never excludes a pack.</summary>
public sealed record PackScope(string Country, string Region, string Municipality, ContactChannel? Channel)
{
    /// <summary>The pack of a region or municipality says all that its country asks, so that no other is needed there.</summary>
    public bool StandsAlone { get; init; }

    /// <summary>Applies in every place that no other pack speaks for.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Where it applies surely, contact is not forbidden for want of a pack: it speaks for a country as a whole or stands alone.</summary>
    public bool IsAuthority =>
        Channel is null && (IsElsewhere || (Country.Length > 0 && (StandsAlone || (Region.Length == 0 && Municipality.Length == 0))));

    /// <summary>May apply. A pack for elsewhere never excludes a place by itself: that depends on the other packs.</summary>
    public bool Covers(ZoneCandidate candidate) =>
        Asks(Country, candidate.Country) && Asks(Region, candidate.Region) && Asks(Municipality, candidate.Municipality);

    /// <summary>Applies whatever else becomes known of the place.</summary>
    public bool CoversSurely(ZoneCandidate candidate) =>
        (Country.Length == 0 || Country == candidate.Country) && (Region.Length == 0 || Region == candidate.Region)
        && (Municipality.Length == 0 || Municipality == candidate.Municipality);

    private static bool Asks(string asked, string known) => asked.Length == 0 || known.Length == 0 || asked == known;
}

/// <summary>Rules of one jurisdiction or platform in one mode, compiled and immutable.</summary>
public sealed record RulePack
{
    /// <summary>"CO.strict", "US".</summary>
    public required string Id { get; init; }

    /// <summary>Id and digest of the text it was compiled from; kept with each decision.</summary>
    public required string Version { get; init; }

    public required PackScope Applies { get; init; }

    /// <summary>Only adds rules to those of other packs: it makes no country known and lifts nobody else's rule or hold.</summary>
    public bool IsOverlay { get; init; }

    /// <summary>Speaks for the places that it surely covers: where it is in force, contact is not forbidden for want of a pack.</summary>
    public bool IsAuthority => Applies.IsAuthority && !IsOverlay;

    public LocalDate? ValidFrom { get; init; }

    public LocalDate? ValidTo { get; init; }

    public ImmutableArray<Rule> Rules { get; init; } = [];

    public ImmutableArray<RuleException> Exceptions { get; init; } = [];
}
