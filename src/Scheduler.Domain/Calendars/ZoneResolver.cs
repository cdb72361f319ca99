using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using NodaTime;
using NodaTime.TimeZones;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Calendars;

/// <summary>
/// From hints of place to every zone the debtor may be in. Hints that name a zone, region or area stand side by side, none outranks
/// another; a hint that names only a country adds all of its zones, unless a closer hint for the same country is there.
/// </summary>
public sealed class ZoneResolver
{
    private readonly IDateTimeZoneProvider _zones;
    private readonly PlaceTable _places;
    private readonly FrozenDictionary<string, ImmutableArray<string>> _zonesOfCountry;
    private readonly FrozenDictionary<string, string> _countryOfZone;
    private readonly IReadOnlyDictionary<string, string> _canonicalIds;

    /// <summary>One clock per zone, laid out by the first who asks.</summary>
    private readonly ConcurrentDictionary<string, ZoneClock> _clocks = new();

    /// <summary>Most debtors share their hints with others; what was found for some is kept, up to a limit, for all.</summary>
    private readonly ConcurrentDictionary<string, ZoneCandidates> _resolved = new();

    private const int MostResolved = 20_000;

    public ZoneResolver(TzdbDateTimeZoneSource source, PlaceTable places)
    {
        _places = places;
        _zones = source == TzdbDateTimeZoneSource.Default ? DateTimeZoneProviders.Tzdb : new DateTimeZoneCache(source);
        _canonicalIds = source.CanonicalIdMap.ToFrozenDictionary();
        var locations = source.ZoneLocations ?? [];
        _countryOfZone = locations.GroupBy(place => place.ZoneId).ToFrozenDictionary(group => group.Key, group => Real(group.First().CountryCode).Country);
        _zonesOfCountry = locations.Select(place => (Real(place.CountryCode).Country, place.ZoneId))
            .Concat(places.Regions.Values.SelectMany(region => region.ZonesOf("").Select(zone => (region.Country, zone))))
            .GroupBy(pair => pair.Item1)
            .ToFrozenDictionary(group => group.Key, group => group.Select(pair => pair.Item2).Distinct().Order(StringComparer.Ordinal).ToImmutableArray());
        DataVersion = source.TzdbVersion;
    }

    /// <summary>Version of the time zone database, kept with each decision.</summary>
    public string DataVersion { get; }

    /// <summary>Every region that has zones of its own.</summary>
    public IEnumerable<Place> Regions => _places.Regions.Values;

