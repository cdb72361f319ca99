using System.Text.RegularExpressions;

namespace Scheduler.Services.Tests.Metrics;

/// <summary>The sources that these tests were built from, and what their operations page says.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Names in the table of metrics.</summary>
    public static HashSet<string> DocumentedMetrics() =>
        Row().Matches(File.ReadAllText(Path.Combine(Root, "docs", "operations.md"))).Select(static match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^\| `(?<name>(contact|process|dotnet)_[a-z_]+)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scheduler.sln"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
