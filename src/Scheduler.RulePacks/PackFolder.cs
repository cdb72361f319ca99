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

    /// <summary>The shipped folders, each in whose code one is given replaced by it, then the others given: what a pack is tried together with.</summary>
    public static ImmutableArray<PackFolder> WithShipped(IReadOnlyCollection<PackFolder> folders)
    {
        var shipped = Shipped();
        // In the order of the release: a calendar is read before those that extend it.
        return [.. shipped.Select(one => folders.FirstOrDefault(folder => folder.Code == one.Code) ?? one), .. folders.Where(folder => shipped.All(one => one.Code != folder.Code))];
    }

    private static string CodeOf(string file) => file.Split('/')[^2];
}
