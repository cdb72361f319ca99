using NodaTime;

namespace Scheduler.RulePacks.Tests.Holidays;

/// <summary>
/// The laws read aloud: every day found by walking from the date that the law names, with nothing of the calendars that are tested.
/// Regional days are left out.
/// </summary>
internal static class SlowHolidays
{
    private const IsoDayOfWeek Mon = IsoDayOfWeek.Monday;
    private const IsoDayOfWeek Tue = IsoDayOfWeek.Tuesday;
    private const IsoDayOfWeek Wed = IsoDayOfWeek.Wednesday;
    private const IsoDayOfWeek Thu = IsoDayOfWeek.Thursday;
    private const IsoDayOfWeek Fri = IsoDayOfWeek.Friday;
    private const IsoDayOfWeek Sat = IsoDayOfWeek.Saturday;
    private const IsoDayOfWeek Sun = IsoDayOfWeek.Sunday;

    public static IEnumerable<LocalDate> Of(string country, int year) => country switch
    {
        "PE" => Peru(year),
        "MX" => Mexico(year),
        "CL" => Chile(year),
        "EC" => new[] { year - 1, year, year + 1 }.SelectMany(Ecuador).Where(date => date.Year == year),
        "GT" => Guatemala(year),
        "GB-ENG" or "GB-WLS" or "GB-NIR" or "GB-SCT" => UnitedKingdom(country[3..], year),
        "IE" => Ireland(year),
        "BR" => Brazil(year),
        "AR" => Argentina(year),
        "ES" => Spain(year),
        "PA" => Panama(year),
        "CR" => Fixed(year, "01-01 04-11 05-01 07-25 08-15 09-15 12-25").Concat([Back(Easter(year), Thu), Back(Easter(year), Fri)]),
        _ => throw new ArgumentOutOfRangeException(nameof(country), country, "No law is read here."),
    };

    private static IEnumerable<LocalDate> Peru(int year)
    {
        foreach (var date in Fixed(year, "01-01 05-01 06-29 07-28 07-29 08-30 10-08 11-01 12-08 12-25")) yield return date;
        yield return Back(Easter(year), Thu);
        yield return Back(Easter(year), Fri);
        // Four days were added one after another.
        if (year >= 2022) yield return new LocalDate(year, 12, 9);
        if (year >= 2022) yield return new LocalDate(year, 8, 6);
        if (year >= 2023) yield return new LocalDate(year, 7, 23);
        if (year >= 2024) yield return new LocalDate(year, 6, 7);
    }

    private static IEnumerable<LocalDate> Mexico(int year)
    {
        foreach (var date in Fixed(year, "01-01 05-01 09-16 12-25")) yield return date;
        yield return OnOrAfter(new LocalDate(year, 2, 1), Mon);
        yield return OnOrAfter(new LocalDate(year, 3, 15), Mon);
        yield return OnOrAfter(new LocalDate(year, 11, 15), Mon);
        if (year is 2024 or 2030) yield return new LocalDate(year, 10, 1);
    }

    private static IEnumerable<LocalDate> Chile(int year)
    {
        foreach (var date in Fixed(year, "01-01 05-01 05-21 07-16 08-15 09-18 09-19 11-01 12-08 12-25")) yield return date;
        yield return Back(Easter(year), Fri);
        yield return Back(Easter(year), Sat);
        foreach (var date in Fixed(year, "06-29 10-12"))
        {
            if (date.DayOfWeek is Tue or Wed or Thu) yield return Back(date, Mon);
            else if (date.DayOfWeek is Fri) yield return OnOrAfter(date, Mon);
            else yield return date;
        }

        var reformation = new LocalDate(year, 10, 31);
        if (reformation.DayOfWeek is Tue) yield return Back(reformation, Fri);
        else if (reformation.DayOfWeek is Wed) yield return OnOrAfter(reformation, Fri);
        else yield return reformation;
        if (new LocalDate(year, 1, 2).DayOfWeek is Mon) yield return new LocalDate(year, 1, 2);
        if (new LocalDate(year, 9, 17).DayOfWeek is Mon or Fri) yield return new LocalDate(year, 9, 17);
        if (new LocalDate(year, 9, 20).DayOfWeek is Fri) yield return new LocalDate(year, 9, 20);
        if (year == 2022) yield return new LocalDate(2022, 9, 16);
        // The first was set by the law; since then it is the day of the solstice by the clock of Santiago in winter.
        if (year == 2021) yield return new LocalDate(2021, 6, 21);
        if (year > 2021) yield return (Solstice.June(year) - Duration.FromHours(4)).InUtc().Date;
    }

