using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>What kind of rule refused: few kinds, for counting.</summary>
public enum RefusalKind : byte { Rule = 0, Hours = 1, Cap = 2, Consent = 3, Hold = 4 }

/// <summary>Finds the kind of the rule that a verdict names.</summary>
public static class RefusalKinds
{
    public static RefusalKind Of(string ruleId, PolicySnapshot policy)
    {
        if (ruleId.StartsWith("hold.", StringComparison.Ordinal)) return RefusalKind.Hold;
        if (ruleId == BaseRules.RefusedHours) return RefusalKind.Hours;
        if (ruleId == BaseRules.Withdrawn) return RefusalKind.Consent;
        if (ruleId == BaseRules.HistoryFull) return RefusalKind.Cap;
        foreach (var pack in policy.Packs)
        {
            foreach (var rule in pack.Rules)
            {
                if (rule.Id == ruleId) return Of(rule);
            }
        }

        return RefusalKind.Rule;
    }

    private static RefusalKind Of(Rule rule) => rule switch
    {
        Rule.Window => RefusalKind.Hours,
        Rule.Counter => RefusalKind.Cap,
        Rule.Consent or Rule.MediumOptOut => RefusalKind.Consent,
        _ => RefusalKind.Rule,
    };
}
