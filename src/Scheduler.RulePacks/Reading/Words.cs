using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Reading;

/// <summary>Words of the schema to members of the domain's enums: "debt_buyer" is DebtBuyer.</summary>
internal static class Words
{
    public static bool TryParse<T>(string word, out T value)
        where T : struct, Enum
    {
        value = default;
        return word.Length > 0 && char.IsAsciiLetterLower(word[0])
            && Enum.TryParse(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out value) && Enum.IsDefined(value);
    }

    public static CodeSet Codes<T>(MapReader map, string key)
        where T : struct, Enum
    {
        if (map.Node(key) is null) return CodeSet.All;
        var set = CodeSet.None;
        foreach (var node in map.List(key))
        {
            if (node is YamlScalarNode { Value: { } word } && TryParse<T>(word, out var value)) set = set.With(Convert.ToInt32(value, null));
            else map.Findings.Add(node, $"'{node}' is not one of {string.Join(", ", Enum.GetNames<T>().Select(SnakeCase))}.");
        }

        return set;
    }

    /// <summary>Channel names and names of groups.</summary>
    public static ChannelSet Channels(MapReader map, string key, Vocabulary vocabulary, ChannelSet otherwise)
    {
        if (map.Node(key) is null) return otherwise;
        var set = default(ChannelSet);
        foreach (var node in map.List(key))
        {
            if (node is not YamlScalarNode { Value: { } word }) map.Findings.Add(node, "A channel or group is expected.");
            else if (vocabulary.Groups.TryGetValue(word, out var group)) set = set.Union(group);
            else if (TryParse<ContactChannel>(word, out var channel) && channel != ContactChannel.Unknown) set = set.Union(ChannelSet.Of(channel));
            else map.Findings.Add(node, $"'{word}' is neither a channel nor a group of channels.");
        }

        return set;
    }

    public static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) ? (index > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}

/// <summary>Names shared by rules: groups of channels and predicates over facts.</summary>
internal sealed class Vocabulary
{
    public Dictionary<string, ChannelSet> Groups { get; } = [];

    public Dictionary<string, ContactPredicate> Predicates { get; } = [];

    public Vocabulary Copy()
    {
        var copy = new Vocabulary();
        foreach (var (name, group) in Groups) copy.Groups[name] = group;
        foreach (var (name, predicate) in Predicates) copy.Predicates[name] = predicate;
        return copy;
    }

    /// <summary>Reads `groups` and `predicates` of a file on top of what is known.</summary>
    public void Read(MapReader file)
    {
        if (file.Map("groups") is { } groups)
        {
            foreach (var name in groups.Keys.ToList()) Groups[name] = Words.Channels(groups, name, this, default);
            groups.Finish();
        }

        if (file.Map("predicates") is { } predicates)
        {
            foreach (var name in predicates.Keys.ToList()) Predicates[name] = FilterReader.Predicate(new MapReader(predicates.Node(name)!, file.Findings));
            predicates.Finish();
        }
    }
}
