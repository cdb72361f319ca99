using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Audit;

/// <summary>Packs by the version that decisions name. Works closed days out again, year by year, from the rules of the calendar.</summary>
/// <param name="find">Null for a version that nobody knows.</param>
/// <remarks>Threading: owned by one checker.</remarks>
internal sealed class AuditedPacks(Func<string, RulePack?> find)
{
    private readonly Dictionary<string, RulePack?> _packs = [];
    private readonly Dictionary<(HolidayCalendar Calendar, int Year), ImmutableArray<HolidayDate>> _closed = [];

    public RulePack? Find(string version)
    {
        if (!_packs.TryGetValue(version, out var pack)) _packs[version] = pack = find(version);
        return pack;
    }

    /// <summary>
    /// Closed for somebody of whom this evidence of place is all that is known. A regional day is looked at only where the evidence names the
    /// region: the service may know it from an address that no log holds.
    /// </summary>
    public bool IsClosed(HolidayCalendar calendar, LocalDate date, ImmutableArray<LocationEvidence> locations)
    {
        if (!_closed.TryGetValue((calendar, date.Year), out var days))
            _closed[(calendar, date.Year)] = days = [.. Enumerable.Range(date.Year - 1, 3).SelectMany(year => calendar.Rules.SelectMany(rule => rule.In(year).Select(day => new HolidayDate(day, rule.Name, rule.Scope))))];
        return days.Any(day => day.Date == date && (day.Scope.IsEverywhere || Covers(day.Scope, locations)));
    }

    private static bool Covers(HolidayScope scope, ImmutableArray<LocationEvidence> locations)
    {
        if (scope is { Regions.IsEmpty: true, Municipalities.IsEmpty: true }) return locations.Any(place => place.CountryCode == scope.Country);
        // One place alone: where there are several, the service may have found one of them to be out of the question.
        if (locations is not [{ } only] || (scope.Country.Length > 0 && only.CountryCode != scope.Country)) return false;
        return (scope.Regions.IsEmpty || scope.Regions.Contains(RegionOf(only))) && (scope.Municipalities.IsEmpty || scope.Municipalities.Contains(only.MunicipalityCode));
    }

    /// <summary>"NY" of "NY" and of "US-NY".</summary>
    public static string RegionOf(LocationEvidence place) =>
        place.RegionCode.StartsWith(place.CountryCode + "-", StringComparison.Ordinal) ? place.RegionCode[(place.CountryCode.Length + 1)..] : place.RegionCode;
}
