using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>Gathers mutants of one file; knows which rule, exception or calendar is being changed.</summary>
internal sealed class MutantList(string file)
{
    private readonly List<Mutant> _mutants = [];

    public IReadOnlyList<Mutant> Mutants => _mutants;

    public string Subject { get; set; } = "";

    public void Add(YamlNode where, string change, Func<Action> apply, bool isRemoval = false) =>
        _mutants.Add(new Mutant(file, where.Start.Line, where.Start.Column, Subject, change) { Apply = apply, IsRemoval = isRemoval });

    public void Drop(YamlMappingNode map, YamlNode key) => Add(key, $"without '{key}'", TreeEdit.Without(map, key), isRemoval: true);

    public void Drop(YamlSequenceNode list, int index, string owner) =>
        Add(list.Children[index], $"'{owner}' without {Shown(list.Children[index])}", TreeEdit.Without(list, index), isRemoval: true);

    public void Become(YamlScalarNode scalar, string name, string value) =>
        Add(scalar, $"'{name}' {scalar.Value} became {value}", TreeEdit.With(scalar, value));

    private static string Shown(YamlNode node) => node is YamlMappingNode map && map.Children.Count > 0 ? $"{{{map.Children[0].Key}: …}}" : node.ToString();
}
