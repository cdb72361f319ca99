using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>Changes to a parsed file that can be taken back: doing one gives what undoes it.</summary>
internal static class TreeEdit
{
    public static Func<Action> Without(YamlMappingNode map, YamlNode key) => () =>
    {
        var kept = map.Children.ToList();
        map.Children.Remove(key);
        return () => Restore(map, kept);
    };

    public static Func<Action> With(YamlMappingNode map, YamlNode key, YamlNode value) => () =>
    {
        var kept = map.Children.ToList();
        map.Children[key] = value;
        return () => Restore(map, kept);
    };

    /// <summary>The same value under another key.</summary>
    public static Func<Action> Renamed(YamlMappingNode map, YamlNode key, string name) => () =>
    {
        var kept = map.Children.ToList();
        var value = map.Children[key];
        map.Children.Remove(key);
        map.Children.Add(new YamlScalarNode(name), value);
        return () => Restore(map, kept);
    };

    public static Func<Action> Without(YamlSequenceNode list, int index) => () =>
    {
        var removed = list.Children[index];
        list.Children.RemoveAt(index);
        return () => list.Children.Insert(index, removed);
    };

    public static Func<Action> With(YamlSequenceNode list, YamlNode added) => () =>
    {
        list.Children.Add(added);
        return () => list.Children.RemoveAt(list.Children.Count - 1);
    };

    public static Func<Action> With(YamlScalarNode scalar, string value) => () =>
    {
        var kept = scalar.Value;
        scalar.Value = value;
        return () => scalar.Value = kept;
    };

    /// <summary>Keys keep their order, so that what is read afterwards is what was read before.</summary>
    private static void Restore(YamlMappingNode map, List<KeyValuePair<YamlNode, YamlNode>> kept)
    {
        map.Children.Clear();
        foreach (var (key, value) in kept) map.Children.Add(key, value);
    }
}
