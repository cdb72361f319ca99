using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>Mutants of one rule or exception, or of the keys that a mode replaces in one.</summary>
internal static class RuleMutants
{
    private static readonly ImmutableArray<string> Words = ["id", "type", "source", "source_kind", "title"];

    /// <summary>Kinds that the evaluator does not judge: no case can tell them.</summary>
    private static readonly ImmutableArray<string> NotJudged = ["medium_opt_out", "sender", "template", "record"];

    public const string WithoutException = "without the exception";

    /// <summary>An exception that asks for a fact that nobody reports lifts nothing.</summary>
    public static bool IsNeverHeld(YamlMappingNode exception) =>
        Child(exception, "when") is YamlMappingNode when && when.Children.Keys.Any(key => FilterReader.UncollectedWords.Contains(key.ToString()));

    public static void OfRule(YamlMappingNode rule, YamlSequenceNode owner, bool isLifted, MutantList found)
    {
        var type = Text(rule, "type");
        if (NotJudged.Contains(type) || (type == "hold" && !isLifted)) return;
        found.Add(rule, "without the rule", TreeEdit.Without(owner, owner.Children.IndexOf(rule)), isRemoval: true);
        if (type != "hold") OfKeys(rule, found);
    }

    public static void OfException(YamlMappingNode exception, YamlSequenceNode owner, MutantList found)
    {
        if (IsNeverHeld(exception)) return;
        found.Add(exception, WithoutException, TreeEdit.Without(owner, owner.Children.IndexOf(exception)), isRemoval: true);
        OfKeys(exception, found);
        foreach (var (key, _) in exception.Children.ToList())
        {
            if (key.ToString() is "uses" or "counted") found.Drop(exception, key);
        }
    }

    /// <summary>Keys that are left out as a whole frees or binds more; figures are moved; lists lose an element.</summary>
    public static void OfKeys(YamlMappingNode rule, MutantList found)
    {
        foreach (var (key, value) in rule.Children.ToList())
        {
            var name = key.ToString();
            switch (name)
            {
                case var word when Words.Contains(word): break;
                case "week" when value is YamlMappingNode week: WeekMutants.Of(rule, week, found); break;
                case "closed_on": found.Drop(rule, key); break;
                case "judged_at": OfJudgedAt(rule, key, value, found); break;
                case "scope": OfScope(value, found); break;
                case "per": OfPer(value, found); break;
                case "allow": OfRoles(value, found); break;
                case "until" when value is YamlScalarNode { Value: "end_of_local_day" }:
                    found.Add(value, "'until' end_of_local_day became two local days", TreeEdit.With(rule, key, new YamlMappingNode { { "local_days", "2" } }));
                    break;
                case "unless" when value is YamlMappingNode unless && Uncollected(unless) is { } missing:
                    // What asks for such a fact frees nobody, whatever else it asks.
                    if (unless.Children.Count > 1) found.Drop(unless, missing);
                    break;
                case "governs" or "when" or "unless" or "also_period":
                    if (!IsUncollected(value)) found.Drop(rule, key);
                    FilterMutants.OfValue(name, value, found);
                    break;
                case "counts":
                    if (value is YamlMappingNode { Children.Count: > 0 }) found.Add(key, "'counts' counts everything", TreeEdit.With(rule, key, new YamlMappingNode()));
                    FilterMutants.OfValue(name, value, found);
                    break;
                default: FilterMutants.OfValue(name, value, found); break;
            }
        }
    }

    private static void OfJudgedAt(YamlMappingNode rule, YamlNode key, YamlNode value, MutantList found)
    {
        var words = value is YamlSequenceNode list ? list.Children.Select(node => node.ToString()).ToList() : [value.ToString()];
        var judgesDelivery = words.Contains("delivered");
        var changed = new YamlSequenceNode(judgesDelivery ? ["placed"] : ["placed", "delivered"]);
        found.Add(value, judgesDelivery ? "'judged_at' without delivered" : "'judged_at' with delivered", TreeEdit.With(rule, key, changed));
    }

    /// <summary>Person is what a counter is kept for anyway.</summary>
    private static void OfScope(YamlNode value, MutantList found)
    {
        if (value is not YamlSequenceNode list) return;
        for (var index = 0; index < list.Children.Count; index++)
        {
            if (list.Children[index].ToString() != "person") found.Drop(list, index, "scope");
        }
    }

    private static void OfPer(YamlNode value, MutantList found)
    {
        if (value is not YamlSequenceNode list) return;
        var index = list.Children.ToList().FindIndex(node => node.ToString() == "purpose");
        if (index >= 0) found.Drop(list, index, "per");
        else found.Add(list, "'per' with purpose", TreeEdit.With(list, new YamlScalarNode("purpose")));
    }

    private static void OfRoles(YamlNode value, MutantList found)
    {
        if (value is not YamlSequenceNode list) return;
        for (var index = 0; index < list.Children.Count; index++)
        {
            if (list.Children.Count > 1) found.Drop(list, index, "allow");
        }

        var allowed = list.Children.Select(node => node.ToString()).ToHashSet();
        foreach (var role in Enum.GetValues<PartyRole>().Where(role => role != PartyRole.Unknown).Select(role => Reading.Words.SnakeCase(role.ToString())))
        {
            if (!allowed.Contains(role)) found.Add(list, $"'allow' with {role}", TreeEdit.With(list, new YamlScalarNode(role)));
        }
    }

    private static YamlNode? Uncollected(YamlMappingNode map) => map.Children.Keys.FirstOrDefault(key => FilterReader.UncollectedWords.Contains(key.ToString()));

    private static bool IsUncollected(YamlNode value) =>
        value is YamlMappingNode { Children.Count: 1 } map && FilterReader.UncollectedWords.Contains(map.Children[0].Key.ToString());

    internal static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    internal static string Text(YamlMappingNode map, string key) => Child(map, key) is YamlScalarNode { Value: { } text } ? text : "";
}
