using NodaTime;
using NodaTime.TimeZones;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Calendars;

/// <summary>
/// Local times to instants, so that a span in civil time never becomes longer than the law means: a local time that does not exist
/// becomes the instant of the change, one that exists twice becomes whichever leaves less time for contact. Allocates nothing.
/// </summary>
internal static class CivilTime
{
    /// <summary>Instant at which a span that allows contact begins: the later of two.</summary>
    public static Instant Late(DateTimeZone zone, LocalDate date, int minute) => Resolve(zone, date, minute, later: true);

    /// <summary>Instant at which a span that allows contact ends: the earlier of two.</summary>
    public static Instant Early(DateTimeZone zone, LocalDate date, int minute) => Resolve(zone, date, minute, later: false);

    /// <summary>First instant of a local date.</summary>
    public static Instant StartOf(DateTimeZone zone, LocalDate date) => Early(zone, date, 0);

    private static Instant Resolve(DateTimeZone zone, LocalDate date, int minute, bool later)
    {
        var local = AsIfUtc(date, minute);
        var middle = zone.GetZoneInterval(local);
        var found = Instant.MinValue;
        // Offsets are within a day, so the time lies in this interval or in one beside it.
        var interval = middle.HasStart ? zone.GetZoneInterval(middle.Start - Duration.Epsilon) : middle;
        for (var step = 0; step < 3; step++)
        {
            var instant = local - Duration.FromSeconds(interval.WallOffset.Seconds);
            if (interval.Contains(instant))
            {
                if (!later) return instant;
                found = instant;
            }
            else if (found == Instant.MinValue && interval.HasStart && instant < interval.Start)
            {
                return interval.Start;
            }

            if (!interval.HasEnd) break;
            interval = zone.GetZoneInterval(interval.End);
        }

        return found == Instant.MinValue ? local : found;
    }

    private static Instant AsIfUtc(LocalDate date, int minute) =>
        date.AtMidnight().InUtc().ToInstant() + Duration.FromMinutes(minute);

    /// <summary>A span that forbids contact begins at the earlier and ends at the later instant.</summary>
    public static (Instant Start, Instant End) ForbiddenSpan(DateTimeZone zone, LocalDate date, in WeeklyHours hours) =>
        (Early(zone, date, hours.StartMinute), Late(zone, date, hours.EndMinute));
}
