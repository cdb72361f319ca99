using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Asks every rule, even when the first has decided, and says what each found in words fit for a report.</summary>
internal static class Explainer
{
    public static Explanation Explain(in PolicyQuestion question, PolicySnapshot policy)
    {
        var moment = new Moment(question, policy.PlaceOf(question.Debtor), Ticks.Of(question.At));
        var judged = new List<JudgedRule>();
        var tally = new Tally(policy.MarginOf(question.Channel), judged);
        PolicyEvaluator.Judge(question, moment, ref tally);
        var rules = ImmutableArray.CreateBuilder<RuleAnswer>(judged.Count);
        foreach (var one in judged) rules.Add(Answer(one, question, moment));
        return new Explanation(
            PolicyEvaluator.Evaluate(question, policy),
            rules.DrainToImmutable(),
            Zones(moment),
            moment.Place.Selection.Versions,
            Missing(question, moment),
            policy.ZoneDataVersion);
    }

    private static RuleAnswer Answer(JudgedRule judged, in PolicyQuestion question, in Moment moment)
    {
        var silence = judged is { Bound: { } rule, Finding.IsPermit: true, LiftedBy: null } ? Silence.Of(rule, question, moment) : null;
        return silence is null ? Applying(judged, question, moment) : new RuleAnswer
        {
            RuleId = judged.RuleId,
            PackVersion = judged.Bound!.Pack.Version,
            Kind = VerdictKind.Permit,
            DoesNotApply = true,
            Reason = silence,
            Source = judged.Bound.Rule.Source,
        };
    }

    private static RuleAnswer Applying(JudgedRule judged, in PolicyQuestion question, in Moment moment) => new()
    {
        RuleId = judged.RuleId,
        PackVersion = judged.Bound?.Pack.Version ?? "",
        Kind = judged.Finding.Kind,
        Next = judged.Finding.Kind == VerdictKind.Defer ? Ticks.ToInstant(judged.Finding.At) : null,
        Counter = judged.Bound is { Rule: Rule.Counter counter } bound ? Use(bound, counter, question, moment) : null,
        Reason = Reasons.Of(judged),
        LiftedBy = judged.LiftedBy?.Id ?? "",
        Source = judged.Bound?.Rule.Source ?? "",
    };

    /// <summary>The fullest of the counters that the rule keeps for this contact.</summary>
    private static CapUse? Use(BoundRule bound, Rule.Counter rule, in PolicyQuestion question, in Moment moment)
    {
        CapUse? fullest = null;
        var perAccount = ContactCount.IsPerAccount(rule) && !question.Accounts.IsDefaultOrEmpty;
        for (var index = 0; index < (perAccount ? question.Accounts.Length : 1); index++)
        {
            foreach (var period in rule.Periods)
            {
                var use = ContactCount.Use(bound, rule, period, question, moment, perAccount ? question.Accounts[index] : null);
                if (fullest is null || use.Counted + use.Provisional > fullest.Counted + fullest.Provisional) fullest = use;
            }
        }

        return fullest;
    }

    /// <summary>For each candidate, the narrowest open span of the local date over the windows that apply.</summary>
    private static ImmutableArray<ZoneAnswer> Zones(in Moment moment)
    {
        var answers = ImmutableArray.CreateBuilder<ZoneAnswer>();
        foreach (var candidate in moment.Candidates.All)
        {
            var local = moment.At.InZone(candidate.Zone).LocalDateTime;
            var (from, until, holiday) = (0, Consent.WeeklyHours.EndOfDay, "");
            foreach (var bound in moment.Place.Selection.Rules)
            {
                if (bound.Rule is not Rule.Window window || !IsJudgedIn(candidate.Zone, bound, moment)) continue;
                var name = window.ClosedOn?.NameOf(local.Date) ?? "";
                if (name.Length > 0) holiday = name;
                var spans = window.Week.Hours.Where(span => span.Includes(local.DayOfWeek)).ToList();
                if (name.Length > 0 || spans.Count == 0) (from, until) = (0, 0);
                else (from, until) = (Math.Max(from, spans.Min(span => span.StartMinute)), Math.Min(until, spans.Max(span => span.EndMinute)));
            }

            var isOpen = from < until;
            answers.Add(new ZoneAnswer(candidate.Zone.Id, candidate.Evidence, local, isOpen ? TimeOf(from) : null, isOpen ? TimeOf(until) : null, holiday));
        }

        return answers.ToImmutable();
    }

    /// <summary>Midnight at the end of the day is shown as the last tick of it.</summary>
    private static bool IsJudgedIn(DateTimeZone zone, BoundRule bound, in Moment moment)
    {
        foreach (var clock in moment.Place.ClocksOf(bound))
        {
            if (clock.Zone.Id == zone.Id) return true;
        }

        return false;
    }

    private static LocalTime TimeOf(int minute) => minute == Consent.WeeklyHours.EndOfDay ? LocalTime.MaxValue : LocalTime.FromMinutesSinceMidnight(minute);

    private static ImmutableArray<string> Missing(in PolicyQuestion question, in Moment moment)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        if (!moment.Candidates.IsKnown) missing.Add("location");
        if (question.Purpose == ContactPurpose.Unknown) missing.Add("purpose");
        if (question.Mode == PlacementMode.Unknown) missing.Add("placement_mode");
        if (question.Role == PartyRole.Unknown) missing.Add("role");
        if (question.Point.Kind == PointKind.Unknown) missing.Add("point.kind");
        if (question.Point.Place == PointPlace.Unknown) missing.Add("point.place");
        if (question.Accounts.IsDefaultOrEmpty) missing.Add("accounts");
        else
        {
            foreach (var account in question.Accounts)
            {
                if (account.Collector == CollectorKind.Unknown) missing.Add($"account {account.Id}: collector");
                if (account.Product.Length == 0) missing.Add($"account {account.Id}: product");
                if (account.Stage == AccountStage.Unknown) missing.Add($"account {account.Id}: stage");
                if (account.ContractOn is null) missing.Add($"account {account.Id}: contract_on");
                if (account.IsTimeBarred is null) missing.Add($"account {account.Id}: time_barred");
            }
        }

        return missing.ToImmutable();
    }
}
