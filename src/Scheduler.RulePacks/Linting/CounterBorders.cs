using NodaTime;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.RulePacks.Linting;

/// <summary>Cases that a counter wants: one contact below, at and above the limit, and the first time at which it frees.</summary>
internal static class CounterBorders
{
    /// <summary>How many days before a row the counter may have freed, the days between being closed by other rules.</summary>
    private const int DaysBack = 7;

    public static IEnumerable<MissingCase> Missing(Rule.Counter rule, IReadOnlyCollection<Sighting> seen)
    {
        if (rule.Limit == 0)
        {
            if (!seen.Any(one => !one.IsPermit)) yield return new(LintCodes.BorderCap, "refused", "a row that it forbids");
            yield break;
        }

        if (rule.IsClosing)
        {
            if (!seen.Any(IsLastClosed)) yield return new(LintCodes.BorderClosing, "in the last time that it closes", "a row on the last day that is closed (for hours: in the last second)");
            if (!seen.Any(IsFirstOpen)) yield return new(LintCodes.BorderClosing, "at the first instant at which it frees", "a row at the first permitted instant after a counted contact");
            yield break;
        }

        if (!seen.Any(one => one.IsPermit && Used(one) == rule.Limit - 1)) yield return new(LintCodes.BorderCap, $"with {rule.Limit - 1} counted contacts", "a row that permits one more");
        if (!seen.Any(one => !one.IsPermit && Used(one) == rule.Limit)) yield return new(LintCodes.BorderCap, $"with {rule.Limit} counted contacts", "a row that defers");
        if (!seen.Any(one => !one.IsPermit && Used(one) > rule.Limit)) yield return new(LintCodes.BorderCap, $"with {rule.Limit + 1} counted contacts", "a row that defers until all but the permitted number have run out");
        if (rule.Periods.Contains(CountPeriod.Ever)) yield break;
        if (!seen.Any(IsFirstOpen)) yield return new(LintCodes.BorderCap, "at the first instant at which it frees", "a row at the first permitted instant after the limit was reached");
    }

    private static int Used(Sighting one) => one.Answer.Counter is { } use ? use.Counted + use.Provisional : 0;

    /// <summary>Permitted here; shortly before, this counter closed it, and nothing was permitted since it freed.</summary>
    private static bool IsFirstOpen(Sighting one)
    {
        if (!one.IsPermit || !one.Case.Evaluate(one.At).IsPermit || one.Case.Situation.Question().Debtor.Contacts.IsEmpty) return false;
        return Before(one).Any(earlier => one.AnswerAt(earlier) is { Kind: VerdictKind.Defer, Next: { } free } && free <= one.At
            && (free == one.At || one.Case.Evaluate(free) is { Kind: VerdictKind.Defer } verdict && verdict.At == one.At));
    }

    private static IEnumerable<Instant> Before(Sighting one)
    {
        yield return one.At - Duration.Epsilon;
        var zone = one.Case.Situation.Candidates.Shown;
        var today = one.At.InZone(zone).Date;
        for (var back = 0; back < DaysBack; back++) yield return zone.AtStartOfDay(today.PlusDays(-back)).ToInstant() - Duration.Epsilon;
    }

    /// <summary>Closed by this counter, on the last day on which anything else would have permitted.</summary>
    private static bool IsLastClosed(Sighting one)
    {
        if (one.IsPermit || one.Answer.Next is not { } free) return false;
        if (((Rule.Counter)one.Rule).Periods.All(period => period.Kind == CountPeriodKind.Rolling)) return free - one.At <= Duration.FromSeconds(1);
        var zone = one.Case.Situation.Candidates.Shown;
        var tomorrow = zone.AtStartOfDay(one.At.InZone(zone).Date.PlusDays(1)).ToInstant();
        return tomorrow >= free || one.Case.Evaluate(tomorrow, Without(one)) is { Kind: VerdictKind.Defer } verdict && verdict.At >= free;
    }

    private static PolicySnapshot Without(Sighting one) => new(
        one.Case.Policy.Epoch,
        [.. one.Case.Policy.Packs.Select(pack => pack.Id == one.Pack.Id ? pack with { Rules = [.. pack.Rules.Where(rule => rule.Id != one.Rule.Id)] } : pack)],
        one.Case.Policy.Zones,
        [],
        PackLibrary.DefaultMargins);
}
