using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>
/// Mutants of the names that rules share, groups of channels and predicates: an element or a fact of the definition left out for every rule
/// of the pack at once. A name that the pack does not use, or means otherwise itself, is no concern of its cases.
/// </summary>
internal static class VocabularyMutants
{
    /// <summary>Of the vocabulary that every pack is read with.</summary>
    public static IReadOnlyList<Mutant> Of(string file, YamlMappingNode shared, YamlMappingNode pack)
    {
        var found = new MutantList(file);
        var used = Used(pack);
        used.ExceptWith(Defined(pack));
        OfDefinitions(shared, used, found);
        return found.Mutants;
    }

    /// <summary>Of what the pack's own file defines.</summary>
    public static void OfOwn(YamlMappingNode pack, MutantList found) => OfDefinitions(pack, Used(pack), found);

    private static void OfDefinitions(YamlMappingNode definitions, HashSet<string> used, MutantList found)
    {
        foreach (var (name, value) in Entries(definitions, "groups"))
        {
            if (!used.Contains(name.ToString()) || value is not YamlSequenceNode channels) continue;
            found.Subject = $"group {name}";
            for (var index = 0; index < channels.Children.Count; index++)
            {
                if (channels.Children.Count > 1) found.Drop(channels, index, name.ToString());
            }
        }

        foreach (var (name, value) in Entries(definitions, "predicates"))
        {
            if (!used.Contains(name.ToString()) || value is not YamlMappingNode facts) continue;
            found.Subject = $"predicate {name}";
            OfFacts(facts, found);
        }
    }

    private static void OfFacts(YamlMappingNode facts, MutantList found)
    {
        foreach (var (key, value) in facts.Children.ToList())
        {
            if (facts.Children.Count > 1 && !IsAlwaysSo(facts, key)) found.Drop(facts, key);
            if (value is not YamlSequenceNode alternatives) continue;
            for (var index = 0; index < alternatives.Children.Count; index++)
            {
                if (alternatives.Children[index] is not YamlMappingNode one) continue;
                if (alternatives.Children.Count > 1 && !IsImplied(one, alternatives)) found.Drop(alternatives, index, key.ToString());
                OfFacts(one, found);
            }
        }
    }

    /// <summary>A message is left by us alone: a contact that the debtor began has none, so that it must be ours says nothing more.</summary>
    private static bool IsAlwaysSo(YamlMappingNode facts, YamlNode key) => key.ToString() == "outbound" && RuleMutants.Text(facts, "message_left") == "true";

    /// <summary>Whoever talked was reached: beside "delivered" under no further condition, "two_way" is said for the reader and adds no contact.</summary>
    private static bool IsImplied(YamlMappingNode one, YamlSequenceNode alternatives) =>
        RuleMutants.Text(one, "two_way") == "true" && alternatives.Children.OfType<YamlMappingNode>().Any(other => other.Children.Count == 1 && RuleMutants.Text(other, "delivered") == "true");

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries(YamlMappingNode root, string key) =>
        RuleMutants.Child(root, key) is YamlMappingNode map ? map.Children : [];

    private static HashSet<string> Defined(YamlMappingNode pack) =>
        [.. Entries(pack, "groups").Concat(Entries(pack, "predicates")).Select(entry => entry.Key.ToString())];

    /// <summary>Every word that the packs of a file, and the groups that it defines, write where such a name may stand.</summary>
    private static HashSet<string> Used(YamlMappingNode pack) =>
        [.. Entries(pack, "groups").SelectMany(entry => Words(entry.Value)), .. RuleMutants.Child(pack, "packs") is { } packs ? Names(packs) : []];

    private static IEnumerable<string> Names(YamlNode node) => node switch
    {
        YamlSequenceNode list => list.Children.SelectMany(Names),
        YamlMappingNode map => map.Children.SelectMany(entry => entry.Key.ToString() is "channels" or "except_channels" or "predicate" ? Words(entry.Value) : Names(entry.Value)),
        _ => [],
    };

    private static IEnumerable<string> Words(YamlNode node) => node is YamlSequenceNode list ? list.Children.Select(word => word.ToString()) : [node.ToString()];
}
