using System.Collections.Immutable;
using NodaTime;
using NodaTime.TimeZones;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Calendars;

/// <summary>Where an instant stands to a window: open until, closed until, or never open within the horizon.</summary>
internal readonly record struct Opening(bool IsOpen, Instant At, bool TouchesMidnight = false)
{
    public static readonly Opening Never = new(false, Instant.MaxValue);
}

/// <summary>The half-open spans of the week in which contact is allowed, in civil time.</summary>
public sealed class WeekWindow(ImmutableArray<WeeklyHours> hours)
{
    /// <summary>How many days ahead an opening is looked for.</summary>
    public const int HorizonDays = 400;

    public ImmutableArray<WeeklyHours> Hours { get; } = hours;

    /// <summary>Open until, or closed until, in one zone. A date closed by the calendar has no span.</summary>
    internal Opening Find(DateTimeZone zone, HolidayCalendar? closed, Instant at) => Find(Hours.AsSpan(), zone, closed, at);

    internal static Opening Find(ReadOnlySpan<WeeklyHours> hours, DateTimeZone zone, HolidayCalendar? closed, Instant at)
    {
        var interval = zone.GetZoneInterval(at);
        var date = at.WithOffset(interval.WallOffset).Date;
        for (var step = 0; step <= HorizonDays; step++)
        {
            if ((closed is null || !closed.IsClosed(date)) && On(hours, zone, interval, date, at) is { At: var found } opening && found != Instant.MaxValue) return opening;
            date = date.PlusDays(1);
            var start = CivilTime.StartOf(zone, date);
            if (!interval.Contains(start)) interval = zone.GetZoneInterval(start);
        }

        return Opening.Never;
    }

    /// <summary>The span of one date that holds the instant, else the first that begins after it.</summary>
    private static Opening On(ReadOnlySpan<WeeklyHours> hours, DateTimeZone zone, ZoneInterval interval, LocalDate date, Instant at)
    {
        var best = Opening.Never;
        var weekday = date.DayOfWeek;
        foreach (ref readonly var span in hours)
        {
            if (!span.Includes(weekday)) continue;
            var (start, end) = CivilTime.Span(zone, interval, date, span.StartMinute, span.EndMinute);
            if (at >= end || start >= end) continue;
            if (at >= start)
            {
                if (!best.IsOpen || end > best.At) best = new(true, end, span.EndMinute == WeeklyHours.EndOfDay);
            }
            else if (!best.IsOpen && start < best.At)
            {
                best = new(false, start);
            }
        }

        return best;
    }
}
