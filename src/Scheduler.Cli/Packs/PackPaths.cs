using System.Collections.Immutable;
using Scheduler.Cli.Sessions;
using Scheduler.RulePacks;

namespace Scheduler.Cli.Packs;

/// <summary>Packs named on the command line: a folder with a pack.yaml, a folder of such folders, or a pack.yaml; none: those that ship.</summary>
internal static class PackPaths
{
    private const string PackFile = "pack.yaml";

    public static ImmutableArray<PackFolder> Read(IReadOnlyCollection<string> paths) =>
        paths.Count == 0 ? PackFolder.Shipped() : [.. paths.SelectMany(Folders).Select(Read).DistinctBy(folder => folder.Pack.File)];

    private static IEnumerable<string> Folders(string path)
    {
        if (File.Exists(path)) return Path.GetFileName(path) == PackFile ? [Parent(path)] : throw new UsageException($"'{path}' is not a {PackFile}");
        if (!Directory.Exists(path)) throw new UsageException($"there is no '{path}'");
        if (File.Exists(Path.Combine(path, PackFile))) return [path];
        var inner = Directory.EnumerateDirectories(path).Where(folder => File.Exists(Path.Combine(folder, PackFile))).Order(StringComparer.Ordinal).ToList();
        return inner.Count > 0 ? inner : throw new UsageException($"neither '{path}' nor a folder in it has a {PackFile}");
    }

    private static PackFolder Read(string folder) =>
        new(Path.GetFileName(Path.GetFullPath(folder)), Text(folder, PackFile)!, Text(folder, "cases.md"), Text(folder, "sources.md"));

    /// <summary>The file as it was named: what a finding says can be opened.</summary>
    private static PackText? Text(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? new PackText(path.Replace('\\', '/'), File.ReadAllText(path)) : null;
    }

    private static string Parent(string path) => Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";
}
