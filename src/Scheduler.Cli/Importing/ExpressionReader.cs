using System.Collections.Immutable;
using System.Globalization;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace Scheduler.Cli.Importing;

/// <summary>Reads one field expression: a single value is a constant, a list joins its items, a mapping with one key names a form.</summary>
internal sealed class ExpressionReader(List<ProfileFault> faults, HashSet<string> options, HashSet<string> tables, HashSet<string> values)
{
    private const string Forms =
        "column, value, option, template, sum, subtract, multiply, divide, max, min, round, days_ago, as_of, lookup, choose, spread, if, equals, at_least, below, all, any, not";

    private static readonly FieldExpression Empty = new FieldExpression.Constant("");

    public FieldExpression Read(YamlNode node) => node switch
    {
        YamlScalarNode scalar => new FieldExpression.Constant(scalar.Value ?? ""),
        YamlSequenceNode list => new FieldExpression.Joined([.. list.Children.Select(Read)]),
        YamlMappingNode mapping when mapping.Children.Keys.FirstOrDefault() is YamlScalarNode { Value: { } form } => Form(mapping, form, mapping.Children.Values.First()),
        _ => Fault(node, "an expression is a single value, a list, or a mapping that names its form"),
    };

    private FieldExpression Form(YamlMappingNode mapping, string form, YamlNode body) => form switch
    {
        "column" => new FieldExpression.Column(Scalar(body), Optional(mapping, "default") is { } text ? Scalar(text) : null),
        "value" => Known(body, values, "value", name => new FieldExpression.Named(name)),
        "option" => Known(body, options, "option", name => new FieldExpression.Setting(name)),
        "template" => Template(body),
        "sum" or "subtract" or "multiply" or "divide" or "max" or "min" => Operands(body, 2, operands => new FieldExpression.Arithmetic(form, operands)),
        "round" => new FieldExpression.Rounded(Read(body), Optional(mapping, "decimals") is { } decimals ? Integer(decimals) : 0),
        "days_ago" => new FieldExpression.DaysAgo(Read(body)),
        "as_of" => AsOf(body),
        "lookup" => Known(body, tables, "table", table => Lookup(mapping, table)),
        "choose" => Choose(mapping, body),
        "spread" => Spread(mapping, body),
        "if" => Conditional(mapping, body),
        "equals" or "at_least" or "below" => Operands(body, 2, operands => new FieldExpression.Comparison(form, operands[0], operands[1])),
        "all" or "any" => Operands(body, 1, operands => new FieldExpression.Logic(form, operands)),
        "not" => new FieldExpression.Logic(form, [Read(body)]),
        _ => Fault(mapping, $"'{form}' is not a form of expression; there are {Forms}"),
    };

    private FieldExpression Known(YamlNode body, HashSet<string> names, string what, Func<string, FieldExpression> make)
    {
        var name = Scalar(body);
        return names.Contains(name) ? make(name) : Fault(body, $"the profile defines no {what} '{name}'");
    }

    private FieldExpression Lookup(YamlMappingNode mapping, string table)
    {
        if (Optional(mapping, "key") is not { } key) return Fault(mapping, "lookup needs 'key'");
        return new FieldExpression.Lookup(table, Read(key), Optional(mapping, "default") is { } fallback ? Read(fallback) : null);
    }

    private FieldExpression Choose(YamlMappingNode mapping, YamlNode body)
    {
        if (Optional(mapping, "of") is not YamlMappingNode of || of.Children.Count == 0)
            return Fault(mapping, "choose needs 'of': values and their weights");
        var choices = of.Children.Select(choice => new WeightedChoice(Integer(choice.Value), Read(choice.Key))).ToImmutableArray();
        return choices.All(choice => choice.Weight >= 0) && choices.Any(choice => choice.Weight > 0)
            ? new FieldExpression.Choose(Scalar(body), choices)
            : Fault(of, "weights must not be negative, and one must be greater than zero");
    }

    private FieldExpression Spread(YamlMappingNode mapping, YamlNode body)
    {
        if (Optional(mapping, "from") is not { } from || Optional(mapping, "to") is not { } to) return Fault(mapping, "spread needs 'from' and 'to'");
        var (low, high) = (Integer(from), Integer(to));
        return low <= high ? new FieldExpression.Spread(Scalar(body), low, high) : Fault(to, "'to' must not be less than 'from'");
    }

    private FieldExpression Conditional(YamlMappingNode mapping, YamlNode body)
    {
        if (Optional(mapping, "then") is not { } then) return Fault(mapping, "if needs 'then'");
        return new FieldExpression.If(Read(body), Read(then), Optional(mapping, "else") is { } otherwise ? Read(otherwise) : Empty);
    }

    private FieldExpression Operands(YamlNode body, int least, Func<ImmutableArray<FieldExpression>, FieldExpression> make) =>
        body is YamlSequenceNode list && list.Children.Count >= least
            ? make([.. list.Children.Select(Read)])
            : Fault(body, $"a list of at least {least} is needed here");

    private FieldExpression AsOf(YamlNode body)
    {
        try
        {
            return new FieldExpression.AsOf(LocalDatePattern.CreateWithInvariantCulture(Scalar(body)));
        }
        catch (InvalidPatternException e)
        {
            return Fault(body, e.Message);
        }
    }

    private FieldExpression Template(YamlNode body)
    {
        var text = Scalar(body);
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            if (open < 0) open = text.Length;
            if (open > at) parts.Add(new(text[at..open], null, 0));
            if (open == text.Length) break;
            var close = text.IndexOf('}', open);
            if (close < 0) return Fault(body, "a placeholder is not closed by '}'");
            var placeholder = text[(open + 1)..close].Split(':', 2);
            var padding = placeholder.Length == 2 ? placeholder[1] : "";
            if (placeholder[0].Length == 0 || padding.Any(c => c != '0')) return Fault(body, "a placeholder is {name} or {name:000}");
            parts.Add(new("", placeholder[0], padding.Length));
            at = close + 1;
        }

        return new FieldExpression.Template(parts.ToImmutable());
    }

    private static YamlNode? Optional(YamlMappingNode mapping, string key) =>
        mapping.Children.FirstOrDefault(child => child.Key is YamlScalarNode scalar && scalar.Value == key).Value;

    private string Scalar(YamlNode node)
    {
        if (node is YamlScalarNode scalar) return scalar.Value ?? "";
        Fault(node, "a single value is needed here");
        return "";
    }

    private int Integer(YamlNode node)
    {
        if (int.TryParse(Scalar(node), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        Fault(node, "an integer is needed here");
        return 0;
    }

    private FieldExpression Fault(YamlNode node, string reason)
    {
        faults.Add(new(node.Start.Line, node.Start.Column, reason));
        return Empty;
    }
}
