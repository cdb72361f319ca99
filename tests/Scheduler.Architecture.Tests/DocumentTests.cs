using System.Text.RegularExpressions;

namespace Scheduler.Architecture.Tests;

/// <summary>Documents are true to the tree, and the tree speaks of itself alone.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] TextEndings = [".cs", ".md", ".json", ".yaml", ".yml", ".props", ".targets", ".csproj", ".proto", ".sql", ".js", ".sh", ".py", "run"];

    [Fact]
    public void Every_relative_link_leads_somewhere() => Offenders.None(
        from file in Repository.Files(".md")
        from Match link in Link().Matches(Code().Replace(File.ReadAllText(file), ""))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
        let path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, target))
        where !File.Exists(path) && !Directory.Exists(path)
        select $"{Repository.Relative(file)}: {link.Groups[1].Value}");

    [Fact]
    public void Decision_records_have_numbers_of_their_own()
    {
        var records = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "decisions"), "*.md").Select(f => Path.GetFileName(f)).ToList();
        Assert.NotEmpty(records);
        Assert.All(records, r => Assert.Matches("^[0-9]{4}-[a-z0-9-]+\\.md$", r));
        Assert.Equal(records.Count, records.Select(r => r[..4]).Distinct().Count());
    }

    [Fact]
    public void No_file_names_a_machine_or_a_registry() => Offenders.None(
        from file in Repository.All
        where TextEndings.Any(e => file.EndsWith(e, StringComparison.Ordinal))
        where !Repository.Relative(file).StartsWith("tests/Scheduler.Architecture.Tests/", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, index) => (text, index))
        where ForeignPlace().IsMatch(line.text)
        select $"{Repository.Relative(file)}:{line.index + 1}: {line.text.Trim()}");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"registry\.npmjs|api\.nuget\.org|(^|[\s""'(=])/(work|root|home|tmp)/")]
    private static partial Regex ForeignPlace();
}
