using System.Collections.Immutable;

namespace Scheduler.RulePacks;

/// <summary>The files of one pack: rules, and the cases and sources that stand beside them, if they do.</summary>
/// <param name="Code">Name of the folder, which is also the family of its packs: "CO".</param>
public sealed record PackFolder(string Code, PackText Pack, PackText? Cases, PackText? Sources)
{
    /// <summary>The folders that are part of this assembly.</summary>
    public static ImmutableArray<PackFolder> Shipped()
    {
        var cases = ShippedFiles.CaseFiles().ToDictionary(file => CodeOf(file.File));
        var sources = ShippedFiles.SourceFiles().ToDictionary(file => CodeOf(file.File));
        return [.. ShippedFiles.PackFiles().Select(file => new PackFolder(CodeOf(file.File), file, cases.GetValueOrDefault(CodeOf(file.File)), sources.GetValueOrDefault(CodeOf(file.File))))];
    }

    /// <summary>These folders and every shipped one whose code none of them has: what a pack is tried together with.</summary>
    public static ImmutableArray<PackFolder> WithShipped(IReadOnlyCollection<PackFolder> folders) =>
        [.. Shipped().Where(shipped => folders.All(folder => folder.Code != shipped.Code)), .. folders];

    private static string CodeOf(string file) => file.Split('/')[^2];
}
