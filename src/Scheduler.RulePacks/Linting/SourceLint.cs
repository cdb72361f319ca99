using System.Text.RegularExpressions;
using Scheduler.RulePacks.Mutating;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Linting;

/// <summary>Every rule says where it comes from and how well that is known, and sources.md has a line for it.</summary>
internal static partial class SourceLint
{
    public static void Check(PackFolder folder, PackMap map, LintReport report)
    {
        foreach (var (id, node, isReplacement) in map.Rules()) CheckSource(map.File, id, node, isReplacement, report);
        if (folder.Sources is not { } sources)
        {
            report.Error(map.File, new Mark(0, 1, 1), LintCodes.Sources, "There is no sources.md beside the pack.", "Write one: a table with a line for every rule, with its evidence.");
            return;
        }

        var known = ReadSources(sources, report);
        foreach (var (id, node, _) in map.Rules())
        {
            if (!known.Contains(id)) report.Error(map.File, node.Start, LintCodes.Sources, $"{id} has no line in {sources.File}.", "Add one whose first cell names it.");
        }

        foreach (var (id, key, _) in map.Calendars)
        {
            if (!known.Contains($"calendar {id}")) report.Error(map.File, key.Start, LintCodes.Sources, $"The calendar {id} has no line in {sources.File}.", $"Add one whose first cell is 'calendar {id}'.");
        }
    }

    private static void CheckSource(string file, string id, YamlMappingNode node, bool isReplacement, LintReport report)
    {
        var source = PackMap.Text(node, "source");
        if (source.Length == 0)
        {
            if (!isReplacement) report.Error(file, node.Start, LintCodes.Source, $"{id} has no source.", "Name the article, or say that it is a design choice: source: \"[D]: why\", source_kind: design.");
        }
        else if (!Evidence().IsMatch(source))
        {
            report.Error(file, PackMap.Child(node, "source")!.Start, LintCodes.Evidence, $"The source of {id} says nothing of its evidence.", "End it with one of [T] [O] [S2] [S1] [M] [D].");
        }
    }

    /// <summary>What the first cells name; rows of a table with an evidence column must fill it.</summary>
    private static HashSet<string> ReadSources(PackText sources, LintReport report)
    {
        var known = new HashSet<string>();
        var (number, evidence, isExcuse) = (0, -1, false);
        foreach (var line in sources.Text.Split('\n'))
        {
            number++;
            if (!line.StartsWith('|') || line.StartsWith("|--", StringComparison.Ordinal) || line.StartsWith("| --", StringComparison.Ordinal)) continue;
            var cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
            if (cells[0] is "rule" or ExcusedChanges.Heading)
            {
                isExcuse = cells[0] == ExcusedChanges.Heading;
                evidence = Array.IndexOf(cells, "evidence");
                continue;
            }

            if (isExcuse) continue;

            foreach (var name in cells[0].Split(',', StringSplitOptions.TrimEntries)) known.Add(Reading().Replace(name, ""));
            if (evidence >= 0 && (evidence >= cells.Length || !EvidenceCell().IsMatch(cells[evidence])))
                report.Error(sources.File, new Mark(0, number, 1), LintCodes.Evidence, $"The line of {cells[0]} says nothing of its evidence.", "Fill the cell with T, O, S2, S1, M or D.");
        }

        return known;
    }

    [GeneratedRegex(@"\[(?:(?:T|O|S2|S1|M|D)(?:[,; ]|(?=\])))+[^\]]*\]")]
    private static partial Regex Evidence();

    [GeneratedRegex(@"^(?:T|O|S2|S1|M|D)(?:, ?(?:T|O|S2|S1|M|D))*$")]
    private static partial Regex EvidenceCell();

    /// <summary>"CO.day (strict)" speaks of CO.day.</summary>
    [GeneratedRegex(@" \([a-z ,]+\)$")]
    private static partial Regex Reading();
}
