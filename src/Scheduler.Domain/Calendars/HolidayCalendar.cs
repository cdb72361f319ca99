using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>
/// The closed days of a place, those of its regions and municipalities included. Immutable; years <see cref="FirstYear"/> to
/// <see cref="LastYear"/> are laid out as bits, others are computed.
/// </summary>
public sealed class HolidayCalendar
{
    public const int FirstYear = 2000;
    public const int LastYear = 2100;

    /// <summary>Days from 1 January 1970 to the first day laid out.</summary>
    private static readonly int FirstDay = EpochDay.From(new LocalDate(FirstYear, 1, 1));

    private readonly ulong[] _closed = new ulong[((LastYear - FirstYear + 1) * 366 / 64) + 1];

    /// <param name="country">Country of the days; empty: wherever a rule names the calendar.</param>
    /// <param name="extended">Calendars whose days are among the rules, each with its country.</param>
    public HolidayCalendar(string id, ImmutableArray<HolidayRule> rules, string country = "", ImmutableDictionary<string, string>? extended = null)
    {
        Id = id;
        Rules = rules;
        CountryOf = (extended ?? ImmutableDictionary<string, string>.Empty).SetItem(id, country);
        IsRegional = rules.Any(rule => !rule.Scope.IsEverywhere);
        // A day of the year before or after may be moved past New Year.
        for (var year = FirstYear - 1; year <= LastYear + 1; year++)
        {
            foreach (var date in rules.SelectMany(rule => rule.In(year)))
            {
                if (date.Year is >= FirstYear and <= LastYear) Close(EpochDay.From(date) - FirstDay);
            }
        }
    }

    public string Id { get; }

    public ImmutableArray<HolidayRule> Rules { get; }

    /// <summary>This calendar and those it extends, each with its country, which may be empty.</summary>
    public ImmutableDictionary<string, string> CountryOf { get; }

    /// <summary>Whether some days are closed only in some places.</summary>
    public bool IsRegional { get; }

    /// <summary>Whether the date is closed in any place of the calendar; <see cref="In"/> narrows it to the places of a debtor.</summary>
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
        string.Join(" and ", Rules.Where(rule => Enumerable.Range(date.Year - 1, 3).Any(year => rule.In(year).Contains(date))).Select(rule => rule.Name).Distinct());

    /// <summary>Every closed day of a year with its name and where it is closed, in order; a date with two holidays is there twice.</summary>
    public IEnumerable<HolidayDate> DaysOf(int year) =>
        from rule in Rules
        from named in Enumerable.Range(year - 1, 3)
        from date in rule.In(named)
        where date.Year == year
        orderby date
        select new HolidayDate(date, rule.Name, rule.Scope);

    /// <summary>The same calendar with further closed days, as a decree adds them.</summary>
    public HolidayCalendar With(IEnumerable<HolidayRule> added) => new(Id, Rules.AddRange(added), CountryOf[Id], CountryOf);

    /// <summary>The days that bind in some of the places; the whole calendar where no place is known.</summary>
    public HolidayCalendar In(ImmutableArray<ZoneCandidate> places) =>
        !IsRegional || places.IsEmpty ? this : new(Id, [.. Rules.Where(rule => Binds(rule, places))], CountryOf[Id], CountryOf);

    internal static bool Binds(HolidayRule rule, ImmutableArray<ZoneCandidate> places)
    {
        foreach (var place in places)
        {
            if (rule.Scope.Covers(place)) return true;
        }

        return false;
    }

    private void Close(int index) => _closed[index >> 6] |= 1UL << (index & 63);
}

/// <summary>One closed day of one year.</summary>
public readonly record struct HolidayDate(LocalDate Date, string Name, HolidayScope Scope);

/// <summary>A closed day added while running, for one calendar; in all of its places unless a region or municipality is named.</summary>
public sealed record ClosedDate(string CalendarId, LocalDate Date, string Name)
{
    /// <summary>Code without the country; empty: every region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Empty: every municipality.</summary>
    public string Municipality { get; init; } = "";

    /// <summary>As a day of a calendar that is, or extends, the one named.</summary>
    /// <param name="country">Country of the calendar named.</param>
    public HolidayRule ToRule(string country) => new HolidayRule.Once(Date)
    {
        Name = Name,
        Scope = new HolidayScope(country, Region.Length == 0 ? [] : [Region], Municipality.Length == 0 ? [] : [Municipality]),
    };
}
