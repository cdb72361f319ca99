using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Calendars;

/// <summary>Where an instant stands to a window: open until, closed until, or never open within the horizon. Two whole machine words.</summary>
internal readonly record struct Opening
{
    private const long OpenBit = 1;
    private const long MidnightBit = 2;

    private readonly long _how;

    public Opening(long ticks, bool isOpen, bool touchesMidnight = false)
    {
        Ticks = ticks;
        _how = (isOpen ? OpenBit : 0) | (touchesMidnight ? MidnightBit : 0);
    }

    public static Opening Never => new(long.MaxValue, false);

    /// <summary>Since 1970; rules are written in minutes, so nothing finer is lost.</summary>
    public long Ticks { get; }

    public bool IsOpen => (_how & OpenBit) != 0;

    /// <summary>The span ends with its day: another may begin there.</summary>
    public bool TouchesMidnight => (_how & MidnightBit) != 0;

    public Opening Until(long ticks) => new(ticks, IsOpen, TouchesMidnight);
}

/// <summary>The half-open spans of the week in which contact is allowed, in civil time.</summary>
public sealed class WeekWindow(ImmutableArray<WeeklyHours> hours)
{
    /// <summary>For each weekday, from 1, the only span of the day; none where there are several, or one up to midnight.</summary>
    private readonly (long Start, long End)[] _onlySpans = OnlySpans(hours);

    /// <summary>How many days ahead an opening is looked for.</summary>
    public const int HorizonDays = 400;

    public ImmutableArray<WeeklyHours> Hours { get; } = hours;

    /// <summary>Sees the commonest answer at a glance: within the one span of a day on which no clock changes. False says nothing.</summary>
    internal bool IsSurelyOpen(ZoneClock clock, HolidayCalendar? closed, long ticks, out long end)
    {
        var era = clock.EraAt(ticks);
        var day = EpochDay.Of(ticks + era.Offset);
        var midnight = (day * NodaConstants.TicksPerDay) - era.Offset;
        var span = _onlySpans[(int)EpochDay.WeekdayOf(day)];
        end = midnight + span.End;
        return ticks < end && ticks >= midnight + span.Start && era.IsPlain(midnight) && (closed is null || !closed.IsClosed(day));
    }

    private static (long Start, long End)[] OnlySpans(ImmutableArray<WeeklyHours> hours)
    {
        var spans = new (long Start, long End)[8];
        for (var day = IsoDayOfWeek.Monday; day <= IsoDayOfWeek.Sunday; day++)
        {
            if (hours.Where(span => span.Includes(day)).ToList() is [{ EndMinute: < WeeklyHours.EndOfDay } only])
            {
                spans[(int)day] = (only.StartMinute * NodaConstants.TicksPerMinute, only.EndMinute * NodaConstants.TicksPerMinute);
            }
        }

        return spans;
    }

    /// <summary>Open until, or closed until, in one zone. A date closed by the calendar has no span.</summary>
    internal Opening Find(ZoneClock clock, HolidayCalendar? closed, long ticks) => Find(Hours.AsSpan(), clock, closed, ticks);

    /// <summary>A span up to midnight goes on where one begins there; what goes on beyond the horizon has no end.</summary>
    internal static Opening Find(ReadOnlySpan<WeeklyHours> hours, ZoneClock clock, HolidayCalendar? closed, long ticks)
    {
        var opening = FindOne(hours, clock, closed, ticks);
        for (var days = 0; opening is { IsOpen: true, TouchesMidnight: true }; days++)
        {
            if (days > HorizonDays) return new(Calendars.Ticks.Never, true);
            var next = FindOne(hours, clock, closed, opening.Ticks);
            if (!next.IsOpen) break;
            opening = next;
        }

        return opening;
    }

    private static Opening FindOne(ReadOnlySpan<WeeklyHours> hours, ZoneClock clock, HolidayCalendar? closed, long ticks)
    {
        var era = clock.EraAt(ticks);
        var day = EpochDay.Of(ticks + era.Offset);
        for (var step = 0; step <= HorizonDays; step++, day++)
        {
            if (closed is not null && closed.IsClosed(day)) continue;
            var midnight = (day * NodaConstants.TicksPerDay) - era.Offset;
            if (!era.IsPlain(midnight) && step > 0)
            {
                era = clock.EraAt(CivilTime.StartOf(clock.Zone, EpochDay.DateOf(day)).ToUnixTimeTicks());
                midnight = (day * NodaConstants.TicksPerDay) - era.Offset;
            }

            var opening = era.IsPlain(midnight) ? OnPlain(hours, day, midnight, ticks) : OnChange(hours, clock.Zone, day, ticks);
            if (opening.Ticks != long.MaxValue) return opening;
        }

        return Opening.Never;
    }

    /// <summary>The span of a date that holds the instant, else the first that begins after it; a date on which no clock changes.</summary>
    private static Opening OnPlain(ReadOnlySpan<WeeklyHours> hours, int day, long midnight, long ticks)
    {
        var weekday = EpochDay.WeekdayOf(day);
        var (isOpen, best, minute) = (false, long.MaxValue, 0);
        foreach (ref readonly var span in hours)
        {
            if (!span.Includes(weekday)) continue;
            var end = midnight + (span.EndMinute * NodaConstants.TicksPerMinute);
            if (ticks >= end) continue;
            var start = midnight + (span.StartMinute * NodaConstants.TicksPerMinute);
            if (ticks >= start)
            {
                if (!isOpen || end > best) (isOpen, best, minute) = (true, end, span.EndMinute);
            }
            else if (!isOpen && start < best)
            {
                best = start;
            }
        }

        return best == long.MaxValue ? Opening.Never : new(best, isOpen, isOpen && minute == WeeklyHours.EndOfDay);
    }

    /// <summary>The same near a change of clocks, where a span may shrink or vanish.</summary>
    private static Opening OnChange(ReadOnlySpan<WeeklyHours> hours, DateTimeZone zone, int day, long ticks)
    {
        var best = Opening.Never;
        var date = EpochDay.DateOf(day);
        foreach (ref readonly var span in hours)
        {
            if (!span.Includes(date.DayOfWeek)) continue;
            var (start, end) = (CivilTime.Late(zone, date, span.StartMinute).ToUnixTimeTicks(), CivilTime.Early(zone, date, span.EndMinute).ToUnixTimeTicks());
            if (ticks >= end || start >= end) continue;
            if (ticks >= start)
            {
                if (!best.IsOpen || end > best.Ticks) best = new(end, true, span.EndMinute == WeeklyHours.EndOfDay);
            }
            else if (!best.IsOpen && start < best.Ticks)
            {
                best = new(start, false);
            }
        }

        return best;
    }
}
