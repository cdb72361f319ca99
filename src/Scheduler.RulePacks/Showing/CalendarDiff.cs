using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Calendars;

namespace Scheduler.RulePacks.Showing;

/// <summary>Closed days that two calendars of one name do not share.</summary>
internal static class CalendarDiff
{
    private const int FirstYear = 2020;
    private const int Years = 28;
    private const int MostShown = 3;

    public static IEnumerable<PackChange> Of(ImmutableArray<HolidayCalendar> before, ImmutableArray<HolidayCalendar> after)
    {
        foreach (var calendar in after)
        {
            if (before.FirstOrDefault(other => other.Id == calendar.Id) is not { } known) continue;
            foreach (var name in known.Rules.Concat(calendar.Rules).Select(day => day.Name).Distinct())
            {
                var (was, becomes) = (Dates(known, name), Dates(calendar, name));
                if (was.SetEquals(becomes)) continue;
                var effect = was.IsSubsetOf(becomes) ? PermissionChange.Narrows : was.IsSupersetOf(becomes) ? PermissionChange.Widens : PermissionChange.CannotBeTold;
                yield return new PackChange($"calendar {calendar.Id}", name, Shown(was.Except(becomes)), Shown(becomes.Except(was)), effect);
            }
        }
    }

    /// <summary>The dates that a name closes over a span of years long enough for every weekday and leap year.</summary>
    private static HashSet<LocalDate> Dates(HolidayCalendar calendar, string name) =>
        [.. Enumerable.Range(FirstYear, Years).SelectMany(calendar.DaysOf).Where(day => day.Name == name).Select(day => day.Date)];

    private static string Shown(IEnumerable<LocalDate> dates)
    {
        var list = dates.Order().Select(LocalDatePattern.Iso.Format).ToList();
        return string.Join(", ", list.Take(MostShown)) + (list.Count > MostShown ? ", …" : "");
    }
}
