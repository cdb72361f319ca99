using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Packs;

/// <summary>How a period is laid over the calendar.</summary>
public enum CountPeriodKind : byte { LocalDays = 0, CalendarWeek = 1, Rolling = 2 }

/// <summary>How long a contact counts. In local days the day of the contact is day 1; a day is counted in the debtor's own date.</summary>
public readonly record struct CountPeriod
{
    private CountPeriod(CountPeriodKind kind, int days, IsoDayOfWeek weekStart, Duration duration)
    {
        Kind = kind;
        Days = days;
        WeekStart = weekStart;
        Duration = duration;
    }

    public CountPeriodKind Kind { get; }

    public int Days { get; }

    public IsoDayOfWeek WeekStart { get; }

    public Duration Duration { get; }

    public static CountPeriod LocalDays(int days) => new(CountPeriodKind.LocalDays, days, IsoDayOfWeek.None, Duration.Zero);

    public static CountPeriod CalendarWeek(IsoDayOfWeek start) => new(CountPeriodKind.CalendarWeek, 7, start, Duration.Zero);

    public static CountPeriod Rolling(Duration duration) => new(CountPeriodKind.Rolling, 0, IsoDayOfWeek.None, duration);

    /// <summary>Earliest date of a contact that still counts on the date given. Not for rolling periods.</summary>
    public LocalDate FirstCounted(LocalDate today) => FirstCounted(EpochDay.From(today));

    /// <summary>First date on which a contact of the date given no longer counts. Not for rolling periods.</summary>
    public LocalDate ReleasedOn(LocalDate contact) =>
        Kind == CountPeriodKind.LocalDays ? contact.PlusDays(Days) : contact.PlusDays(7 - DayOfWeek(contact));

    /// <summary>The same, of a date in days since 1970.</summary>
    internal LocalDate FirstCounted(int today) =>
        EpochDay.DateOf(today - (Kind == CountPeriodKind.LocalDays ? Days - 1 : ((int)EpochDay.WeekdayOf(today) - (int)WeekStart + 7) % 7));

    private int DayOfWeek(LocalDate date) => ((int)date.DayOfWeek - (int)WeekStart + 7) % 7;

    public override string ToString() => Kind switch
    {
        CountPeriodKind.LocalDays => Days == 1 ? "local day" : $"{Days} local days",
        CountPeriodKind.CalendarWeek => $"week from {WeekStart}",
        _ => $"{Duration}",
    };
}
