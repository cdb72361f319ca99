using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Protocol.Mapping;

/// <summary>Answers of the rules.</summary>
public static class VerdictMap
{
    public static V1.Verdict Write(Verdict source, IEnumerable<string> packVersions, string zoneDataVersion)
    {
        var verdict = new V1.Verdict
        {
            Kind = source.Kind.ToProto(),
            DecidingRuleId = source.IsPermit ? "" : source.RuleId,
            TzVersion = zoneDataVersion,
        };

        // A permission or deferral without end stands at the end of time, which no Timestamp can carry.
        if (source.At < Border.BorderLimits.Latest)
        {
            if (source.Kind == VerdictKind.Permit) verdict.UntilTime = ScalarMap.ToProto(source.At);
            if (source.Kind == VerdictKind.Defer) verdict.NextTime = ScalarMap.ToProto(source.At);
        }

        verdict.PackVersions.AddRange(packVersions);
        return verdict;
    }

    /// <summary>One channel and point of an explanation.</summary>
    public static V1.ChannelExplanation Write(Explanation source, ContactChannel channel, PointId point, IEnumerable<AccountId> permitted)
    {
        var explanation = new V1.ChannelExplanation
        {
            Channel = channel.ToProto(),
            PointId = point.Value ?? "",
            Verdict = Write(source.Verdict, source.PackVersions, source.ZoneDataVersion),
        };
        foreach (var account in permitted) explanation.PermittedAccountIds.Add(account.Value);
        foreach (var rule in source.Rules) explanation.RuleResults.Add(Write(rule, source));
        return explanation;
    }

    public static V1.ZoneWindow Write(ZoneAnswer source)
    {
        var zone = new V1.ZoneWindow
        {
            ZoneId = source.ZoneId,
            Evidence = source.Evidence,
            LocalDate = ScalarMap.ToProto(source.Local.Date),
            LocalTimeOfDay = ScalarMap.ToProto(source.Local.TimeOfDay),
            Holiday = source.Holiday,
        };
        if (source is { OpenFrom: { } from, OpenUntil: { } until })
        {
            zone.Window = new V1.WeeklyWindow
            {
                StartTimeOfDay = ScalarMap.ToProto(from),

                // A half-open window that ends with the day ends at 24:00; midnight would be its beginning.
                EndTimeOfDay = until == LocalTime.Midnight || until == LocalTime.MaxValue ? ScalarMap.ToProto(24 * 60) : ScalarMap.ToProto(until),
            };
            zone.Window.Days.Add((Google.Type.DayOfWeek)(int)source.Local.DayOfWeek);
        }

        return zone;
    }

    private static V1.RuleResult Write(RuleAnswer source, Explanation explanation)
    {
        var result = new V1.RuleResult
        {
            RuleId = source.RuleId,
            PackVersion = source.PackVersion,
            Kind = source.Kind.ToProto(),
            NextTime = source.Next is { } next && next < Border.BorderLimits.Latest ? ScalarMap.ToProto(next) : null,
            Reason = source.Reason,
            LiftedByRuleId = source.LiftedBy,
            Source = source.Source,
            DoesNotApply = source.DoesNotApply,
        };
        if (source.Counter is { } counter) result.Counter = Write(counter);
        return result;
    }

    private static V1.Counter Write(CapUse source) => new()
    {
        Subject = source.Subject,
        ScopeKey = source.ScopeKey,
        Counted = source.Counted,
        Provisional = source.Provisional,
        Limit = source.Limit,
        ByOtherParties = source.ByOthers,
        PeriodStartDate = ScalarMap.ToProto(source.PeriodStart),
        PeriodEndDate = ScalarMap.ToProto(source.PeriodEnd),
    };
}
