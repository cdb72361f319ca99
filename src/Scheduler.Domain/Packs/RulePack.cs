using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Packs;

/// <summary>Where a pack applies. Empty strings and null ask for nothing; a part of the debtor's place that is not known never excludes a pack.</summary>
public sealed record PackScope(string Country, string Region, string Municipality, ContactChannel? Channel)
{
    /// <summary>A pack of a country as a whole makes that country known.</summary>
    public bool IsWholeCountry => Country.Length > 0 && Region.Length == 0 && Municipality.Length == 0 && Channel is null;

    public bool Covers(ZoneCandidate candidate) =>
        Asks(Country, candidate.Country) && Asks(Region, candidate.Region) && Asks(Municipality, candidate.Municipality);

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

    public LocalDate? ValidFrom { get; init; }

    public LocalDate? ValidTo { get; init; }

    public ImmutableArray<Rule> Rules { get; init; } = [];

    public ImmutableArray<RuleException> Exceptions { get; init; } = [];
}
