using System.Collections.Immutable;
using Scheduler.Cli.Sessions;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Showing;

namespace Scheduler.Cli.Packs;

/// <summary>Packs named by id, by family, or by the file that they stand in.</summary>
internal static class PackRefs
{
    public static PackSheet Find(ImmutableArray<PackSheet> sheets, string id) =>
        sheets.FirstOrDefault(sheet => sheet.Id == id)
        ?? sheets.Where(sheet => sheet.Id.Split('.')[0] == id).OrderByDescending(sheet => sheet.IsDefault).FirstOrDefault()
        ?? throw new UsageException($"no pack is named '{id}'; 'scheduler pack list' names them");

    /// <summary>A pack by id or path; a file with several gives the one that is preferred, else its default.</summary>
    public static PackDiff.Side Side(string text, string prefer)
    {
        var isPath = File.Exists(text) || Directory.Exists(text);
        var given = isPath ? PackPaths.Read([text]) : [];
        var among = PackFolder.WithShipped(given);
        var sheets = PackSheet.Of(among);
        if (!isPath) return new(Find(sheets, text).Id, among);
        var own = sheets.Where(sheet => given.Any(folder => folder.Pack.File == sheet.File)).ToImmutableArray();
        return new((own.FirstOrDefault(sheet => sheet.Id == prefer) ?? own.OrderByDescending(sheet => sheet.IsDefault).First()).Id, among);
    }
}
