using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>
/// The figures of Colombia (Ley 2300 of 2023) and the United States (Regulation F, TCPA), written down a second time and apart from
/// the rule packs, so that a mistake in a pack is not repeated here.
/// </summary>
internal static class AuditedLaw
{
    public const string Colombia = "CO";
    public const string UnitedStates = "US";

    /// <summary>Seven calls in seven days about one debt (12 CFR 1006.14(b)(2)(i)(A)).</summary>
    public const int CallsPerDebt = 7;

    /// <summary>Days that a conversation or a delivered contact closes, its own day included.</summary>
    public const int ClosedDays = 7;

    /// <summary>Whoever writes outside the hours may be answered outside them for so long (CFPB on 12 CFR 1006.6(b); for Colombia a reading of ours).</summary>
    public static readonly Duration AnswersAtNight = Duration.FromHours(1);

    /// <summary>For so long an answer is not the day's or week's contact of Ley 2300.</summary>
    public static readonly Duration AnswersByDay = Duration.FromHours(24);

    /// <summary>Information asked for in Colombia is given by the next day at the latest (SFC 2023080946-002-000); the day of the request is the first.</summary>
    public const int DaysToInform = 2;

    private static readonly LocalDate ChiquinquiraSince = new(2026, 6, 1);

    private static readonly Dictionary<string, string[]> StatesOfOneZone = new()
    {
        ["America/New_York"] = ["CT", "DE", "DC", "GA", "ME", "MD", "MA", "NH", "NJ", "NY", "NC", "OH", "PA", "RI", "SC", "VT", "VA", "WV"],
        ["America/Chicago"] = ["AR", "IL", "IA", "LA", "MN", "MS", "MO", "OK", "WI"],
        ["America/Denver"] = ["CO", "MT", "NM", "UT", "WY"],
        ["America/Los_Angeles"] = ["CA", "WA"],
        ["Pacific/Honolulu"] = ["HI"],
    };

    /// <summary>The zone that evidence of a place names by itself; empty where it may be several.</summary>
    public static string ZoneOf(LocationEvidence evidence)
    {
        if (evidence.ZoneId.Length > 0) return evidence.ZoneId;
        if (evidence.CountryCode == Colombia) return "America/Bogota";
        if (evidence.CountryCode != UnitedStates) return "";
        var state = evidence.RegionCode.StartsWith("US-", StringComparison.Ordinal) ? evidence.RegionCode[3..] : evidence.RegionCode;
        return StatesOfOneZone.FirstOrDefault(entry => entry.Value.Contains(state)).Key ?? "";
    }

    /// <summary>Whether the law of the country leaves the local time open for the channel.</summary>
    public static bool IsOpen(string country, LocalDateTime local, ContactChannel channel, bool bindsCollector) => country switch
    {
        Colombia => IsOpenInColombia(local),
        UnitedStates => !bindsCollector || channel is ContactChannel.Inbox or ContactChannel.Letter || local.Hour is >= 8 and < 21,
        _ => true,
    };

    /// <summary>Colombia's hours are those in which the consumer may be reached, not only those of sending.</summary>
    public static bool JudgesDelivery(string country) => country == Colombia;

    /// <summary>In such a channel people speak with each other.</summary>
    public static bool IsSpoken(ContactChannel channel) => channel is ContactChannel.Call or ContactChannel.Ivr or ContactChannel.Visit or ContactChannel.Chat;

    public static bool IsVoice(ContactChannel channel) => channel is ContactChannel.Call or ContactChannel.Ivr or ContactChannel.VoicemailDrop;

    /// <summary>Regulation F binds whoever collects for another or bought the debt; who is not known is treated as bound.</summary>
    public static bool BindsCollector(CollectorKind kind) => kind is CollectorKind.ThirdParty or CollectorKind.DebtBuyer or CollectorKind.Unknown;

    public static bool IsColombianHoliday(LocalDate date)
    {
        if ((date.Month, date.Day) is (1, 1) or (5, 1) or (7, 20) or (8, 7) or (12, 8) or (12, 25)) return true;
        var easter = Easter(date.Year);
        if (date == easter.PlusDays(-3) || date == easter.PlusDays(-2)) return true;
        if (date == easter.PlusDays(43) || date == easter.PlusDays(64) || date == easter.PlusDays(71)) return true;
        foreach (var (month, day) in (ReadOnlySpan<(int, int)>)[(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)])
        {
            if (date == MondayFrom(new(date.Year, month, day))) return true;
        }

        var chiquinquira = new LocalDate(date.Year, 7, 9);
        return chiquinquira >= ChiquinquiraSince && date == MondayFrom(chiquinquira);
    }

    private static bool IsOpenInColombia(LocalDateTime local) => local.DayOfWeek switch
    {
        IsoDayOfWeek.Sunday => false,
        _ when IsColombianHoliday(local.Date) => false,
        IsoDayOfWeek.Saturday => local.Hour is >= 8 and < 15,
        _ => local.Hour is >= 7 and < 19,
    };

    private static LocalDate MondayFrom(LocalDate date)
    {
        while (date.DayOfWeek != IsoDayOfWeek.Monday) date = date.PlusDays(1);
        return date;
    }

    // Gregorian computus (Meeus, Jones and Butcher).
    private static LocalDate Easter(int year)
    {
        var a = year % 19;
        var b = year / 100;
        var c = year % 100;
        var d = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var e = (32 + (2 * (b % 4)) + (2 * (c / 4)) - d - (c % 4)) % 7;
        var f = d + e - (7 * ((a + (11 * d) + (22 * e)) / 451)) + 114;
        return new LocalDate(year, f / 31, (f % 31) + 1);
    }
}
