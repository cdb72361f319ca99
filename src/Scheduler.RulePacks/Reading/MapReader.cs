using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Reading;

/// <summary>Problems of one file while it is read.</summary>
internal sealed class Findings(string file, List<PackProblem> problems)
{
    public string File { get; } = file;

    public void Add(YamlNode node, string message) => Add(node.Start, message);

    public void Add(Mark mark, string message) => problems.Add(new PackProblem(File, mark.Line, mark.Column, message));
}

/// <summary>Reads one mapping key by key; what nobody asked for is a problem at <see cref="Finish"/>.</summary>
internal sealed class MapReader
{
    private readonly YamlMappingNode _node;
    private readonly Findings _findings;
    private readonly HashSet<string> _read = [];

    public MapReader(YamlNode node, Findings findings)
    {
        _findings = findings;
        _node = node as YamlMappingNode ?? [];
        Where = node;
        if (node is not YamlMappingNode) findings.Add(node, "A mapping is expected here.");
    }

    public YamlNode Where { get; }

    public Findings Findings => _findings;

    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    public YamlNode? Node(string key)
    {
        _read.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    public string Text(string key, string otherwise = "")
    {
        if (Node(key) is not { } node) return otherwise;
        if (node is YamlScalarNode { Value: { } text }) return text;
        _findings.Add(node, $"'{key}' must be a text.");
        return otherwise;
    }

    public string RequiredText(string key)
    {
        var text = Text(key);
        if (text.Length == 0) _findings.Add(Where, $"'{key}' is missing.");
        return text;
    }

    public int? Number(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is YamlScalarNode { Value: { } text } && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        _findings.Add(node, $"'{key}' must be a whole number.");
        return null;
    }

    public int Number(string key, int from, int to)
    {
        var number = Number(key);
        if (number is null) _findings.Add(Where, $"'{key}' is missing.");
        else if (number < from || number > to) _findings.Add(Node(key)!, $"'{key}' must be {from} to {to}.");
        return Math.Clamp(number ?? from, from, to);
    }

    public bool? Flag(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is YamlScalarNode { Value: "true" }) return true;
        if (node is YamlScalarNode { Value: "false" }) return false;
        _findings.Add(node, $"'{key}' must be true or false.");
        return null;
    }

    public LocalDate? Date(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is YamlScalarNode { Value: { } text } && LocalDatePattern.Iso.Parse(text) is { Success: true } parsed) return parsed.Value;
        _findings.Add(node, $"'{key}' must be a date, such as 2026-06-01.");
        return null;
    }

    public MapReader? Map(string key) => Node(key) is { } node ? new MapReader(node, _findings) : null;

    /// <summary>The elements of a sequence; a single value stands for a sequence of one.</summary>
    public IEnumerable<YamlNode> List(string key) => Node(key) switch
    {
        null => [],
        YamlSequenceNode sequence => sequence.Children,
        var single => [single],
    };

    public ImmutableArray<string> Texts(string key)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var node in List(key))
        {
            if (node is YamlScalarNode { Value: { Length: > 0 } text }) texts.Add(text);
            else _findings.Add(node, $"'{key}' must list texts.");
        }

        return texts.ToImmutable();
    }

    public void Problem(string key, string message) => _findings.Add(Node(key) ?? Where, message);

    public void Finish()
    {
        foreach (var key in _node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name }) _findings.Add(key, "A key must be a text.");
            else if (!_read.Contains(name)) _findings.Add(key, $"'{name}' is not known here.");
        }
    }
}
