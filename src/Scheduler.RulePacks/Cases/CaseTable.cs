using System.Collections.Immutable;

namespace Scheduler.RulePacks.Cases;

/// <summary>One row of a pack's case table: a situation, and what the law says of it.</summary>
/// <param name="Mode">"strict", "literal", or "-" where the pack has one reading.</param>
/// <param name="Contact">"sms", "call about B", "email requested_information answering c1 to guarantor".</param>
/// <param name="At">"Fri 2026-11-20 18:59:59" at the debtor, or an instant that ends in Z.</param>
/// <param name="Place">"CO", "US-NY; phone +1212", "50 states".</param>
/// <param name="Given">Facts, separated by semicolons; see docs/rule-packs.md.</param>
/// <param name="Expected">"permit until 19:00", "defer Sat 2026-11-21 08:00", "forbid".</param>
public sealed record PackCase(
    string File, int Line, string Name, string Mode, string Contact, string At, string Place, string Given, string Expected, string Rule, string Source)
{
    public override string ToString() => Name;
}

/// <summary>Reads the Markdown tables of a case file.</summary>
public static class CaseTable
{
    private const int Columns = 9;

    /// <exception cref="FormatException">A row without the nine columns.</exception>
    public static ImmutableArray<PackCase> Read(PackText file)
    {
        var cases = ImmutableArray.CreateBuilder<PackCase>();
        var number = 0;
        foreach (var line in file.Text.Split('\n'))
        {
            number++;
            if (ReadLine(file.File, number, line) is { } row) cases.Add(row);
        }

        return cases.ToImmutable();
    }

    /// <summary>The case of one line; null for a line that is none.</summary>
    /// <exception cref="FormatException">A row without the nine columns.</exception>
    public static PackCase? ReadLine(string file, int number, string line)
    {
        var text = line.Trim();
        if (!text.StartsWith('|') || text.StartsWith("|--", StringComparison.Ordinal) || text.StartsWith("| --", StringComparison.Ordinal)) return null;
        var cells = text.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
        if (cells[0] == "case") return null;
        if (cells.Length != Columns) throw new FormatException($"{file}({number}): {cells.Length} columns, {Columns} are expected.");
        return new PackCase(file, number, cells[0], cells[1], cells[2], cells[3], cells[4], Blank(cells[5]), cells[6], Blank(cells[7]), cells[8]);
    }

    private static string Blank(string cell) => cell == "-" ? "" : cell;
}
