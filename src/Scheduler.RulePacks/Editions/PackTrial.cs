using System.Collections.Immutable;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Reading;

namespace Scheduler.RulePacks.Editions;

/// <summary>What reading an edition and running its own case table came to.</summary>
public sealed record TrialReport(ImmutableArray<PackProblem> Problems, ImmutableArray<string> FailedCases, int CaseCount)
{
    public bool Passes => Problems.IsEmpty && FailedCases.IsEmpty;
}

/// <summary>Tries an edition before it is stored: it must read beside the packs of the release, and its own cases must hold.</summary>
public static class PackTrial
{
    public static TrialReport Run(PackShelf shelf, PackEdition edition)
    {
        if (edition.Versions.IsEmpty) return Refused(Unread(edition));
        if (shelf.Beside(edition) is not { } trial) return Refused([new PackProblem(edition.Definition.File, 0, 0, "A version of it names another text already.")]);
        foreach (var version in edition.Versions)
        {
            if (!trial.TryRead([version], out _, out var problems)) return Refused(problems);
        }

        return RunCases(trial, edition);
    }

    private static TrialReport RunCases(PackShelf trial, PackEdition edition)
    {
        var failed = ImmutableArray.CreateBuilder<string>();
        var count = 0;
        try
        {
            foreach (var row in CaseTable.Read(new PackText("cases.md", edition.Cases)))
            {
                foreach (var policy in PoliciesOf(trial, edition, row.Mode))
                {
                    count++;
                    if (CaseRun.Check(row, policy) is { Length: > 0 } problem) failed.Add(problem);
                }
            }
        }
        catch (FormatException malformed)
        {
            return Refused([new PackProblem("cases.md", 0, 0, malformed.Message)]);
        }

        var isPack = edition.Overlays.Length < edition.Versions.Length;
        if (isPack && count == 0) return Refused([new PackProblem("cases.md", 0, 0, "A pack needs a table of cases: at least one row.")]);
        return new TrialReport([], failed.ToImmutable(), count);
    }

    /// <summary>The packs of the release with those of the edition instead of or beside them: one policy for each mode that the case speaks of.</summary>
    private static IEnumerable<PolicySnapshot> PoliciesOf(PackShelf trial, PackEdition edition, string mode)
    {
        var family = PackEdition.IdOf(edition.Versions[0]).Split('.')[0];
        var wanted = mode switch
        {
            "-" => new[] { edition.Versions[0] },
            "all" => [.. edition.Versions],
            "both" => [$"{family}.strict", $"{family}.literal"],
            _ => [.. mode.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(one => $"{family}.{one}")],
        };
        foreach (var name in wanted)
        {
            var version = edition.Versions.FirstOrDefault(one => one == name || PackEdition.IdOf(one) == name)
                ?? throw new FormatException($"cases.md: no pack of the file is the mode '{mode}'.");
            yield return trial.Compile(0, [.. PackLibrary.Shipped.Choose(null).Select(static pack => pack.Version).Where(one => !IsReplaced(one, family, edition)), version]);
        }
    }

    private static bool IsReplaced(string shipped, string family, PackEdition edition) =>
        edition.Overlays.IsEmpty && PackEdition.IdOf(shipped).Split('.')[0] == family;

    private static ImmutableArray<PackProblem> Unread(PackEdition edition)
    {
        var reader = new PackReader();
        reader.ReadVocabulary(ShippedFiles.Vocabulary());
        reader.ReadFile(edition.Definition);
        return reader.Problems.Count > 0 ? [.. reader.Problems] : [new PackProblem(edition.Definition.File, 1, 1, "The file names no pack.")];
    }

    private static TrialReport Refused(ImmutableArray<PackProblem> problems) => new(problems, [], 0);
}
