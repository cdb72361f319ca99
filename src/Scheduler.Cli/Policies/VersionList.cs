using System.CommandLine;
using Scheduler.V1;

namespace Scheduler.Cli.Policies;

/// <summary>Which list is meant: the one in force with versions added, put in place of others, or left out.</summary>
internal sealed class VersionList
{
    private readonly Option<string[]> _add = new("--add") { Description = "Version to put in force beside the others, or instead of the same pack", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _remove = new("--remove") { Description = "Version to take out of force", AllowMultipleArgumentsPerToken = true };

    public void AddTo(Command command)
    {
        command.Add(_add);
        command.Add(_remove);
    }

    /// <param name="known">Every pack known, drafts included.</param>
    public IEnumerable<string> Of(ParseResult parse, ListPacksResponse known)
    {
        var (added, removed) = (parse.GetValue(_add) ?? [], parse.GetValue(_remove) ?? []);
        var incoming = known.Packs.Where(pack => added.Contains(pack.PackVersion)).ToList();
        return known.Packs
            .Where(pack => pack.State == PackState.Active && !removed.Contains(pack.PackVersion))
            .Where(pack => !incoming.Exists(other => other.PackId == pack.PackId || (!other.IsOverlay && !pack.IsOverlay && FamilyOf(other.PackId) == FamilyOf(pack.PackId))))
            .Select(static pack => pack.PackVersion)
            .Concat(added)
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>"CO" of "CO.strict": one mode of a family is in force at a time.</summary>
    private static string FamilyOf(string packId) => packId.Split('.')[0];
}
