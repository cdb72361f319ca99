using System.Globalization;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Packs;

namespace Scheduler.RulePacks.Linting;

/// <summary>Cases that a window wants: each span's start and end and the last second before each, and a closed day.</summary>
internal static class WindowBorders
{
    private static readonly Duration Second = Duration.FromSeconds(1);

    public static IEnumerable<MissingCase> Missing(Rule.Window window, IReadOnlyCollection<Sighting> seen)
    {
        foreach (var span in window.Week.Hours)
        {
            var shown = $"{Days(span.Days)} {Clock(span.StartMinute)}-{Clock(span.EndMinute)}";
            if (span.StartMinute > 0)
            {
                if (!seen.Any(one => one.IsPermit && Touches(one, span, span.StartMinute, Duration.Zero, Duration.Epsilon)))
                    yield return new(LintCodes.BorderWindow, $"at the start of {shown}", $"a row at {Clock(span.StartMinute)}:00 that permits");
                if (!seen.Any(one => !one.IsPermit && Touches(one, span, span.StartMinute, Second, Duration.Zero)))
                    yield return new(LintCodes.BorderWindow, $"in the last second before the start of {shown}", $"a row at {Clock(span.StartMinute - 1)}:59 that defers");
            }

            if (span.EndMinute < WeeklyHours.EndOfDay)
            {
                if (!seen.Any(one => one.IsPermit && Touches(one, span, span.EndMinute, Second + Margin(one), -Margin(one))))
                    yield return new(LintCodes.BorderWindow, $"in the last second before the end of {shown}", $"a row at {Clock(span.EndMinute - 1)}:59 that permits (a minute earlier for messages, where delivery is judged)");
                if (!seen.Any(one => !one.IsPermit && Touches(one, span, span.EndMinute, Margin(one), Duration.Epsilon - Margin(one))))
                    yield return new(LintCodes.BorderWindow, $"at the end of {shown}", $"a row at {Clock(span.EndMinute)}:00 that defers");
            }
        }

        var open = window.Week.Hours.Aggregate(0, (days, span) => days | (span.Days == 0 ? 0b0111_1111 : span.Days));
        if (open != 0b0111_1111 && !seen.Any(one => !one.IsPermit && Dates(one).Any(date => (open & (1 << ((int)date.DayOfWeek - 1))) == 0)))
            yield return new(LintCodes.BorderClosedDay, "on a weekday without hours", $"a row on a {Days((byte)(0b0111_1111 & ~open))} that defers");
        if (window.ClosedOn is { } calendar && !seen.Any(one => !one.IsPermit && Dates(one).Any(ClosedOn(one)!.IsClosed)))
            yield return new(LintCodes.BorderClosedDay, $"on a holiday of the calendar {calendar.Id}", "a row on one that defers");
    }

    /// <summary>Whether a row's time lies within a span's border less "before" and plus "after", half-open, on an open date in some zone.</summary>
    private static bool Touches(Sighting one, WeeklyHours span, int minute, Duration before, Duration after)
    {
        var closedOn = ClosedOn(one);
        foreach (var zone in one.Zones)
        {
            var date = one.At.InZone(zone).Date;
            if (!span.Includes(date.DayOfWeek) || closedOn?.IsClosed(date) == true) continue;
            var border = zone.AtLeniently(date.At(LocalTime.FromMinutesSinceMidnight(minute))).ToInstant();
            if (one.At >= border - before && one.At < border + after) return true;
        }

        return false;
    }

    /// <summary>The days that bind where the debtor may be.</summary>
    private static HolidayCalendar? ClosedOn(Sighting one) => ((Rule.Window)one.Rule).ClosedOn?.In(one.Case.Situation.Candidates.All);

    private static List<LocalDate> Dates(Sighting one)
    {
        var dates = new List<LocalDate>();
        foreach (var zone in one.Zones) dates.Add(one.At.InZone(zone).Date);
        return dates;
    }

    /// <summary>Where delivery is judged, placing ends earlier by what the channel needs.</summary>
    private static Duration Margin(Sighting one) =>
        (((Rule.Window)one.Rule).JudgedAt & JudgedAt.Delivered) != 0 ? PackLibrary.DefaultMargins.GetValueOrDefault(one.Case.Situation.Channel) : Duration.Zero;

    private static string Days(byte days)
    {
        string[] names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        return days is 0 or 0b0111_1111 ? "all" : string.Join(",", names.Where((_, index) => (days & (1 << index)) != 0));
    }

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}

/// <summary>A case that a border wants and the table does not have.</summary>
/// <param name="Where">"at the start of mon-fri 07:00-19:00".</param>
/// <param name="Advice">What row to add.</param>
internal sealed record MissingCase(string Code, string Where, string Advice);
