using System.Collections.Immutable;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Mutating;

namespace Scheduler.RulePacks.Linting;

/// <summary>
/// Reads a pack as a lawyer's clerk would: is it written well, does every figure have a source, and does the case table stand at every
/// border of every rule? Whether a case stands at a border is asked of the evaluator, never of the case's words.
/// </summary>
public static class PackLint
{
    /// <param name="folder">The folder to look at.</param>
    /// <param name="among">All folders in force together, this one among them.</param>
    public static ImmutableArray<LintFinding> Run(PackFolder folder, IReadOnlyCollection<PackFolder> among)
    {
        var report = new LintReport();
        var map = PackMap.Of(folder.Pack);
        PackLibrary.TryLoad(among.Select(one => one.Pack), out var library, out var problems);
        foreach (var problem in problems.Where(problem => problem.File == folder.Pack.File)) report.Add(problem, LintCodes.Schema);
        SchemaLint.Check(folder, map, report);
        SourceLint.Check(folder, map, report);
        if (problems.IsEmpty)
        {
            var book = CaseBook.Read(folder, library);
            CaseLint.Check(folder, map, book, report);
            BorderLint.Check(map, library, book, new MutantLab(folder, among, library, book), report);
        }

        return report.Findings;
    }
}