    /// <summary>Nothing known at all, or a zone id that the database does not know: no candidates.</summary>
    public ZoneCandidates Resolve(DebtorProfile profile, ImmutableArray<ContactPoint> points)
    {
        Span<char> buffer = stackalloc char[256];
        var key = new HintKey(buffer);
        foreach (var hint in profile.Locations)
        {
            key.Add(hint);
            if (hint.PostalCode.Length == 0) continue;
            _places.OfPostal(Real(hint.CountryCode, hint.RegionCode).Country, hint.PostalCode, out var known);
            key.Add(hint.PostalCode.AsSpan(0, known));
        }

        foreach (var point in points)
        {
            if (!IsSomebodyElses(point) && !_places.OfNumber(point.Address, out var length).IsEmpty) key.Add(point.Address.AsSpan(1, length));
        }

        if (!key.Fits) return Find(profile, points);
        if (_resolved.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key.Text, out var resolved)) return resolved;
        var found = Find(profile, points);
        if (_resolved.Count < MostResolved) found = _resolved.GetOrAdd(key.Text.ToString(), found.Shared());
        return found;
    }

    private ZoneCandidates Find(DebtorProfile profile, ImmutableArray<ContactPoint> points)
    {
        var found = new List<ZoneCandidate>();
        var countries = new List<(string Country, string Evidence)>();
        foreach (var hint in profile.Locations)
        {
            if (!Add(hint, found, countries)) return ZoneCandidates.Unknown;
        }

        foreach (var point in points)
        {
            if (IsSomebodyElses(point)) continue;
            foreach (var place in _places.OfNumber(point.Address, out var length)) Add(place, $"phone prefix {point.Address[1..(length + 1)]}", found, countries);
        }

        foreach (var (country, evidence) in countries)
        {
            if (found.Exists(candidate => candidate.Country == country)) continue;
            AddZones(_zonesOfCountry.GetValueOrDefault(country, []), new Place(country, "", []), evidence, found);
        }

        return found.Count == 0 ? ZoneCandidates.Unknown : new ZoneCandidates([.. found], zone => _clocks.GetOrAdd(zone.Id, static (_, one) => new ZoneClock(one), zone));
    }

    private static bool IsSomebodyElses(ContactPoint point) => point.Status is PointStatus.WrongPerson or PointStatus.Reassigned;

    /// <summary>False when the hint names a zone that does not exist.</summary>
    private bool Add(LocationEvidence hint, List<ZoneCandidate> found, List<(string Country, string Evidence)> countries)
    {
        var source = hint.Source == LocationSource.Unknown ? "unknown source" : Words(hint.Source);
        var named = Real(hint.CountryCode, hint.RegionCode);
        if (hint.ZoneId.Length > 0)
        {
            if (_zones.GetZoneOrNull(hint.ZoneId) is not { } zone) return false;
            var country = named.Country.Length > 0 ? named.Country : CountryOf(hint.ZoneId);
            found.Add(new(zone, country, _places.RegionOf(country, named.Region), _places.MunicipalityOf(country, hint.MunicipalityCode), $"zone {hint.ZoneId}, {source}"));
            return true;
        }

        if (named.Country.Length == 0) return true;
        if (AddPostal(hint, named, source, found, countries)) return true;
        if (named.Region.Length > 0 && _places.Regions.TryGetValue($"{named.Country}-{named.Region}", out var region))
        {
            var municipality = _places.MunicipalityOf(named.Country, hint.MunicipalityCode);
            AddZones(region.ZonesOf(municipality), region, $"region {named.Country}-{named.Region}{(municipality.Length > 0 ? " " : "")}{municipality}, {source}", found, municipality);
            return true;
        }

        countries.Add((named.Country, $"country {named.Country}, {source}"));
        return true;
    }

    /// <summary>
    /// A postal code is the closer part of its address: where it agrees with the region named it stands for both; where it does not, both are
    /// candidates. False: it says nothing.
    /// </summary>
    private bool AddPostal(LocationEvidence hint, (string Country, string Region) named, string source, List<ZoneCandidate> found, List<(string Country, string Evidence)> countries)
    {
        var places = _places.OfPostal(named.Country, hint.PostalCode, out var length);
        if (places.IsEmpty) return false;
        var evidence = $"postal code {named.Country} {hint.PostalCode[..length]}, {source}";
        var agrees = false;
        foreach (var place in places)
        {
            if (named.Region.Length > 0 && place.Region != named.Region) continue;
            agrees = true;
            var own = _places.MunicipalityOf(named.Country, hint.MunicipalityCode);
            Add(own.Length > 0 ? place with { Municipality = own } : place, evidence, found, countries);
        }

        if (agrees) return true;
        foreach (var place in places) Add(place, evidence, found, countries);
        return named.Region.Length == 0;
    }

    private void Add(Place place, string evidence, List<ZoneCandidate> found, List<(string Country, string Evidence)> countries)
    {
        var zones = place.Zones;
        if (zones.IsEmpty && place.Region.Length > 0 && _places.Regions.TryGetValue($"{place.Country}-{place.Region}", out var region)) zones = region.ZonesOf("");
        if (zones.IsEmpty) countries.Add((place.Country, evidence));
        else AddZones(zones, place, evidence, found, place.Municipality);
    }

    private void AddZones(ImmutableArray<string> ids, Place place, string evidence, List<ZoneCandidate> found, string municipality = "")
    {
        foreach (var id in ids)
        {
            if (_zones.GetZoneOrNull(id) is { } zone) found.Add(new(zone, place.Country, place.Region, municipality, evidence));
        }
    }

    private string CountryOf(string zoneId) =>
        _countryOfZone.GetValueOrDefault(zoneId) ?? _countryOfZone.GetValueOrDefault(_canonicalIds.GetValueOrDefault(zoneId, zoneId), "");

    /// <summary>"US-NY" as region is NY; Puerto Rico as country is a region of the United States.</summary>
    private (string Country, string Region) Real(string country, string region = "")
    {
        var dash = region.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0)
        {
            country = country.Length == 0 ? region[..dash] : country;
            region = region[(dash + 1)..];
        }

        return _places.Aliases.TryGetValue(country, out var alias) ? (alias.Country, alias.Region) : (country, region);
    }

    private static string Words(LocationSource source) => source switch
    {
        LocationSource.Debtor => "debtor",
        LocationSource.Residence => "residence",
        LocationSource.Mailing => "mailing address",
        LocationSource.PhonePrefix => "phone prefix",
        _ => "imported",
    };
}
