using System.Collections.Immutable;

namespace Scheduler.Domain.Calendars;

/// <summary>
/// Where a holiday is closed. An empty part asks for nothing, and a part of the debtor's place that is not known excludes nothing: who
/// may live in any region keeps the holidays of all of them.
/// </summary>
/// <param name="Regions">Codes without the country; the day is closed in each.</param>
/// <param name="Municipalities">Codes as the country writes them; the day is closed in each.</param>
public sealed record HolidayScope(string Country, ImmutableArray<string> Regions, ImmutableArray<string> Municipalities)
{
    public static readonly HolidayScope Everywhere = new("", [], []);

    public bool IsEverywhere => Country.Length == 0 && Regions.IsEmpty && Municipalities.IsEmpty;

    public bool Covers(ZoneCandidate candidate) =>
        (Country.Length == 0 || candidate.Country.Length == 0 || Country == candidate.Country)
        && Holds(Regions, candidate.Region) && Holds(Municipalities, candidate.Municipality);

    private static bool Holds(ImmutableArray<string> asked, string known) => asked.IsEmpty || known.Length == 0 || asked.Contains(known);
}
