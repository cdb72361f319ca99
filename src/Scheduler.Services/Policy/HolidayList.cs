using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Services.Policy;

/// <summary>The days that a pack in force computes for a year and a place, with the dates closed while running, to compare with the official gazette.</summary>
internal static class HolidayList
{
    /// <summary>Null: no pack of that id is in force.</summary>
    public static IEnumerable<V1.ClosedDate>? Of(PolicySnapshot policy, ListHolidaysRequest request)
    {
        if (policy.Packs.FirstOrDefault(pack => pack.Id == request.PackId) is not { } asked) return null;
        var place = new ZoneCandidate(DateTimeZone.Utc, asked.Applies.Country, First(request.RegionCode, asked.Applies.Region), First(request.MunicipalityCode, asked.Applies.Municipality), "");
        var packs = policy.Packs.Where(pack => pack == asked || (pack.IsOverlay && pack.Applies.Country == place.Country && pack.Applies.CoversSurely(place)));
        return packs.SelectMany(pack => DaysOf(pack, place, request.Year)).DistinctBy(static day => (day.Date, day.Name)).OrderBy(static day => day.Date.Month).ThenBy(static day => day.Date.Day);
    }

    private static IEnumerable<V1.ClosedDate> DaysOf(RulePack pack, ZoneCandidate place, int year) =>
        from window in pack.Rules.OfType<Rule.Window>()
        where window.ClosedOn is not null
        from day in window.ClosedOn!.DaysOf(year)
        where Holds(day.Scope, place)
        select new V1.ClosedDate
        {
            Date = ScalarMap.ToProto(day.Date),
            CountryCode = place.Country,
            RegionCode = place.Region,
            MunicipalityCode = place.Municipality,
            Name = day.Name,
            Source = pack.IsOverlay ? window.Source : pack.Version,
        };

    /// <summary>A day of a region is listed for that region alone.</summary>
    private static bool Holds(HolidayScope scope, ZoneCandidate place) =>
        (scope.Country.Length == 0 || scope.Country == place.Country)
        && (scope.Regions.IsEmpty || scope.Regions.Contains(place.Region)) && (scope.Municipalities.IsEmpty || scope.Municipalities.Contains(place.Municipality));

    private static string First(string asked, string otherwise) => asked.Length > 0 ? asked : otherwise;
}
