using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>A named day of a holiday calendar, in force between two dates. The union is closed; a country is data, never a case.</summary>
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

    /// <summary>The day in one year; null where the year has none or the rule is not in force on it.</summary>
    public LocalDate? In(int year) =>
        DateIn(year) is { } date && (ValidFrom is not { } from || date >= from) && (ValidTo is not { } to || date <= to) ? date : null;

    protected abstract LocalDate? DateIn(int year);

    private static LocalDate? DayOrNull(int year, int month, int day) =>
        day <= CalendarSystem.Iso.GetDaysInMonth(year, month) ? new LocalDate(year, month, day) : null;

    /// <summary>The same date every year, whatever its weekday.</summary>
    public sealed record Fixed(int Month, int Day) : HolidayRule
    {
        protected override LocalDate? DateIn(int year) => DayOrNull(year, Month, Day);
    }

    /// <summary>So many days after Easter Sunday; negative: before.</summary>
    public sealed record Easter(int Days) : HolidayRule
    {
        protected override LocalDate? DateIn(int year) => EasterSunday.Of(year).PlusDays(Days);
    }

    /// <summary>The date if it falls on the weekday, else the next such weekday after it.</summary>
    public sealed record MovedTo(int Month, int Day, IsoDayOfWeek Weekday) : HolidayRule
    {
        protected override LocalDate? DateIn(int year) =>
            DayOrNull(year, Month, Day) is not { } date ? null : date.DayOfWeek == Weekday ? date : date.Next(Weekday);
    }

    /// <summary>The n-th weekday of a month; -1 is the last.</summary>
    public sealed record NthWeekday(int Nth, IsoDayOfWeek Weekday, int Month) : HolidayRule
    {
        protected override LocalDate? DateIn(int year)
        {
            if (Nth < 0) return new LocalDate(year, Month, CalendarSystem.Iso.GetDaysInMonth(year, Month)).PlusDays(1).Previous(Weekday);
            var date = new LocalDate(year, Month, 1).PlusDays(-1).Next(Weekday).PlusDays(7 * (Nth - 1));
            return date.Month == Month ? date : null;
        }
    }

    /// <summary>A single day, as a decree closes one.</summary>
    public sealed record Once(LocalDate Date) : HolidayRule
    {
        protected override LocalDate? DateIn(int year) => Date.Year == year ? Date : null;
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
