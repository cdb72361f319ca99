using NodaTime;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Linting;

/// <summary>Cases that dates of effect and changes of clock want.</summary>
internal static class DateBorders
{
    /// <summary>Years looked at for changes of clock: whether a zone keeps daylight saving is asked of these.</summary>
    private static readonly Instant From = Instant.FromUtc(2026, 1, 1, 0, 0), Until = Instant.FromUtc(2029, 1, 1, 0, 0);

    /// <param name="cases">Rows of places where the pack applies.</param>
    public static IEnumerable<MissingCase> OfValidity(LocalDate? from, LocalDate? to, IReadOnlyCollection<ReadyCase> cases)
    {
        if (from is { } first)
        {
            if (!On(cases, first)) yield return new(LintCodes.BorderDate, $"on the first day in force ({first:uuuu-MM-dd})", "a row on that day");
            if (!On(cases, first.PlusDays(-1))) yield return new(LintCodes.BorderDate, $"on the day before the first in force ({first.PlusDays(-1):uuuu-MM-dd})", "a row on that day");
        }

        if (to is not { } last) yield break;
        if (!On(cases, last)) yield return new(LintCodes.BorderDate, $"on the last day in force ({last:uuuu-MM-dd})", "a row on that day");
        if (!On(cases, last.PlusDays(1))) yield return new(LintCodes.BorderDate, $"on the day after the last in force ({last.PlusDays(1):uuuu-MM-dd})", "a row on that day");
    }

    /// <summary>Where a place of the pack changes its clocks: a row on a day with a gap, and one on a day with an overlap.</summary>
    public static IEnumerable<MissingCase> OfClocks(IReadOnlyCollection<DateTimeZone> zones, IReadOnlyCollection<ReadyCase> cases)
    {
        var changing = zones.Where(zone => zone.GetZoneIntervals(From, Until).Skip(1).Any()).ToList();
        if (changing.Count == 0) yield break;
        var shown = changing.Count > 3 ? $"{changing[0].Id} and {changing.Count - 1} more zones" : string.Join(", ", changing.Select(zone => zone.Id));
        if (!cases.Any(one => ChangesOn(one, changing, forward: true))) yield return new(LintCodes.BorderClocks, $"on a day when clocks go forward ({shown})", "a row on such a day");
        if (!cases.Any(one => ChangesOn(one, changing, forward: false))) yield return new(LintCodes.BorderClocks, $"on a day when clocks go back ({shown})", "a row on such a day");
    }

    private static bool ChangesOn(ReadyCase one, List<DateTimeZone> changing, bool forward)
    {
        foreach (var zone in one.Situation.Candidates.Zones)
        {
            if (!changing.Contains(zone)) continue;
            var date = one.Situation.At.InZone(zone).Date;
            var (start, end) = (zone.AtStartOfDay(date).ToInstant(), zone.AtStartOfDay(date.PlusDays(1)).ToInstant());
            if (forward ? end - start < Duration.FromDays(1) : end - start > Duration.FromDays(1)) return true;
        }

        return false;
    }

    private static bool On(IEnumerable<ReadyCase> cases, LocalDate date) => cases.Any(one =>
    {
        foreach (var zone in one.Situation.Candidates.Zones)
        {
            if (one.Situation.At.InZone(zone).Date == date) return true;
        }

        return false;
    });
}
