using System.Reflection;

namespace Scheduler.RulePacks;

/// <summary>The files that are part of this assembly: packs, their cases and sources, places.</summary>
public static class ShippedFiles
{
    private const string VocabularyFile = "Packs/vocabulary.yaml";

    /// <summary>Files go by folder, a country before the regions that begin with its code: when several rules refuse, the country's is named.</summary>
    private const char FirstOfAll = '\u0001';

    private static readonly Assembly Owner = typeof(ShippedFiles).Assembly;

    public static IEnumerable<PackText> PackFiles() => Under("Packs/").Where(file => file.File.EndsWith("/pack.yaml", StringComparison.Ordinal));

    /// <summary>The case tables of every pack.</summary>
    public static IEnumerable<PackText> CaseFiles() => Under("Packs/").Where(file => file.File.EndsWith("/cases.md", StringComparison.Ordinal));

    /// <summary>Where the figures of every pack come from.</summary>
    public static IEnumerable<PackText> SourceFiles() => Under("Packs/").Where(file => file.File.EndsWith("/sources.md", StringComparison.Ordinal));

    /// <summary>What every pack is read with: the shared vocabulary and the tables of places.</summary>
    public static IEnumerable<PackText> BaseFiles() => PlaceFiles().Prepend(Vocabulary());

    public static IEnumerable<PackText> StrategyFiles() => Under("Strategies/");

    internal static PackText Vocabulary() => Read(VocabularyFile);

    internal static IEnumerable<PackText> PlaceFiles() => Under("Places/");

    private static IEnumerable<PackText> Under(string folder) =>
        Owner.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).OrderBy(static name => name.Replace('/', FirstOfAll), StringComparer.Ordinal).Select(Read);

    private static PackText Read(string name)
    {
        using var stream = Owner.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is not part of the assembly.");
        using var reader = new StreamReader(stream);
        return new PackText(name, reader.ReadToEnd());
    }
}
