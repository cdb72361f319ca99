using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>
/// A named day of a holiday calendar, in force between two dates: a day of the year, and what its weekday does to it. The union is closed;
/// a country is data, never a case.
/// </summary>
public abstract record HolidayRule
{
    private HolidayRule()
    {
    }

    public required string Name { get; init; }

    /// <summary>First date on which the rule may close a day; null: always was.</summary>
    public LocalDate? ValidFrom { get; init; }

    /// <summary>Last date, included; null: still in force.</summary>
    public LocalDate? ValidTo { get; init; }

    /// <summary>Where the day is closed.</summary>
    public HolidayScope Scope { get; init; } = HolidayScope.Everywhere;

    /// <summary>Weekdays on which the named day must fall for there to be a holiday; empty: any.</summary>
    public ImmutableArray<IsoDayOfWeek> OnlyOn { get; init; } = [];

    /// <summary>By the weekday of the named day, how many days the holiday moves; a weekday that is not there stays.</summary>
    public ImmutableDictionary<IsoDayOfWeek, int> Moves { get; init; } = ImmutableDictionary<IsoDayOfWeek, int>.Empty;

    /// <summary>Where the holiday moves, the named day is closed as well.</summary>
    public bool KeepsNamedDay { get; init; }

    /// <summary>Only in every so many years, counted from <see cref="FirstYear"/>; 1: every year.</summary>
    public int EveryYears { get; init; } = 1;

    /// <summary>First year of a holiday that does not come every year.</summary>
    public int FirstYear { get; init; }

    /// <summary>The closed days that one year's named day gives; a day may be moved into the year before or after.</summary>
    public IEnumerable<LocalDate> In(int year)
    {
        if (EveryYears > 1 && (year < FirstYear || (year - FirstYear) % EveryYears != 0)) yield break;
        foreach (var named in NamedIn(year))
        {
            if (!OnlyOn.IsEmpty && !OnlyOn.Contains(named.DayOfWeek)) continue;
            var moved = named.PlusDays(Moves.GetValueOrDefault(named.DayOfWeek));
            if (IsInForce(moved)) yield return moved;
            if (KeepsNamedDay && moved != named && IsInForce(named)) yield return named;
        }
    }

    /// <summary>Days that the rule names in one year, before any is moved.</summary>
    protected abstract IEnumerable<LocalDate> NamedIn(int year);

    private bool IsInForce(LocalDate date) => (ValidFrom is not { } from || date >= from) && (ValidTo is not { } to || date <= to);

    private static LocalDate? DayOrNull(int year, int month, int day) =>
        day <= CalendarSystem.Iso.GetDaysInMonth(year, month) ? new LocalDate(year, month, day) : null;

    /// <summary>The same date every year.</summary>
    public sealed record Fixed(int Month, int Day) : HolidayRule
    {
        protected override IEnumerable<LocalDate> NamedIn(int year)
        {
            if (DayOrNull(year, Month, Day) is { } date) yield return date;
        }
    }

    /// <summary>So many days after Easter Sunday; negative: before.</summary>
    public sealed record Easter(int Days) : HolidayRule
    {
        protected override IEnumerable<LocalDate> NamedIn(int year) => [EasterSunday.Of(year).PlusDays(Days)];
    }

    /// <summary>The date if it falls on the weekday, else the next such weekday after it.</summary>
    public sealed record MovedTo(int Month, int Day, IsoDayOfWeek Weekday) : HolidayRule
    {
        protected override IEnumerable<LocalDate> NamedIn(int year)
        {
            if (DayOrNull(year, Month, Day) is { } date) yield return date.DayOfWeek == Weekday ? date : date.Next(Weekday);
        }
    }

    /// <summary>The n-th weekday of a month; -1 is the last.</summary>
    public sealed record NthWeekday(int Nth, IsoDayOfWeek Weekday, int Month) : HolidayRule
    {
        protected override IEnumerable<LocalDate> NamedIn(int year)
        {
            var date = Nth < 0
                ? new LocalDate(year, Month, CalendarSystem.Iso.GetDaysInMonth(year, Month)).PlusDays(1).Previous(Weekday)
                : new LocalDate(year, Month, 1).PlusDays(-1).Next(Weekday).PlusDays(7 * (Nth - 1));
            if (date.Month == Month) yield return date;
        }
    }

    /// <summary>A single day, as a decree closes one.</summary>
    public sealed record Once(LocalDate Date) : HolidayRule
    {
        protected override IEnumerable<LocalDate> NamedIn(int year)
        {
            if (Date.Year == year) yield return Date;
        }
    }

    /// <summary>Days that no formula gives: listed by year as far as they are known, and beyond that every date on which one may fall.</summary>
    /// <param name="Otherwise">Days of the year, in months and days, that are all closed in a year without a listed date.</param>
    public sealed record Listed(ImmutableArray<LocalDate> Dates, ImmutableArray<AnnualDate> Otherwise) : HolidayRule
    {
        protected override IEnumerable<LocalDate> NamedIn(int year)
        {
            var known = Dates.Where(date => date.Year == year);
            return known.Any() ? known : Otherwise.Where(day => day.IsValidYear(year)).Select(day => day.InYear(year));
        }
    }
}

/// <summary>The date of Easter in the Gregorian calendar.</summary>
public static class EasterSunday
{
    /// <summary>The anonymous Gregorian algorithm.</summary>
    public static LocalDate Of(int year)
    {
        var a = year % 19;
        var (b, c) = (year / 100, year % 100);
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new LocalDate(year, n / 31, (n % 31) + 1);
    }
}
