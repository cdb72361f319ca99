using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Scheduler.Cli.Sampling;

namespace Scheduler.Cli.Importing;

/// <summary>How a profile computes one field from one row. Pure: depends on the row, the profile, its options and the as-of date.</summary>
internal abstract record FieldExpression
{
    private const string True = "true";
    private const string False = "false";

    private FieldExpression()
    {
    }

    /// <summary>The field's text; a fault is noted in the scope and gives an empty text.</summary>
    public abstract string Text(MappingScope scope);

    public decimal Number(MappingScope scope)
    {
        var text = Text(scope);
        if (decimal.TryParse(text, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)) return number;
        scope.Fault(text.Length == 0 ? "a number is missing" : $"'{text}' is not a number");
        return 0;
    }

    public bool Holds(MappingScope scope) => Text(scope) == True;

    /// <summary>A value written in the profile.</summary>
    internal sealed record Constant(string Value) : FieldExpression
    {
        public override string Text(MappingScope scope) => Value;
    }

    /// <summary>A column of the file.</summary>
    internal sealed record Column(string Name, string? Default) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var text = scope.Column(Name);
            return text.Length == 0 && Default is not null ? Default : text;
        }
    }

    /// <summary>A named value of the profile, computed once a row.</summary>
    internal sealed record Named(string Name) : FieldExpression
    {
        public override string Text(MappingScope scope) => scope.Value(Name);
    }

    /// <summary>An option of the profile, as set on the command line or as the profile says.</summary>
    internal sealed record Setting(string Name) : FieldExpression
    {
        public override string Text(MappingScope scope) => scope.Option(Name);
    }

    /// <summary>Words and placeholders; a placeholder may pad its value with zeros on the left.</summary>
    internal sealed record Template(ImmutableArray<TemplatePart> Parts) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var text = new StringBuilder();
            foreach (var part in Parts)
            {
                if (part.Name is null) text.Append(part.Literal);
                else text.Append(scope.ValueOrColumn(part.Name).PadLeft(part.Width, '0'));
            }

            return text.ToString();
        }
    }

    /// <summary>Several texts, joined by commas; empty ones are left out.</summary>
    internal sealed record Joined(ImmutableArray<FieldExpression> Items) : FieldExpression
    {
        public override string Text(MappingScope scope) => string.Join(',', Items.Select(item => item.Text(scope)).Where(text => text.Length > 0));
    }

    /// <summary>Arithmetic over numbers, from left to right.</summary>
    internal sealed record Arithmetic(string Operation, ImmutableArray<FieldExpression> Operands) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var result = Operands[0].Number(scope);
            foreach (var operand in Operands.AsSpan()[1..]) result = Apply(result, operand.Number(scope), scope);
            return result.ToString(CultureInfo.InvariantCulture);
        }

        private decimal Apply(decimal left, decimal right, MappingScope scope)
        {
            switch (Operation)
            {
                case "sum": return left + right;
                case "subtract": return left - right;
                case "multiply": return left * right;
                case "max": return Math.Max(left, right);
                case "min": return Math.Min(left, right);
                default:
                    if (right != 0) return left / right;
                    scope.Fault("division by zero");
                    return 0;
            }
        }
    }

    /// <summary>A number with a fixed count of decimals, half away from zero.</summary>
    internal sealed record Rounded(FieldExpression Operand, int Decimals) : FieldExpression
    {
        public override string Text(MappingScope scope) =>
            Math.Round(Operand.Number(scope), Decimals, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The as-of date less some days, as yyyy-MM-dd.</summary>
    internal sealed record DaysAgo(FieldExpression Days) : FieldExpression
    {
        public override string Text(MappingScope scope) => LocalDatePattern.Iso.Format(scope.AsOf.PlusDays(-(int)Days.Number(scope)));
    }

    /// <summary>The as-of date in a pattern of Noda Time ("yyyyMMdd").</summary>
    internal sealed record AsOf(LocalDatePattern Pattern) : FieldExpression
    {
        public override string Text(MappingScope scope) => Pattern.Format(scope.AsOf);
    }

    /// <summary>A value looked up in one of the profile's tables.</summary>
    internal sealed record Lookup(string Table, FieldExpression Key, FieldExpression? Default) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var key = Key.Text(scope);
            if (scope.Profile.Tables[Table].TryGetValue(key, out var value)) return value;
            if (Default is not null) return Default.Text(scope);
            scope.Fault($"'{key}' is not in table '{Table}'");
            return "";
        }
    }

    /// <summary>One of several values by weight, chosen by the hash of the row's id and the name of the choice.</summary>
    internal sealed record Choose(string By, ImmutableArray<WeightedChoice> Of) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var total = Of.Sum(choice => choice.Weight);
            var mark = (int)(scope.Hash(By) % (ulong)total);
            foreach (var choice in Of)
            {
                mark -= choice.Weight;
                if (mark < 0) return choice.Value.Text(scope);
            }

            return "";
        }
    }

    /// <summary>An integer between two bounds, both included, by the hash of the row's id and the name of the choice.</summary>
    internal sealed record Spread(string By, int From, int To) : FieldExpression
    {
        public override string Text(MappingScope scope) =>
            (From + (int)(scope.Hash(By) % (ulong)(To - From + 1))).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>One of two values.</summary>
    internal sealed record If(FieldExpression Condition, FieldExpression Then, FieldExpression Else) : FieldExpression
    {
        public override string Text(MappingScope scope) => Condition.Holds(scope) ? Then.Text(scope) : Else.Text(scope);
    }

    /// <summary>True or false by comparing two numbers, or two texts for equality.</summary>
    internal sealed record Comparison(string Operation, FieldExpression Left, FieldExpression Right) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var holds = Operation switch
            {
                "equals" => Left.Text(scope) == Right.Text(scope),
                "at_least" => Left.Number(scope) >= Right.Number(scope),
                _ => Left.Number(scope) < Right.Number(scope),
            };
            return holds ? True : False;
        }
    }

    /// <summary>all, any or not.</summary>
    internal sealed record Logic(string Operation, ImmutableArray<FieldExpression> Operands) : FieldExpression
    {
        public override string Text(MappingScope scope)
        {
            var holds = Operation switch
            {
                "all" => Operands.All(operand => operand.Holds(scope)),
                "any" => Operands.Any(operand => operand.Holds(scope)),
                _ => !Operands[0].Holds(scope),
            };
            return holds ? True : False;
        }
    }
}

/// <summary>One part of a template: a literal, or a placeholder with the width it is padded to.</summary>
internal sealed record TemplatePart(string Literal, string? Name, int Width);

/// <summary>One value of a choice and how often it is taken, out of the sum of all weights.</summary>
internal sealed record WeightedChoice(int Weight, FieldExpression Value);