    private static IEnumerable<LocalDate> Ecuador(int year)
    {
        foreach (var date in Fixed(year, "01-01 05-01 05-24 08-10 10-09 11-02 11-03 12-25")) yield return date;
        yield return Back(Easter(year), Fri);
        // Carnival is the Monday and Tuesday before Ash Wednesday, which is forty days before Easter, Sundays not counted.
        yield return Back(Easter(year).PlusDays(-46), Mon);
        yield return Back(Easter(year).PlusDays(-46), Tue);
        foreach (var date in Fixed(year, "05-01 05-24 08-10 10-09"))
        {
            if (date.DayOfWeek is Tue) yield return Back(date, Mon);
            if (date.DayOfWeek is Wed or Thu) yield return OnOrAfter(date, Fri);
        }

        foreach (var date in Fixed(year, "01-01 05-01 05-24 08-10 10-09 12-25"))
        {
            if (date.DayOfWeek is Sat) yield return Back(date, Fri);
            if (date.DayOfWeek is Sun) yield return OnOrAfter(date, Mon);
        }

        var (souls, cuenca) = (new LocalDate(year, 11, 2), new LocalDate(year, 11, 3));
        if (souls.DayOfWeek is Tue) yield return Back(cuenca, Mon);
        if (souls.DayOfWeek is Wed) yield return OnOrAfter(souls, Fri);
        if (souls.DayOfWeek is Fri) yield return Back(cuenca, Thu);
        if (souls.DayOfWeek is Sat) yield return Back(souls, Fri);
        if (souls.DayOfWeek is Sat) yield return OnOrAfter(cuenca, Mon);
        if (souls.DayOfWeek is Sun) yield return OnOrAfter(souls, Tue);
        if (year == 2024) yield return new LocalDate(2024, 10, 31);
    }

    private static IEnumerable<LocalDate> Guatemala(int year)
    {
        foreach (var date in Fixed(year, "01-01 05-01 06-30 08-15 09-15 10-20 11-01 12-24 12-25 12-31")) yield return date;
        foreach (var weekday in new[] { Thu, Fri, Sat }) yield return Back(Easter(year), weekday);
        foreach (var date in Fixed(year, "06-30 10-20")) yield return date.DayOfWeek is Tue or Wed ? Back(date, Mon) : OnOrAfter(date, Mon);
    }

    private static IEnumerable<LocalDate> Brazil(int year)
    {
        foreach (var date in Fixed(year, "01-01 04-21 05-01 09-07 10-12 11-02 11-15 12-25")) yield return date;
        if (year >= 2024) yield return new LocalDate(year, 11, 20);
        yield return Back(Easter(year), Fri);
        yield return Back(Easter(year).PlusDays(-46), Mon);
        yield return Back(Easter(year).PlusDays(-46), Tue);
        // Corpus Christi is the Thursday after Trinity Sunday, eight weeks after Easter.
        yield return OnOrAfter(Easter(year).PlusDays(56), Thu);
    }

    private static IEnumerable<LocalDate> Argentina(int year)
    {
        foreach (var date in Fixed(year, "01-01 03-24 04-02 05-01 05-25 06-20 07-09 12-08 12-25")) yield return date;
        yield return Back(Easter(year), Thu);
        yield return Back(Easter(year), Fri);
        yield return Back(Easter(year).PlusDays(-46), Mon);
        yield return Back(Easter(year).PlusDays(-46), Tue);
        foreach (var date in Fixed(year, "06-17 08-17 10-12 11-20"))
        {
            if (date.DayOfWeek is Tue or Wed) yield return Back(date, Mon);
            else if (date.DayOfWeek is Thu || (date.DayOfWeek is Fri && date.Month != 6)) yield return OnOrAfter(date, Mon);
            else yield return date;
        }

        if (year == 2026) foreach (var date in Fixed(year, "03-23 07-10 12-07")) yield return date;
    }

    /// <summary>Every day on a Sunday closes the Monday as well.</summary>
    private static IEnumerable<LocalDate> Spain(int year)
    {
        yield return Back(Easter(year), Fri);
        foreach (var date in Fixed(year, "01-01 01-06 05-01 08-15 10-12 11-01 12-06 12-08 12-25"))
        {
            yield return date;
            if (date.DayOfWeek is Sun) yield return OnOrAfter(date, Mon);
        }
    }

