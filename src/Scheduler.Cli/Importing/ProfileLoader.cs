using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Scheduler.Cli.Importing;

/// <summary>Reads a mapping profile from YAML. Collects every mistake with its line and column; a profile with any is not used.</summary>
internal sealed class ProfileLoader
{
    private readonly List<ProfileFault> _faults = [];
    private readonly HashSet<string> _options = [];
    private readonly HashSet<string> _tables = [];
    private readonly HashSet<string> _values = [];

    public static MappingProfile? Load(TextReader yaml, out ImmutableArray<ProfileFault> faults)
    {
        var loader = new ProfileLoader();
        var profile = loader.Read(yaml);
        faults = [.. loader._faults];
        return faults.IsEmpty ? profile : null;
    }

    private MappingProfile? Read(TextReader yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(yaml);
        }
        catch (YamlException e)
        {
            _faults.Add(new(e.Start.Line, e.Start.Column, e.InnerException?.Message ?? e.Message));
            return null;
        }

        catch (InvalidOperationException)
        {
            // What the scanner throws, without a place, for some unclosed brackets.
            _faults.Add(new(1, 1, "this is not YAML: a bracket, brace or quote is not closed"));
            return null;
        }

        if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root) return Profile(root);
        _faults.Add(new(1, 1, "a profile is one YAML document with a mapping at its top"));
        return null;
    }

    private MappingProfile? Profile(YamlMappingNode root)
    {
        var top = Keys(root, "profile", ["profile", "row_id", "debtor", "accounts"],
            ["description", "options", "tables", "values", "keep", "locations", "points", "consents"]);
        var options = Texts(top, "options", _options);
        var tables = Tables(top);
        var expressions = new ExpressionReader(_faults, _options, _tables, _values);
        var values = Values(top, expressions);
        if (top.GetValueOrDefault("row_id") is not { } rowId || top.GetValueOrDefault("debtor") is not { } debtor) return null;
        return new MappingProfile
        {
            Name = Text(top, "profile"),
            Description = Text(top, "description"),
            Options = options,
            Tables = tables,
            Values = values,
            RowId = expressions.Read(rowId),
            Keep = top.TryGetValue("keep", out var keep) ? expressions.Read(keep) : null,
            Debtor = Section(debtor, SectionKind.Debtor, "debtor", expressions),
            Locations = Sections(top, SectionKind.Location, expressions),
            Points = Sections(top, SectionKind.Point, expressions),
            Accounts = Sections(top, SectionKind.Account, expressions),
            Consents = Sections(top, SectionKind.Consent, expressions),
        };
    }

    private ImmutableDictionary<string, FieldExpression> Values(Dictionary<string, YamlNode> top, ExpressionReader expressions)
    {
        if (!top.TryGetValue("values", out var node)) return ImmutableDictionary<string, FieldExpression>.Empty;
        var entries = Entries(node, "values");
        foreach (var (name, _) in entries) _values.Add(name);
        return entries.ToImmutableDictionary(entry => entry.Key, entry => expressions.Read(entry.Value));
    }

    private ImmutableDictionary<string, ImmutableDictionary<string, string>> Tables(Dictionary<string, YamlNode> top)
    {
        var tables = ImmutableDictionary.CreateBuilder<string, ImmutableDictionary<string, string>>();
        if (!top.TryGetValue("tables", out var node)) return tables.ToImmutable();
        var entries = Entries(node, "tables");
        foreach (var (name, _) in entries) tables[name] = Texts(entries, name, _tables, name);
        return tables.ToImmutable();
    }

    private ImmutableDictionary<string, string> Texts(Dictionary<string, YamlNode> parent, string key, HashSet<string> names, string? tableName = null)
    {
        if (!parent.TryGetValue(key, out var node)) return ImmutableDictionary<string, string>.Empty;
        var texts = ImmutableDictionary.CreateBuilder<string, string>();
        if (tableName is not null) names.Add(tableName);
        foreach (var (name, value) in Entries(node, key))
        {
            if (tableName is null) names.Add(name);
            if (value is YamlScalarNode scalar) texts[name] = scalar.Value ?? "";
            else Fault(value, $"'{name}' must be a single value");
        }

        return texts.ToImmutable();
    }

    private ImmutableArray<SectionMapping> Sections(Dictionary<string, YamlNode> top, SectionKind kind, ExpressionReader expressions)
    {
        if (!top.TryGetValue(kind.Name, out var node)) return [];
        if (node is YamlSequenceNode list)
            return [.. list.Children.Select((child, i) => Section(child, kind, $"{kind.Name}[{i}]", expressions))];
        Fault(node, $"'{kind.Name}' must be a list");
        return [];
    }

    private SectionMapping Section(YamlNode node, SectionKind kind, string path, ExpressionReader expressions)
    {
        var entries = Keys(node, path, kind.Required, kind.Optional.Add("when"));
        var fields = entries.Where(entry => entry.Key != "when").ToImmutableDictionary(entry => entry.Key, entry => expressions.Read(entry.Value));
        return new(kind, path, entries.TryGetValue("when", out var when) ? expressions.Read(when) : null, fields);
    }

    private Dictionary<string, YamlNode> Keys(YamlNode node, string what, ImmutableArray<string> required, ImmutableArray<string> optional)
    {
        var entries = Entries(node, what);
        if (node is not YamlMappingNode mapping) return entries;
        foreach (var key in mapping.Children.Keys.OfType<YamlScalarNode>())
        {
            var name = key.Value ?? "";
            if (!required.Contains(name) && !optional.Contains(name))
                Fault(key, $"{what} has no field '{name}'; it has {string.Join(", ", required.Concat(optional))}");
        }

        foreach (var name in required)
        {
            if (!entries.ContainsKey(name)) Fault(node, $"{what} needs '{name}'");
        }

        return entries;
    }

    private Dictionary<string, YamlNode> Entries(YamlNode node, string what)
    {
        var entries = new Dictionary<string, YamlNode>();
        if (node is not YamlMappingNode mapping)
        {
            Fault(node, $"'{what}' must be a mapping");
            return entries;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name }) entries[name] = value;
            else Fault(key, "a key must be a single word");
        }

        return entries;
    }

    private string Text(Dictionary<string, YamlNode> entries, string key)
    {
        if (!entries.TryGetValue(key, out var node)) return "";
        if (node is YamlScalarNode { Value: { } text }) return text;
        Fault(node, $"'{key}' must be a single value");
        return "";
    }

    private void Fault(YamlNode node, string reason) => _faults.Add(new(node.Start.Line, node.Start.Column, reason));
}
