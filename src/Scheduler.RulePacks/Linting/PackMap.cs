using System.Collections.Immutable;
using Scheduler.RulePacks.Reading;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Linting;

/// <summary>What a pack file writes down and where: the nodes of packs, rules, exceptions and calendars.</summary>
internal sealed class PackMap
{
    private readonly Dictionary<string, YamlMappingNode> _packs = [];

    private PackMap(string file, YamlMappingNode? root)
    {
        File = file;
        Root = root;
        foreach (var pack in Elements(root, "packs")) _packs.TryAdd(Text(pack, "id"), pack);
        Calendars = Child(root, "calendars") is YamlMappingNode calendars ? [.. calendars.Children.Select(pair => (pair.Key.ToString(), pair.Key, pair.Value as YamlMappingNode))] : [];
    }

    public string File { get; }

    public YamlMappingNode? Root { get; }

    public ImmutableArray<(string Id, YamlNode Key, YamlMappingNode? Calendar)> Calendars { get; }

    public IEnumerable<(string Id, YamlMappingNode Pack)> Packs => _packs.Select(pair => (pair.Key, pair.Value));

    public static PackMap Of(PackText file) => new(file.File, new PackReader().Parse(file));

    /// <summary>Where a rule of a pack is written, or replaced last; the pack itself if it is written elsewhere.</summary>
    public Mark RuleMark(string packId, string ruleId)
    {
        for (var pack = _packs.GetValueOrDefault(packId); pack is not null; pack = _packs.GetValueOrDefault(Text(pack, "extends")))
        {
            if (Child(pack, "replace") is YamlMappingNode replace && replace.Children.Keys.FirstOrDefault(key => key.ToString() == ruleId) is { } replaced) return replaced.Start;
            if (Elements(pack, "rules").Concat(Elements(pack, "exceptions")).FirstOrDefault(rule => Text(rule, "id") == ruleId) is { } rule) return rule.Start;
            if (Text(pack, "extends") == packId) break;
        }

        return PackMark(packId);
    }

    public Mark PackMark(string packId) => _packs.TryGetValue(packId, out var pack) ? pack.Start : new Mark(0, 1, 1);

    /// <summary>Every rule and exception as written, replacements of rules among them.</summary>
    public IEnumerable<(string Id, YamlMappingNode Node, bool IsReplacement)> Rules()
    {
        foreach (var pack in _packs.Values)
        {
            foreach (var node in Elements(pack, "rules").Concat(Elements(pack, "exceptions"))) yield return (Text(node, "id"), node, false);
            if (Child(pack, "replace") is not YamlMappingNode replace) continue;
            foreach (var (id, node) in replace.Children)
            {
                if (node is YamlMappingNode map) yield return (id.ToString(), map, true);
            }
        }
    }

    public static YamlNode? Child(YamlMappingNode? map, string key) => map is not null && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string Text(YamlMappingNode map, string key) => Child(map, key) is YamlScalarNode { Value: { } text } ? text : "";

    public static IEnumerable<YamlMappingNode> Elements(YamlMappingNode? map, string key) =>
        Child(map, key) is YamlSequenceNode list ? list.Children.OfType<YamlMappingNode>() : [];
}
