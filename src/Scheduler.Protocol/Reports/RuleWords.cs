using System.Collections.Immutable;
using System.Globalization;
using Scheduler.Domain.Policy;

namespace Scheduler.Protocol.Reports;

/// <summary>The rules that a decision stood on, in words: "co.caps.day: 0 of 1 in local day".</summary>
internal static class RuleWords
{
    /// <summary>Empty for a record of before rules were kept.</summary>
    public static string Permitting(ImmutableArray<RuleProof> rules, int count)
    {
        if (rules.IsEmpty) return "";
        var others = count - rules.Length;
        return $"Permitted by {string.Join("; ", rules.Select(Of))}{(others > 0 ? string.Create(CultureInfo.InvariantCulture, $"; and {others} others") : "")}. ";
    }

    public static string Refusing(ImmutableArray<RuleProof> rules, int count) => rules.IsEmpty
        ? "No rule was asked. "
        : string.Create(CultureInfo.InvariantCulture, $"Refused by {string.Join("; ", rules.Select(Of))}; of {count} rules that bind. ");

    private static string Of(RuleProof rule)
    {
        var said = new List<string>(3);
        if (rule.Counter is { } counter) said.Add(Of(counter));
        if (rule.LiftedBy.Length > 0) said.Add($"lifted by {rule.LiftedBy}");
        if (rule.Until is { } until) said.Add($"{(rule.IsRefusal ? "permits at" : "until")} {EvidencePage.Of(until)}");
        else if (rule.IsRefusal) said.Add("until a new fact");
        return said.Count == 0 ? rule.RuleId : $"{rule.RuleId}: {string.Join(", ", said)}";
    }

    private static string Of(CounterProof counter)
    {
        var provisional = counter.Provisional == 0 ? "" : $", {counter.Provisional} of them not settled";
        return string.Create(CultureInfo.InvariantCulture, $"{counter.Used} of {counter.Limit} in {counter.Period}{provisional}");
    }
}
