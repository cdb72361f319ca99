using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Calendars;

public sealed class ZoneResolverTests
{
    private static readonly ZoneResolver Resolver = Situation.Library.Zones;

    [Theory]
    [InlineData("+573001234567", "America/Bogota")]
    [InlineData("+12125550100", "America/New_York")]
    [InlineData("+16025550100", "America/Phoenix")]
    [InlineData("+19285550100", "America/Denver America/Phoenix")]
    [InlineData("+19155550100", "America/Denver")]
    [InlineData("+16155550100", "America/Chicago")]
    [InlineData("+18085550100", "Pacific/Honolulu")]
    [InlineData("+17875550100", "America/Puerto_Rico")]
    [InlineData("+16715550100", "Pacific/Guam")]
    [InlineData("+18005550100", "")]
    [InlineData("+15555550100", "")]
    [InlineData("3001234567", "")]
    [InlineData("+", "")]
    public void A_number_points_at_the_zones_of_its_prefix(string number, string zones) => Assert.Equal(zones, ZonesOf([], number));

    [Fact]
    public void A_country_with_several_zones_gives_all_of_them()
    {
        Assert.Equal("America/Punta_Arenas America/Coyhaique America/Santiago Pacific/Easter".Split(' ').Order(StringComparer.Ordinal), ZonesOf([Country("CL")]).Split(' ').Order(StringComparer.Ordinal));
        var unitedStates = ZonesOf([Country("US")]).Split(' ');
        Assert.Contains("Pacific/Guam", unitedStates);
        Assert.Contains("Pacific/Pago_Pago", unitedStates);
        Assert.Contains("America/Adak", unitedStates);
        Assert.Contains("America/Puerto_Rico", unitedStates);
    }

    [Fact]
    public void Hints_stand_side_by_side_and_none_outranks_another() =>
        Assert.Equal("America/Los_Angeles America/New_York Asia/Tokyo", ZonesOf([Region("US", "CA"), Zone("Asia/Tokyo")], "+12125550100"));

    [Fact]
    public void A_region_may_be_written_with_its_country() => Assert.Equal("America/New_York", ZonesOf([Region("US", "US-NY")]));

    [Fact]
    public void A_region_that_the_table_does_not_know_counts_as_the_whole_country() => Assert.Equal("America/Bogota", ZonesOf([Region("CO", "ANT")]));

    [Fact]
    public void A_territory_with_a_country_code_of_its_own_is_a_region() =>
        Assert.Equal(("US", "PR"), Resolver.Resolve(Profile([Country("PR")]), []).All.Select(candidate => (candidate.Country, candidate.Region)).Single());

    [Fact]
    public void A_zone_tells_its_country_by_an_old_name_too()
    {
        Assert.Equal("US", Resolver.Resolve(Profile([Zone("US/Eastern")]), []).Countries.Single());
        Assert.Equal("", Resolver.Resolve(Profile([Zone("Etc/GMT+5")]), []).Countries.Single());
    }

    [Fact]
    public void One_zone_that_does_not_exist_makes_the_place_unknown() => Assert.False(Resolver.Resolve(Profile([Country("CO"), Zone("America/Macondo")]), []).IsKnown);

    [Fact]
    public void A_number_of_somebody_else_says_nothing() =>
        Assert.False(Resolver.Resolve(DebtorProfile.Empty, [Point("+12125550100") with { Status = PointStatus.Reassigned }, Point("+12125550100") with { Status = PointStatus.WrongPerson }]).IsKnown);

    [Fact]
    public void Each_candidate_says_where_it_comes_from()
    {
        var candidates = Resolver.Resolve(Profile([Region("US", "CA")]), [Point("+12125550100")]);
        Assert.Equal(["region US-CA, residence", "phone prefix 1212"], candidates.All.Select(candidate => candidate.Evidence));
    }

    [Fact]
    public void Every_state_district_and_territory_has_zones_and_area_codes()
    {
        var numbers = Enumerable.Range(200, 800).Select(area => (Area: area, Resolved: Resolver.Resolve(DebtorProfile.Empty, [Point($"+1{area}5550100")]))).Where(one => one.Resolved.IsKnown).ToList();
        var regions = numbers.SelectMany(one => one.Resolved.All).Where(candidate => candidate.Country == "US").Select(candidate => candidate.Region).Distinct();
        Assert.Equal(56, regions.Count());
        Assert.True(numbers.Count(one => one.Resolved.Countries.Contains("US")) > 340);
    }

    [Fact]
    public void Debtors_with_the_same_hints_share_what_was_found_and_others_do_not()
    {
        var first = Resolver.Resolve(Profile([Region("US", "CA")]), [Point("+12125550100")]);
        Assert.Same(first, Resolver.Resolve(Profile([Region("US", "CA")]), [Point("+12125559999")]));
        Assert.NotSame(first, Resolver.Resolve(Profile([Region("US", "CA")]), [Point("+13125550100")]));
        Assert.NotSame(first, Resolver.Resolve(Profile([Region("US", "CA") with { Source = LocationSource.Mailing }]), [Point("+12125550100")]));
        Assert.NotSame(first, Resolver.Resolve(Profile([Region("US", "CA") with { MunicipalityCode = "LA" }]), [Point("+12125550100")]));
    }

    [Fact]
    public void More_hints_than_are_remembered_are_resolved_all_the_same() =>
        Assert.Equal(30, Resolver.Resolve(Profile([.. Enumerable.Range(0, 30).Select(_ => Zone("America/Argentina/ComodRivadavia"))]), []).All.Length);

    [Fact]
    public void Local_dates_reach_from_the_earliest_to_the_latest_candidate()
    {
        var everywhere = Resolver.Resolve(Profile([Country("US")]), []);
        Assert.Equal((new LocalDate(2026, 11, 20), new LocalDate(2026, 11, 21)), everywhere.LocalDates(Instant.FromUtc(2026, 11, 20, 20, 0)));
        Assert.Equal((new LocalDate(2026, 11, 19), new LocalDate(2026, 11, 21)), ZoneCandidates.Unknown.LocalDates(Instant.FromUtc(2026, 11, 20, 20, 0)));
    }

    private static string ZonesOf(ImmutableArray<LocationEvidence> hints, params string[] numbers) =>
        string.Join(' ', Resolver.Resolve(Profile(hints), [.. numbers.Select(Point)]).All.Select(candidate => candidate.Zone.Id).Distinct().Order(StringComparer.Ordinal));

    private static DebtorProfile Profile(ImmutableArray<LocationEvidence> hints) => DebtorProfile.Empty with { Locations = hints };

    private static LocationEvidence Country(string code) => new(code, "", "", "", "", LocationSource.Residence, null);

    private static LocationEvidence Region(string country, string region) => new(country, region, "", "", "", LocationSource.Residence, null);

    private static LocationEvidence Zone(string id) => new("", "", "", "", id, LocationSource.Debtor, null);

    private static ContactPoint Point(string address) => new() { Id = new("p"), Kind = PointKind.Mobile, Address = address };
}
