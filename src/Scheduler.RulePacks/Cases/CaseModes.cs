using System.Collections.Immutable;

namespace Scheduler.RulePacks.Cases;

/// <summary>Under which packs of its family a row is run.</summary>
internal static class CaseModes
{
    public static ImmutableArray<string> Of(PackCase row, string family, PackLibrary library) => Of(row, family, IdsOf(family, library));

    public static ImmutableArray<string> IdsOf(string family, PackLibrary library) => [.. library.Packs.Where(pack => pack.Family == family).Select(pack => pack.Pack.Id)];

    /// <summary>Ids of packs; an empty string stands for the family's default.</summary>
    /// <param name="ids">Packs of the family.</param>
    /// <exception cref="FormatException">A mode that the family does not have.</exception>
    public static ImmutableArray<string> Of(PackCase row, string family, ImmutableArray<string> ids)
    {
        if (row.Mode == "-") return [""];
        if (row.Mode == "all") return ids;
        ImmutableArray<string> modes = row.Mode == "both" ? ["strict", "literal"] : [.. row.Mode.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return [.. modes.Select(mode => ids.Contains($"{family}.{mode}") ? $"{family}.{mode}" : throw new FormatException($"'{family}' has no mode '{mode}'."))];
    }
}
