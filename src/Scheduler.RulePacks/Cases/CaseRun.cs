using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Policy;

namespace Scheduler.RulePacks.Cases;

/// <summary>Runs a case through the packs and says what is wrong.</summary>
public static class CaseRun
{
    private static readonly ZonedDateTimePattern Shown = ZonedDateTimePattern.CreateWithInvariantCulture("ddd uuuu'-'MM'-'dd HH':'mm':'ss.FFFFFFFFF z", null);

    /// <summary>Empty when the case holds; else what was expected and what came, with every rule's answer.</summary>
    /// <exception cref="FormatException">The row is not written as the tables are.</exception>
    public static string Check(PackCase row, PolicySnapshot policy)
    {
        var situation = new CaseSituation(row, policy);
        policy = situation.Asked(policy);
        var question = situation.Question();
        var verdict = PolicyEvaluator.Evaluate(question, policy);
        var zone = situation.Candidates.Shown;
        var problem = Differs(row, verdict, zone, situation.At);
        if (problem.Length == 0) return "";
        var explained = PolicyEvaluator.Explain(question, policy);
        var blocking = explained.Rules.Where(rule => rule.Kind != VerdictKind.Permit).Select(rule => $"  {rule.RuleId}: {rule.Kind} {rule.Next} {rule.Reason}");
        return $"{row.File}({row.Line}) {row.Name}: {problem}{Environment.NewLine}{string.Join(Environment.NewLine, blocking)}";
    }

    /// <summary>"Defer Sat 2026-11-21 08:00:00 … CO.hours".</summary>
    internal static string Told(Verdict verdict, DateTimeZone zone) => $"{verdict.Kind} {(verdict.Kind == VerdictKind.Forbid ? "" : Shown.Format(verdict.At.InZone(zone)))} {verdict.RuleId}";

    /// <summary>What a verdict has that the row does not expect; empty when it holds.</summary>
    internal static string Differs(PackCase row, Verdict verdict, DateTimeZone zone, Instant at)
    {
        var expected = row.Expected;
        var isUncounted = expected.EndsWith(", not counted", StringComparison.Ordinal);
        if (isUncounted) expected = expected[..^", not counted".Length];
        var words = expected.Split(' ', 2);
        var kind = words[0] switch { "permit" => VerdictKind.Permit, "defer" => VerdictKind.Defer, "forbid" => VerdictKind.Forbid, _ => throw new FormatException($"'{expected}' is not a verdict.") };
        var got = $"got {Told(verdict, zone)}";
        if (verdict.Kind != kind) return $"expected {row.Expected}, {got}";
        if (row.Rule != verdict.RuleId) return $"expected the rule '{row.Rule}', {got}";
        if (kind == VerdictKind.Permit && verdict.IsCounted == isUncounted) return $"expected {(isUncounted ? "not counted" : "counted")}";
        if (words.Length == 1) return "";
        var time = words[1].StartsWith("until ", StringComparison.Ordinal) ? words[1][6..] : words[1];
        return CaseTime.Read(time, zone, at) == verdict.At ? "" : $"expected {row.Expected}, {got}";
    }
}
