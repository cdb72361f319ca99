using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Reading;

/// <summary>Beginnings of postal codes and the places they lie in: `postal` of a region, `postal_zones` and `postal_municipalities` of a country.</summary>
internal sealed class PostalPrefixes
{
    private readonly Dictionary<string, List<Place>> _places = [];

    public FrozenDictionary<string, ImmutableArray<Place>> Build() => _places.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray());

    public void Add(string country, MapReader region, Place place)
    {
        foreach (var prefix in region.Texts("postal").SelectMany(span => Expand(span, "postal", region)))
        {
            var key = $"{country}-{prefix}";
            if (!_places.TryGetValue(key, out var known)) _places[key] = known = [];
            known.Add(place with { Zones = place.ZonesOf("") });
        }
    }

    public void Narrow(string country, MapReader map)
    {
        if (map.Map("postal_zones") is { } zones)
        {
            foreach (var span in zones.Keys.ToList()) Change(country, zones, span, zones.Texts(span), static (place, ids) => place with { Zones = ids });
        }

        if (map.Map("postal_municipalities") is { } municipalities)
        {
            foreach (var span in municipalities.Keys.ToList()) Change(country, municipalities, span, municipalities.Text(span), static (place, code) => place with { Municipality = code });
        }
    }

    private void Change<T>(string country, MapReader map, string span, T value, Func<Place, T, Place> change)
    {
        foreach (var prefix in Expand(span, span, map))
        {
            if (!_places.TryGetValue($"{country}-{prefix}", out var places)) map.Problem(span, $"No region lists the postal codes {prefix}.");
            else _places[$"{country}-{prefix}"] = [.. places.Select(place => change(place, value))];
        }
    }

    /// <summary>"350-352" is three prefixes of three digits.</summary>
    private static IEnumerable<string> Expand(string span, string key, MapReader map)
    {
        var ends = span.Split('-');
        if (ends.Length == 1) return [span];
        var isRange = ends.Length == 2 && ends[0].Length == ends[1].Length
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) & int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last;
        if (isRange)
        {
            var (from, to) = (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture));
            return Enumerable.Range(from, to - from + 1).Select(number => number.ToString(CultureInfo.InvariantCulture).PadLeft(ends[0].Length, '0'));
        }

        map.Problem(key, $"'{span}' is not a range of prefixes.");
        return [];
    }
}
