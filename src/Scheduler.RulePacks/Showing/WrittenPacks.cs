using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Showing;

/// <summary>Packs as their files write them, with what each mode drops, replaces and adds laid over what it extends.</summary>
internal sealed class WrittenPacks
{
    private readonly Dictionary<string, (string File, YamlMappingNode Node)> _packs = [];

    public WrittenPacks(IEnumerable<PackText> files)
    {
        foreach (var file in files)
        {
            if (new PackReader().Parse(file) is not { } root) continue;
            foreach (var pack in Elements(root, "packs")) _packs.TryAdd(Text(pack, "id"), (file.File, pack));
        }
    }

    public bool Has(string id) => _packs.ContainsKey(id);

    public (string File, YamlMappingNode Node) Find(string id) => _packs[id];

    /// <summary>Where applies, validity and `when` are written.</summary>
    public YamlMappingNode RootOf(string id) => Layers(id)[0];

    public IEnumerable<YamlMappingNode> RulesOf(string id)
    {
        var rules = new OrderedDictionary<string, YamlMappingNode>();
        foreach (var layer in Layers(id))
        {
            if (Child(layer, "drop") is { } drop)
            {
                foreach (var dropped in drop is YamlSequenceNode list ? list.Children.Select(one => one.ToString()) : [drop.ToString()]) rules.Remove(dropped);
            }

            foreach (var (key, keys) in Child(layer, "replace") is YamlMappingNode replace ? replace.Children.ToList() : [])
            {
                if (keys is YamlMappingNode map && rules.TryGetValue(key.ToString(), out var rule)) rules[key.ToString()] = Merged(rule, map);
            }

            foreach (var rule in Elements(layer, "rules")) rules.TryAdd(Text(rule, "id"), rule);
        }

        return rules.Values;
    }

    public IEnumerable<YamlMappingNode> ExceptionsOf(string id)
    {
        var exceptions = new OrderedDictionary<string, YamlMappingNode>();
        foreach (var one in Layers(id).SelectMany(layer => Elements(layer, "exceptions"))) exceptions[Text(one, "id")] = one;
        return exceptions.Values;
    }

    public static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string Text(YamlMappingNode map, string key) => Child(map, key) is YamlScalarNode { Value: { } text } ? text : "";

    /// <summary>On one line, as YAML would write it without quotes.</summary>
    public static string Flow(YamlNode node) => node switch
    {
        YamlMappingNode map => $"{{{string.Join(", ", map.Children.Select(pair => $"{pair.Key}: {Flow(pair.Value)}"))}}}",
        YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(Flow))}]",
        _ => node.ToString(),
    };

    private static IEnumerable<YamlMappingNode> Elements(YamlMappingNode map, string key) => Child(map, key) is YamlSequenceNode list ? list.Children.OfType<YamlMappingNode>() : [];

    private static YamlMappingNode Merged(YamlMappingNode rule, YamlMappingNode replacement)
    {
        var merged = new YamlMappingNode();
        foreach (var (key, value) in rule.Children) merged.Add(key, value);
        foreach (var (key, value) in replacement.Children) merged.Children[key] = value;
        return merged;
    }

    private List<YamlMappingNode> Layers(string id)
    {
        var layers = new List<YamlMappingNode>();
        for (var at = id; at.Length > 0 && _packs.TryGetValue(at, out var pack) && !layers.Contains(pack.Node); at = Text(pack.Node, "extends")) layers.Insert(0, pack.Node);
        return layers;
    }
}
