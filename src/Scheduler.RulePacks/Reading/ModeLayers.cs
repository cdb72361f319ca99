using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Reading;

/// <summary>Lays a mode over what it extends: drops rules, replaces keys of rules, adds rules.</summary>
internal static class ModeLayers
{
    public static void Apply(DraftPack layer, Dictionary<string, (YamlMappingNode Node, PackFile File)> rules)
    {
        var map = new MapReader(layer.Node, layer.File.Findings);
        foreach (var id in map.Texts("drop"))
        {
            if (!rules.Remove(id)) map.Problem("drop", $"No rule is named '{id}'.");
        }

        if (map.Map("replace") is { } replace)
        {
            foreach (var id in replace.Keys.ToList())
            {
                if (rules.TryGetValue(id, out var rule)) rules[id] = (Merged(rule.Node, replace.Node(id)!, layer), layer.File);
                else replace.Problem(id, $"No rule is named '{id}'.");
            }
        }

        foreach (var node in map.List("rules"))
        {
            if (node is not YamlMappingNode mapping)
            {
                map.Findings.Add(node, "A rule must be a mapping.");
                continue;
            }

            var id = new MapReader(node, layer.File.Findings).Text("id");
            if (!rules.TryAdd(id, (mapping, layer.File))) map.Findings.Add(node, $"The rule '{id}' is already there.");
        }
    }

    /// <summary>Keys of the replacement stand in place of the same keys of the rule.</summary>
    private static YamlMappingNode Merged(YamlMappingNode rule, YamlNode replacement, DraftPack layer)
    {
        var merged = new YamlMappingNode();
        foreach (var (key, value) in rule.Children) merged.Add(key, value);
        if (replacement is not YamlMappingNode mapping)
        {
            layer.File.Findings.Add(replacement, "A mapping of keys to replace is expected.");
            return merged;
        }

        foreach (var (key, value) in mapping.Children) merged.Children[key] = value;
        return merged;
    }
}
