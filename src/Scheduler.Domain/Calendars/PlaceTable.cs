using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Scheduler.Domain.Calendars;

/// <summary>A place that a hint can point at. No zones: those of its region, or of its whole country.</summary>
/// <param name="Region">Code of the region without the country ("NY"); empty if the hint says no more than the country.</param>
public sealed record Place(string Country, string Region, ImmutableArray<string> Zones)
{
    /// <summary>Municipality where the hint says as much; a code that no pack asks for tells that it is none of theirs.</summary>
    public string Municipality { get; init; } = "";

    /// <summary>Municipalities of a region whose zones are not those of the rest, by code.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Municipalities { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Zones of one municipality; all that the region has where the municipality is not known.</summary>
    public ImmutableArray<string> ZonesOf(string municipality) =>
        Municipalities.IsEmpty ? Zones
        : municipality.Length > 0 ? Municipalities.GetValueOrDefault(municipality, Zones)
        : [.. Zones.Concat(Municipalities.Values.SelectMany(zones => zones)).Distinct()];
}

/// <summary>
/// Which places countries, regions and telephone prefixes point at. Data, read with the packs; the zones of a country that lists no
/// regions come from the time zone database itself.
/// </summary>
public sealed class PlaceTable
{
    public static readonly PlaceTable Empty = new(new Dictionary<string, Place>(), new Dictionary<string, ImmutableArray<Place>>(), new Dictionary<string, Place>());

    private readonly FrozenDictionary<string, ImmutableArray<Place>>.AlternateLookup<ReadOnlySpan<char>> _prefixes;
    private readonly int _longestPrefix;
    private readonly FrozenDictionary<string, int> _municipalityDigits;
    private readonly FrozenSet<string> _countriesWithRegions;

    /// <param name="regions">By "US-NY".</param>
    /// <param name="prefixes">By the digits after the plus sign.</param>
    /// <param name="aliases">Country codes that are regions of another country: "PR" is US, PR.</param>
    /// <param name="municipalityDigits">By country, how many digits its codes of municipalities have; a country that is not there has no fixed form.</param>
    public PlaceTable(
        IReadOnlyDictionary<string, Place> regions,
        IReadOnlyDictionary<string, ImmutableArray<Place>> prefixes,
        IReadOnlyDictionary<string, Place> aliases,
        IReadOnlyDictionary<string, int>? municipalityDigits = null)
    {
        _municipalityDigits = (municipalityDigits ?? new Dictionary<string, int>()).ToFrozenDictionary();
        _countriesWithRegions = regions.Values.Select(region => region.Country).ToFrozenSet();
        Regions = regions.ToFrozenDictionary();
        Aliases = aliases.ToFrozenDictionary();
        Prefixes = prefixes.ToFrozenDictionary();
        _prefixes = Prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        _longestPrefix = Prefixes.Count == 0 ? 0 : Prefixes.Keys.Max(key => key.Length);
    }

    public FrozenDictionary<string, Place> Regions { get; }

    public FrozenDictionary<string, Place> Aliases { get; }

    public FrozenDictionary<string, ImmutableArray<Place>> Prefixes { get; }

    /// <summary>Places of postal codes, by country, a dash and the first characters of the code.</summary>
    public FrozenDictionary<string, ImmutableArray<Place>> Postal { get; init; } = FrozenDictionary<string, ImmutableArray<Place>>.Empty;

    private const int LongestPostal = 5;

    /// <summary>The region's code, or empty where the country lists its regions and this is none of them: a code that is misspelt says nothing.</summary>
    public string RegionOf(string country, string code) => !_countriesWithRegions.Contains(country) || Regions.ContainsKey($"{country}-{code}") ? code : "";

    /// <summary>The municipality's code, or empty where it is not of the form that codes of the country have.</summary>
    public string MunicipalityOf(string country, string code) =>
        !_municipalityDigits.TryGetValue(country, out var digits) || (code.Length == digits && code.All(char.IsAsciiDigit)) ? code : "";

    /// <summary>Places of the longest known beginning of a postal code; empty if it says nothing.</summary>
    public ImmutableArray<Place> OfPostal(string country, ReadOnlySpan<char> code, out int prefixLength)
    {
        prefixLength = 0;
        if (country.Length == 0 || code.IsEmpty || Postal.Count == 0) return [];
        Span<char> key = stackalloc char[country.Length + 1 + LongestPostal];
        country.CopyTo(key);
        key[country.Length] = '-';
        var postal = Postal.GetAlternateLookup<ReadOnlySpan<char>>();
        for (prefixLength = Math.Min(LongestPostal, code.Length); prefixLength > 0; prefixLength--)
        {
            code[..prefixLength].CopyTo(key[(country.Length + 1)..]);
            if (postal.TryGetValue(key[..(country.Length + 1 + prefixLength)], out var places)) return places;
        }

        return [];
    }

    /// <summary>Places of the longest known prefix of an E.164 number; empty if the number says nothing.</summary>
    public ImmutableArray<Place> OfNumber(string address, out int prefixLength)
    {
        prefixLength = 0;
        if (address.Length < 2 || address[0] != '+') return [];
        var digits = address.AsSpan(1);
        for (prefixLength = Math.Min(_longestPrefix, digits.Length); prefixLength > 0; prefixLength--)
        {
            if (_prefixes.TryGetValue(digits[..prefixLength], out var places)) return places;
        }

        return [];
    }
}
