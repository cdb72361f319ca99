using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Scheduler.Architecture.Tests;

/// <summary>Size, names and leftovers of the sources.</summary>
public sealed partial class SourceTests
{
    private const int FileLimit = 400;
    private const int MethodLimit = 60;
    private const int ParameterLimit = 7;

    private static readonly string[] ForbiddenWords =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Impl", "Processor", "Wrapper"];

    private static readonly string[] ForbiddenFolders = ["Models", "Interfaces", "Enums", "Helpers", "Common", "Utils", "Impl"];

    /// <summary>Larger than the limits, each with its reason.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
    };

    private static IEnumerable<string> Sources => Repository.Files(".cs").Where(f => Repository.Relative(f) is var r
        && (r.StartsWith("src/", StringComparison.Ordinal) || r.StartsWith("tests/", StringComparison.Ordinal)
            || r.StartsWith("loadtests/", StringComparison.Ordinal) || r.StartsWith("benchmarks/", StringComparison.Ordinal)));

    private static IEnumerable<string> Ours => Sources.Where(f => Repository.Relative(f).StartsWith("src/Scheduler.", StringComparison.Ordinal));

    [Fact]
    public void A_file_fits_in_four_hundred_lines() => Offenders.None(
        from file in Sources
        let lines = File.ReadLines(file).Count()
        where lines > FileLimit && !Exceptions.ContainsKey(Repository.Relative(file))
        select $"{Repository.Relative(file)}: {lines} lines");

    [Fact]
    public void A_method_fits_on_a_screen() => Offenders.None(
        from file in Sources
        from method in Repository.Parse(file).DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
        let span = method.GetLocation().GetLineSpan().Span
        let lines = span.End.Line - span.Start.Line + 1
        where lines > MethodLimit
        let name = $"{Repository.Relative(file)}:{span.Start.Line + 1}"
        where !Exceptions.ContainsKey(Repository.Relative(file))
        select $"{name}: {lines} lines");

    /// <summary>Those names are known from the start, and the manual must name each: a name from elsewhere would be shown to nobody who looks for it.</summary>
    [Fact]
    public void A_counter_is_named_in_the_list_of_counters() => Offenders.None(
        from file in Ours
        from call in Repository.Parse(file).DescendantNodes().OfType<InvocationExpressionSyntax>()
        where CountersAdd().IsMatch(call.Expression.ToString())
            && call.ArgumentList.Arguments is [var name, ..] && !name.ToString().StartsWith("CounterNames.", StringComparison.Ordinal)
        select $"{Repository.Relative(file)}: {call}");

    [Fact]
    public void A_constructor_takes_at_most_seven_parameters() => Offenders.None(
        from file in Ours
        from node in Repository.Parse(file).DescendantNodes()
        let list = node switch
        {
            ConstructorDeclarationSyntax constructor => constructor.ParameterList,
            ClassDeclarationSyntax type => type.ParameterList,
            _ => null,
        }
        where list is { Parameters.Count: > ParameterLimit }
        select $"{Repository.Relative(file)}: {list.Parameters.Count} parameters");

    [Fact]
    public void No_type_is_named_for_what_it_might_do() => Offenders.None(
        from file in Ours
        from type in Repository.Parse(file).DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        where Words().Matches(type.Identifier.Text).Any(w => ForbiddenWords.Contains(w.Value))
        select $"{Repository.Relative(file)}: {type.Identifier.Text}");

    [Fact]
    public void Folders_are_concepts_not_kinds() => Offenders.None(
        from file in Sources
        where Repository.Relative(file).Split('/')[..^1].Any(ForbiddenFolders.Contains)
        select Repository.Relative(file));

    [Fact]
    public void Every_public_type_says_what_it_is() => Offenders.None(
        from file in Ours
        from type in Repository.Parse(file).DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        where type.Modifiers.Any(SyntaxKind.PublicKeyword) && type.Parent is not TypeDeclarationSyntax && !type.Modifiers.Any(SyntaxKind.PartialKeyword)
        where !type.GetLeadingTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
        select $"{Repository.Relative(file)}: {type.Identifier.Text}");

    [Fact]
    public void Nothing_is_left_unfinished_or_switched_off() => Offenders.None(
        from file in Sources
        where !Repository.Relative(file).StartsWith("tests/Scheduler.Architecture.Tests/", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, index) => (text, index))
        where Unfinished().IsMatch(line.text)
        select $"{Repository.Relative(file)}:{line.index + 1}: {line.text.Trim()}");

    [Fact]
    public void A_switched_off_warning_gives_its_reason_on_the_same_line() => Offenders.None(
        from file in Sources
        from line in File.ReadLines(file).Select((text, index) => (text, index))
        where line.text.TrimStart().StartsWith("#pragma warning disable", StringComparison.Ordinal) && !line.text.Contains("//", StringComparison.Ordinal)
        select $"{Repository.Relative(file)}:{line.index + 1}: {line.text.Trim()}");

    [Fact]
    public void Stored_and_routed_hashes_never_come_from_the_runtime() => Offenders.None(
        from file in Ours
        from call in Repository.Parse(file).DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "GetHashCode" }
        where call.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text != "GetHashCode"
        select $"{Repository.Relative(file)}: {call}");

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException|\bSkip\s*=\s*""|Assert\.Skip|\[Ignore")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\b_?[cC]ounters\.Add$", RegexOptions.ExplicitCapture)]
    private static partial Regex CountersAdd();
}
