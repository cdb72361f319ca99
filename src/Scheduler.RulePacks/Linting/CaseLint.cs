using Scheduler.RulePacks.Cases;
using YamlDotNet.Core;

namespace Scheduler.RulePacks.Linting;

/// <summary>Case tables that cannot be read, that repeat a name, or whose rows do not hold.</summary>
internal static class CaseLint
{
    public static void Check(PackFolder folder, PackMap map, CaseBook book, LintReport report)
    {
        if (folder.Cases is null)
            report.Error(map.File, new Mark(0, 1, 1), LintCodes.CaseUnreadable, "There is no cases.md beside the pack.", "Write one: a row for each border of each rule.");
        foreach (var problem in book.Problems) report.Add(problem, LintCodes.CaseUnreadable);
        foreach (var one in book.Cases)
        {
            var problem = one.Problem(one.Policy);
            if (problem.Length > 0) report.Error(one.Row.File, new Mark(0, one.Row.Line, 1), LintCodes.CaseFails, $"'{one.Row.Name}' does not hold{(one.PackId.Length > 0 ? $" in {one.PackId}" : "")}: {problem}.", "'scheduler pack test' says what each rule answers.");
        }

        foreach (var repeated in book.Cases.GroupBy(one => (one.Row.Name, one.PackId)).Where(group => group.Count() > 1))
        {
            var row = repeated.Last().Row;
            report.Error(row.File, new Mark(0, row.Line, 1), LintCodes.CaseRepeated, $"'{row.Name}' names more than one row.", "A row is known by its name.");
        }
    }
}
