using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>The closed days of a place. Immutable; years <see cref="FirstYear"/> to <see cref="LastYear"/> are laid out as bits, others are computed.</summary>
public sealed class HolidayCalendar
{
    public const int FirstYear = 2000;
    public const int LastYear = 2100;

    /// <summary>Days from 1 January 1970 to the first day laid out.</summary>
    private static readonly int FirstDay = EpochDay.From(new LocalDate(FirstYear, 1, 1));

    private readonly ulong[] _closed = new ulong[((LastYear - FirstYear + 1) * 366 / 64) + 1];

    public HolidayCalendar(string id, ImmutableArray<HolidayRule> rules)
    {
        Id = id;
        Rules = rules;
        // A rule of the year before may reach into this one: a date moved past New Year.
        for (var year = FirstYear - 1; year <= LastYear; year++)
        {
            foreach (var rule in rules)
            {
                if (rule.In(year) is { Year: >= FirstYear and <= LastYear } date) Close(EpochDay.From(date) - FirstDay);
            }
        }
    }

    public string Id { get; }

    public ImmutableArray<HolidayRule> Rules { get; }

    public bool IsClosed(LocalDate date) => IsClosed(EpochDay.From(date));

    /// <summary>The same by the number of days since 1 January 1970.</summary>
    internal bool IsClosed(int day)
    {
        var index = day - FirstDay;
        var word = index >> 6;
        if (index >= 0 && word < _closed.Length) return (_closed[word] & (1UL << (index & 63))) != 0;
        return NameOf(EpochDay.DateOf(day)).Length > 0;
    }

    /// <summary>Names of the holidays on a date, joined with " and "; empty on an ordinary day.</summary>
    public string NameOf(LocalDate date) =>
        string.Join(" and ", Rules.Where(rule => rule.In(date.Year) == date || rule.In(date.Year - 1) == date).Select(rule => rule.Name).Distinct());

    /// <summary>The same calendar with further closed days, as a decree adds them.</summary>
    public HolidayCalendar With(IEnumerable<HolidayRule> added) => new(Id, Rules.AddRange(added));

    private void Close(int index) => _closed[index >> 6] |= 1UL << (index & 63);
}

/// <summary>A closed day added while running, for one calendar.</summary>
public sealed record ClosedDate(string CalendarId, LocalDate Date, string Name);
