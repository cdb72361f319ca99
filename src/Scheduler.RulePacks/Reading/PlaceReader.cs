using System.Collections.Immutable;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Reading;

/// <summary>Reads the tables of places: calling codes of the world, regions and area codes of a country.</summary>
internal sealed class PlaceReader
{
    private readonly List<PackProblem> _problems = [];
    private readonly Dictionary<string, Place> _regions = [];
    private readonly Dictionary<string, Place> _aliases = [];
    private readonly Dictionary<string, List<Place>> _prefixes = [];
    private readonly Dictionary<string, int> _municipalityDigits = [];
    private readonly PostalPrefixes _postal = new();

    public IReadOnlyList<PackProblem> Problems => _problems;

    public void Read(PackText text)
    {
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(text.Text));
        var map = new MapReader(stream.Documents[0].RootNode, new Findings(text.File, _problems));
        if (map.Map("calling_codes") is { } codes)
        {
            foreach (var code in codes.Keys.ToList()) Prefix(code, [.. codes.Texts(code).Select(country => new Place(country, "", []))]);
        }

        foreach (var node in map.List("countries")) Country(new MapReader(node, map.Findings));
        map.Finish();
    }

    public PlaceTable Build() => new(_regions, _prefixes.ToDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray()), _aliases, _municipalityDigits)
    {
        Postal = _postal.Build(),
    };

    private void Country(MapReader map)
    {
        var country = map.RequiredText("country");
        var code = map.Text("calling_code");
        foreach (var area in map.Texts("area_codes")) Prefix(code + area, [new Place(country, "", [])]);
        if (map.Node("municipality_digits") is not null) _municipalityDigits[country] = map.Number("municipality_digits", 1, 12);
        if (map.Map("regions") is { } regions)
        {
            foreach (var name in regions.Keys.ToList()) Region(country, code, name, regions.Map(name)!);
        }

        if (map.Map("area_code_zones") is { } narrower)
        {
            foreach (var area in narrower.Keys.ToList())
            {
                var zones = narrower.Texts(area);
                if (!_prefixes.TryGetValue(code + area, out var places)) narrower.Problem(area, $"No region lists the area code {area}.");
                else _prefixes[code + area] = [.. places.Select(place => place with { Zones = zones })];
            }
        }

        _postal.Narrow(country, map);
        map.Finish();
    }

    private void Region(string country, string code, string name, MapReader map)
    {
        var region = new Place(country, name, map.Texts("zones"));
        if (region.Zones.IsEmpty) map.Problem("zones", "A region must list its zones.");
        if (map.Map("municipalities") is { } apart)
        {
            region = region with { Municipalities = apart.Keys.ToList().ToImmutableDictionary(code => code, apart.Texts) };
            apart.Finish();
        }

        _regions[$"{country}-{name}"] = region;
        if (map.Text("iso") is { Length: > 0 } iso) _aliases[iso] = region;
        foreach (var area in map.Texts("area_codes")) Prefix(code + area, [region with { Zones = region.ZonesOf("") }]);
        _postal.Add(country, map, region);
        map.Finish();
    }

    private void Prefix(string digits, ImmutableArray<Place> places)
    {
        if (!_prefixes.TryGetValue(digits, out var known)) _prefixes[digits] = known = [];
        known.AddRange(places);
    }
}
