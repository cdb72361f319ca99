using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Scheduler.RulePacks.Reading;

namespace Scheduler.RulePacks.Editions;

/// <summary>One text of a pack file, named by its digest and kept for ever: what a version of a pack was is always known.</summary>
public sealed record PackEdition
{
    /// <summary>Hexadecimal digits of the digest that a version carries.</summary>
    public const int VersionDigits = 12;

    private PackEdition(PackText definition, PackOutline outline)
    {
        Definition = definition;
        Digest = DigestOf(definition.Text);
        Outline = outline;
        Versions = [.. outline.Packs.Select(pack => VersionOf(pack.Id, Digest))];
        Overlays = [.. outline.Packs.Where(static pack => pack.IsOverlay).Select(pack => VersionOf(pack.Id, Digest))];
    }

    public PackText Definition { get; }

    /// <summary>SHA-256 of the definition's UTF-8 bytes, in lower-case hexadecimal.</summary>
    public string Digest { get; }

    /// <summary>"CO.strict@0123456789ab", for each pack of the file.</summary>
    public ImmutableArray<string> Versions { get; }

    /// <summary>Those of <see cref="Versions"/> that are overlays.</summary>
    public ImmutableArray<string> Overlays { get; }

    /// <summary>Markdown; empty where none was given.</summary>
    public string Cases { get; init; } = "";

    /// <inheritdoc cref="Cases"/>
    public string Sources { get; init; } = "";

    /// <summary>Part of a release; uploaded otherwise.</summary>
    public bool IsShipped { get; init; }

    /// <summary>Whose it is; empty: everybody's.</summary>
    public string Tenant { get; init; } = "";

    internal PackOutline Outline { get; }

    /// <summary>A file that cannot be read has an edition too: of as many packs as could be made out.</summary>
    public static PackEdition Of(PackText definition) => new(definition, PackOutline.Of(definition));

    /// <summary>The packs that are part of this assembly, with their cases and sources.</summary>
    public static ImmutableArray<PackEdition> Shipped()
    {
        var beside = ShippedFiles.CaseFiles().Concat(ShippedFiles.SourceFiles()).ToDictionary(static file => file.File, static file => file.Text, StringComparer.Ordinal);
        return [.. ShippedFiles.PackFiles().Select(file => Of(file) with
        {
            Cases = beside.GetValueOrDefault(file.File.Replace("pack.yaml", "cases.md", StringComparison.Ordinal), ""),
            Sources = beside.GetValueOrDefault(file.File.Replace("pack.yaml", "sources.md", StringComparison.Ordinal), ""),
            IsShipped = true,
        })];
    }

    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string VersionOf(string packId, string digest) => $"{packId}@{digest[..VersionDigits]}";

    /// <summary>"CO.strict" of "CO.strict@0123456789ab".</summary>
    public static string IdOf(string version) => version[..Math.Max(version.LastIndexOf('@'), 0)];
}

/// <summary>What a pack file defines, as far as it can be made out without the files that it builds upon.</summary>
internal sealed record PackOutline(ImmutableArray<ListedPack> Packs, ImmutableArray<string> Calendars)
{
    public static PackOutline Of(PackText definition)
    {
        var reader = new PackReader();
        reader.ReadVocabulary(ShippedFiles.Vocabulary());
        reader.ReadFile(definition);
        return new PackOutline([.. reader.Listed], [.. reader.Calendars.Keys]);
    }

    /// <summary>The pack asked for, and of every other family of the file the one that is in force unless another is chosen.</summary>
    /// <param name="id">Empty: none is asked for.</param>
    public IEnumerable<ListedPack> Chosen(string id) => Packs.GroupBy(static pack => pack.Family, StringComparer.Ordinal)
        .Select(family => family.FirstOrDefault(pack => pack.Id == id) ?? family.FirstOrDefault(static pack => pack.IsDefault) ?? family.First());

    /// <summary>Both define something of the same name: only one of them can be read at a time.</summary>
    public bool Collides(PackOutline other) =>
        Calendars.Intersect(other.Calendars).Any() || Packs.Select(static pack => pack.Id).Intersect(other.Packs.Select(static pack => pack.Id)).Any();
}
