using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Packs;

/// <summary>How a period is laid over the calendar.</summary>
public enum CountPeriodKind : byte { LocalDays = 0, CalendarWeek = 1, Rolling = 2, Ever = 3 }

/// <summary>How long a contact counts. In local days the day of the contact is day 1; a day is counted in the debtor's own date.</summary>
public readonly record struct CountPeriod
{
    private CountPeriod(CountPeriodKind kind, int days, IsoDayOfWeek weekStart, Duration duration)
    {
        Kind = kind;
        Days = days;
        WeekStart = weekStart;
        Duration = duration;
        Length = duration.BclCompatibleTicks;
    }

    public CountPeriodKind Kind { get; }

    public int Days { get; }

    public IsoDayOfWeek WeekStart { get; }

    public Duration Duration { get; }

    /// <summary><see cref="Duration"/> in ticks.</summary>
    internal long Length { get; }

    public static CountPeriod LocalDays(int days) => new(CountPeriodKind.LocalDays, days, IsoDayOfWeek.None, Duration.Zero);

    public static CountPeriod CalendarWeek(IsoDayOfWeek start) => new(CountPeriodKind.CalendarWeek, 7, start, Duration.Zero);

    public static CountPeriod Rolling(Duration duration) => new(CountPeriodKind.Rolling, 0, IsoDayOfWeek.None, duration);

    /// <summary>A contact that counts in it counts for ever.</summary>
    public static readonly CountPeriod Ever = new(CountPeriodKind.Ever, 0, IsoDayOfWeek.None, Duration.Zero);

    /// <summary>Earliest date of a contact that still counts on the date given. Not for rolling periods.</summary>
    public LocalDate FirstCounted(LocalDate today) => EpochDay.DateOf(FirstCounted(EpochDay.From(today)));

    /// <summary>First date on which a contact of the date given no longer counts. Only for periods of days.</summary>
    public LocalDate ReleasedOn(LocalDate contact) => EpochDay.DateOf(ReleasedOn(EpochDay.From(contact)));

    /// <summary>The same, in days since 1970.</summary>
    internal int FirstCounted(int today) => Kind switch
    {
        CountPeriodKind.LocalDays => today - Days + 1,
        CountPeriodKind.CalendarWeek => today - DayOfWeek(today),
        _ => 0,
    };

    /// <inheritdoc cref="FirstCounted(int)"/>
    internal int ReleasedOn(int contact) => Kind == CountPeriodKind.LocalDays ? contact + Days : contact + 7 - DayOfWeek(contact);

    private int DayOfWeek(int day) => ((int)EpochDay.WeekdayOf(day) - (int)WeekStart + 7) % 7;

    public override string ToString() => Kind switch
    {
        CountPeriodKind.LocalDays => Days == 1 ? "local day" : $"{Days} local days",
        CountPeriodKind.CalendarWeek => $"week from {WeekStart}",
        CountPeriodKind.Ever => "all time",
        _ => $"{Duration}",
    };
}
