using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>A time in which a zone keeps one offset, in ticks since 1970: start included, end excluded.</summary>
internal sealed record ZoneEra(long Start, long End, long Offset)
{
    /// <summary>Whether no clock changes near a date that begins at this instant, so that its times are plain arithmetic.</summary>
    public bool IsPlain(long midnight) =>
        midnight - NodaConstants.TicksPerDay >= Start && midnight + (2 * NodaConstants.TicksPerDay) <= End;
}

/// <summary>
/// A zone whose changes of clock from <see cref="FirstYear"/> to <see cref="LastYear"/> are laid out, because every verdict asks for an
/// offset. Immutable but for a hint of where the last answer was found.
/// </summary>
internal sealed class ZoneClock
{
    public const int FirstYear = 2010;
    public const int LastYear = 2050;

    private readonly ZoneEra[] _eras;
    private int _hint;

    public ZoneClock(DateTimeZone zone)
    {
        Zone = zone;
        _eras = [.. zone.GetZoneIntervals(Instant.FromUtc(FirstYear, 1, 1, 0, 0), Instant.FromUtc(LastYear + 1, 1, 1, 0, 0)).Select(EraOf)];
    }

    public DateTimeZone Zone { get; }

    public ZoneEra EraAt(long ticks)
    {
        var hint = _eras[_hint];
        if (ticks >= hint.Start && ticks < hint.End) return hint;
        var (low, high) = (0, _eras.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var era = _eras[middle];
            if (ticks < era.Start)
            {
                high = middle - 1;
            }
            else if (ticks >= era.End)
            {
                low = middle + 1;
            }
            else
            {
                _hint = middle;
                return era;
            }
        }

        return EraOf(Zone.GetZoneInterval(Instant.FromUnixTimeTicks(ticks)));
    }

    /// <summary>The local day of an instant, in days since 1970.</summary>
    public int DayAt(long ticks) => EpochDay.Of(ticks + EraAt(ticks).Offset);

    /// <summary>First instant of a local day, in ticks: the earlier where the day begins twice.</summary>
    public long StartOf(int day)
    {
        // Offsets are within a day of UTC: where no clock changes near, the era at that instant is the one that counts.
        var midnight = day * NodaConstants.TicksPerDay;
        var era = EraAt(midnight);
        return era.IsPlain(midnight - era.Offset) ? midnight - era.Offset : Ticks.Of(CivilTime.StartOf(Zone, EpochDay.DateOf(day)));
    }

    private static ZoneEra EraOf(NodaTime.TimeZones.ZoneInterval interval) => new(
        interval.HasStart ? interval.Start.ToUnixTimeTicks() : long.MinValue,
        interval.HasEnd ? interval.End.ToUnixTimeTicks() : long.MaxValue,
        interval.WallOffset.Ticks);
}

/// <summary>Days counted from 1 January 1970, a Thursday.</summary>
internal static class EpochDay
{
    private const int FirstYear = 2000;
    private const int LastYear = 2100;

    private static readonly int First = From(new LocalDate(FirstYear, 1, 1));
    private static readonly LocalDate[] Dates = [.. Enumerable.Range(0, From(new LocalDate(LastYear + 1, 1, 1)) - First).Select(index => new LocalDate(FirstYear, 1, 1).PlusDays(index))];

    public static int Of(long localTicks) =>
        (int)((localTicks >= 0 ? localTicks : localTicks - NodaConstants.TicksPerDay + 1) / NodaConstants.TicksPerDay);

    /// <summary>Counts years from March, so that the leap day comes last.</summary>
    public static int From(LocalDate date)
    {
        var (year, month, day) = date;
        var marchYear = month > 2 ? year : year - 1;
        var marchMonth = month > 2 ? month - 3 : month + 9;
        var era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400;
        var yearOfEra = marchYear - (era * 400);
        var dayOfYear = ((((153 * marchMonth) + 2) / 5) + day) - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    public static LocalDate DateOf(int day)
    {
        var index = day - First;
        return unchecked((uint)index) < (uint)Dates.Length ? Dates[index] : new LocalDate(1970, 1, 1).PlusDays(day);
    }

    public static IsoDayOfWeek WeekdayOf(int day) => (IsoDayOfWeek)(((((day + 3) % 7) + 7) % 7) + 1);
}
