using System.Collections.Immutable;

namespace Scheduler.RulePacks.Cases;

/// <summary>What came of the cases of one pack folder.</summary>
/// <param name="Rows">Rows run, once for each mode that they name.</param>
/// <param name="Failures">Rows that do not hold, each with what every rule that blocked had to say, and rows that cannot be read.</param>
public sealed record CaseTrialReport(string Code, int Rows, ImmutableArray<PackProblem> Failures);

/// <summary>Runs every case of a folder through the packs.</summary>
public static class CaseTrial
{
    /// <param name="folder">Whose cases are run.</param>
    /// <param name="library">All packs in force together.</param>
    public static CaseTrialReport Run(PackFolder folder, PackLibrary library) => Run(folder.Code, CaseBook.Read(folder, library));

    internal static CaseTrialReport Run(string code, CaseBook book)
    {
        var failures = book.Problems.ToBuilder();
        foreach (var one in book.Cases)
        {
            if (one.Problem(one.Policy).Length == 0) continue;
            var told = CaseRun.Check(one.Row, one.Policy);
            failures.Add(new PackProblem(one.Row.File, one.Row.Line, 1, $"{(one.PackId.Length > 0 ? $"{one.PackId}: " : "")}{told[(told.IndexOf(' ', StringComparison.Ordinal) + 1)..]}"));
        }

        return new CaseTrialReport(code, book.Cases.Length + book.Problems.Length, failures.ToImmutable());
    }
}
