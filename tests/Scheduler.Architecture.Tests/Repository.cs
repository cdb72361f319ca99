using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Scheduler.Architecture.Tests;

/// <summary>The checkout as text: projects, sources and documents, generated and installed files left out.</summary>
internal static class Repository
{
    private static readonly string[] Left = ["artifacts", "node_modules", ".git", "bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static readonly string Root = FindRoot();

    private static readonly Lazy<IReadOnlyList<string>> AllFiles = new(() => [.. Walk(Root)]);

    public static IEnumerable<string> Files(string ending) => AllFiles.Value.Where(f => f.EndsWith(ending, StringComparison.Ordinal));

    public static IReadOnlyList<string> All => AllFiles.Value;

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    public static IEnumerable<string> Sources(string under) =>
        Files(".cs").Where(f => Relative(f).StartsWith(under, StringComparison.Ordinal));

    public static CompilationUnitSyntax Parse(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file), new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot();

    /// <summary>Projects that a project names, by project name; build-only references are left out.</summary>
    public static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Where(r => !string.Equals((string?)r.Attribute("ReferenceOutputAssembly"), "false", StringComparison.OrdinalIgnoreCase))
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(d => !Left.Contains(Path.GetFileName(d))))
        {
            foreach (var file in Walk(inner)) yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scheduler.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new DirectoryNotFoundException("Scheduler.sln stands in no folder above the tests");
        }

        return folder;
    }
}
