using NodaTime;
using NodaTime.TimeZones;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Calendars;

/// <summary>Zones of regions and of municipalities with a clock of their own.</summary>
public sealed class RegionZonesTests
{
    private static readonly ZoneResolver Resolver = Situation.Library.Zones;

    [Theory]
    [InlineData("BR", 27)]
    [InlineData("CL", 16)]
    [InlineData("EC", 24)]
    [InlineData("MX", 32)]
    public void Regions_of_a_country_have_exactly_the_zones_that_the_time_zone_database_gives_it(string country, int regions)
    {
        var ofCountry = TzdbDateTimeZoneSource.Default.ZoneLocations!.Where(place => place.CountryCode == country).Select(place => place.ZoneId).ToHashSet();
        var codes = Codes(country).ToList();
        Assert.Equal(regions, codes.Count);
        Assert.Equal(ofCountry, codes.SelectMany(code => ZonesOf(country, code, "")).ToHashSet());
        Assert.Equal(ofCountry.Order(StringComparer.Ordinal), ZonesOf(country, "", ""));
    }

    [Theory]
    [InlineData("MX", "CHH", "", "America/Chihuahua America/Ciudad_Juarez America/Ojinaga")]
    [InlineData("MX", "CHH", "08037", "America/Ciudad_Juarez")]
    [InlineData("MX", "CHH", "08052", "America/Ojinaga")]
    [InlineData("MX", "CHH", "08019", "America/Chihuahua")]
    [InlineData("MX", "CHH", "Juárez", "America/Chihuahua America/Ciudad_Juarez America/Ojinaga")]
    [InlineData("MX", "TAM", "28027", "America/Matamoros")]
    [InlineData("MX", "COA", "05025", "America/Matamoros")]
    [InlineData("MX", "COA", "05030", "America/Monterrey")]
    [InlineData("MX", "NLE", "19005", "America/Matamoros")]
    [InlineData("MX", "NAY", "18020", "America/Bahia_Banderas")]
    [InlineData("MX", "MX-ROO", "", "America/Cancun")]
    [InlineData("MX", "Quintana Roo", "", "America/Bahia_Banderas America/Cancun America/Chihuahua America/Ciudad_Juarez America/Hermosillo America/Matamoros America/Mazatlan America/Merida America/Mexico_City America/Monterrey America/Ojinaga America/Tijuana")]
    [InlineData("CL", "VS", "05201", "Pacific/Easter")]
    [InlineData("CL", "VS", "", "America/Santiago Pacific/Easter")]
    [InlineData("BR", "AM", "1302603", "America/Manaus")]
    [InlineData("BR", "AM", "1304062", "America/Eirunepe America/Manaus")]
    [InlineData("BR", "PE", "2605459", "America/Noronha")]
    [InlineData("BR", "PE", "2611606", "America/Recife")]
    public void A_municipality_has_the_clock_of_its_own_or_of_the_rest_of_its_region(string country, string region, string municipality, string zones) =>
        Assert.Equal(zones, string.Join(' ', ZonesOf(country, region, municipality)));

    [Fact]
    public void A_municipality_that_is_not_written_as_a_code_is_not_known() =>
        Assert.All(Resolve(new LocationEvidence("MX", "CHH", "Juárez", "", "", LocationSource.Residence, null)).All, candidate => Assert.Equal("", candidate.Municipality));

    [Fact]
    public void A_region_misspelt_beside_a_zone_is_not_known()
    {
        Assert.Equal("SP", Resolve(new LocationEvidence("BR", "BR-SP", "", "", "America/Sao_Paulo", LocationSource.Debtor, null)).All.Single().Region);
        Assert.Equal("", Resolve(new LocationEvidence("BR", "Sao Paulo", "", "", "America/Sao_Paulo", LocationSource.Debtor, null)).All.Single().Region);
    }

    [Theory]
    [InlineData("+551155550100", "SP")]
    [InlineData("+552155550100", "RJ")]
    [InlineData("+556155550100", "DF GO")]
    [InlineData("+559255550100", "AM")]
    [InlineData("+550055550100", "")]
    public void An_area_code_tells_the_state(string number, string regions)
    {
        var candidates = Resolver.Resolve(DebtorProfile.Empty, [new ContactPoint { Id = new("p"), Kind = PointKind.Mobile, Address = number }]);
        Assert.Equal(["BR"], candidates.Countries);
        Assert.Equal(regions, string.Join(' ', candidates.All.Select(candidate => candidate.Region).Distinct().Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<string> Codes(string country) =>
        Resolver.Regions.Where(region => region.Country == country).Select(region => region.Region).Distinct();

    private static IEnumerable<string> ZonesOf(string country, string region, string municipality) =>
        Resolve(new LocationEvidence(country, region, municipality, "", "", LocationSource.Residence, null)).All.Select(candidate => candidate.Zone.Id).Distinct().Order(StringComparer.Ordinal);

    private static ZoneCandidates Resolve(LocationEvidence hint) => Resolver.Resolve(DebtorProfile.Empty with { Locations = [hint] }, []);
}