    /// <summary>A named day at the weekend is closed, and so is the next weekday that nothing else has closed.</summary>
    private static List<LocalDate> UnitedKingdom(string nation, int year)
    {
        var isScottish = nation == "SCT";
        List<LocalDate> days = [.. Fixed(year, "01-01 12-25 12-26"), Back(Easter(year), Fri)];
        if (isScottish) days.AddRange(Fixed(year, "01-02 11-30"));
        if (nation == "NIR") days.AddRange(Fixed(year, "03-17 07-12"));
        if (!isScottish) days.Add(OnOrAfter(Easter(year), Mon));
        days.Add(year == 2020 ? new LocalDate(2020, 5, 8) : OnOrAfter(new LocalDate(year, 5, 1), Mon));
        days.Add(year == 2022 ? new LocalDate(2022, 6, 2) : Back(new LocalDate(year, 6, 1), Mon));
        days.Add(isScottish ? OnOrAfter(new LocalDate(year, 8, 1), Mon) : Back(new LocalDate(year, 9, 1), Mon));
        // The Jubilee, the funeral of the Queen, the coronation of the King, the World Cup.
        if (year == 2022) days.AddRange(Fixed(year, "06-03 09-19"));
        if (year == 2023) days.AddRange(Fixed(year, "05-08"));
        if (year == 2026 && isScottish) days.AddRange(Fixed(year, "06-15"));
        foreach (var date in days.Order().ToList())
        {
            if (date.DayOfWeek is not (Sat or Sun)) continue;
            var substitute = OnOrAfter(date, Mon);
            while (days.Contains(substitute)) substitute = substitute.PlusDays(1);
            days.Add(substitute);
        }

        return days;
    }

    private static IEnumerable<LocalDate> Ireland(int year)
    {
        foreach (var date in Fixed(year, "01-01 03-17 12-25 12-26")) yield return date;
        var brigid = new LocalDate(year, 2, 1);
        if (year >= 2023) yield return brigid.DayOfWeek is Fri ? brigid : OnOrAfter(brigid, Mon);
        if (year == 2022) yield return new LocalDate(2022, 3, 18);
        yield return OnOrAfter(Easter(year), Mon);
        foreach (var date in Fixed(year, "05-01 06-01 08-01")) yield return OnOrAfter(date, Mon);
        yield return Back(new LocalDate(year, 11, 1), Mon);
    }

    private static IEnumerable<LocalDate> Panama(int year)
    {
        var days = Fixed(year, "01-01 01-09 05-01 11-03 11-05 11-10 11-28 12-08 12-25").ToList();
        if (year >= 2022) days.Add(new LocalDate(year, 12, 20));
        if (year is 2024 or 2029 or 2034) days.Add(new LocalDate(year, 7, 1));
        foreach (var date in days)
        {
            yield return date;
            if (date.DayOfWeek is Sun) yield return OnOrAfter(date, Mon);
        }

        yield return Back(Easter(year).PlusDays(-46), Tue);
        yield return Back(Easter(year), Fri);
    }

    private static IEnumerable<LocalDate> Fixed(int year, string days) =>
        days.Split(' ').Select(day => new LocalDate(year, int.Parse(day[..2], null), int.Parse(day[3..], null)));

    private static LocalDate OnOrAfter(LocalDate date, IsoDayOfWeek weekday)
    {
        while (date.DayOfWeek != weekday) date = date.PlusDays(1);
        return date;
    }

    /// <summary>The weekday before the date.</summary>
    private static LocalDate Back(LocalDate date, IsoDayOfWeek weekday)
    {
        do date = date.PlusDays(-1);
        while (date.DayOfWeek != weekday);
        return date;
    }

    /// <summary>Sunday after the paschal full moon, of the table of full moons by golden number for 1900 to 2199.</summary>
    private static LocalDate Easter(int year)
    {
        int[] moons = [414, 403, 323, 411, 331, 418, 408, 328, 416, 405, 325, 413, 402, 322, 410, 330, 417, 407, 327];
        var moon = moons[year % 19];
        return OnOrAfter(new LocalDate(year, moon / 100, moon % 100).PlusDays(1), Sun);
    }
}
