using System.Collections.Immutable;
using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Mutating;

/// <summary>
/// Tries whether the cases of a pack are worth their name: each mutant of the pack must break at least one case. A change that the schema
/// refuses is no mutant.
/// </summary>
public static class PackMutation
{
    /// <param name="folder">Its cases must hold.</param>
    /// <param name="among">All folders in force together, this one among them.</param>
    public static MutationReport Run(PackFolder folder, IReadOnlyCollection<PackFolder> among)
    {
        if (!PackLibrary.TryLoad(among.Select(one => one.Pack), out var library, out var problems)) throw new PackFormatException(problems);
        return Run(folder, among, library);
    }

    internal static MutationReport Run(PackFolder folder, IReadOnlyCollection<PackFolder> among, PackLibrary library)
    {
        var lab = new MutantLab(folder, among, library, CaseBook.Read(folder, library));
        var survivors = ImmutableArray.CreateBuilder<Mutant>();
        var excused = ExcusedChanges.Of(folder.Sources);
        var met = new HashSet<string>();
        var killed = 0;
        foreach (var mutant in lab.Mutants())
        {
            if (lab.IsNoticed(mutant) is not { } isNoticed) continue;
            if (isNoticed) killed++;
            else if (excused.Contains(mutant.Said)) met.Add(mutant.Said);
            else survivors.Add(mutant);
        }

        return new MutationReport(folder.Code, killed, survivors.ToImmutable()) { Excused = met.Count, Stale = [.. excused.Except(met).Order(StringComparer.Ordinal)] };
    }
}
