using System.Collections.Immutable;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Reading;

namespace Scheduler.RulePacks.Editions;

/// <summary>What reading an edition and running its own case table came to.</summary>
/// <param name="FailedCases">Rows that do not hold or cannot be read, each with its line, and what every rule that blocked had to say.</param>
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
        var family = PackEdition.IdOf(edition.Versions[0]).Split('.')[0];
        var book = CaseBook.Read(new PackText("cases.md", edition.Cases), family, [.. edition.Versions.Select(PackEdition.IdOf)], new PolicyModes(id => PolicyOf(trial, edition, id)));
        var report = CaseTrial.Run(family, book);
        var isPack = edition.Overlays.Length < edition.Versions.Length;
        if (isPack && report.Rows == 0) return Refused([new PackProblem("cases.md", 0, 0, "A pack needs a table of cases: at least one row.")]);
        return new TrialReport([], [.. report.Failures.Select(static failure => failure.ToString())], report.Rows);
    }

    /// <summary>What is in force for a row, the same as for a folder: of each family of the file one pack, of every other the default of the release. An overlay takes nobody's place.</summary>
    /// <param name="id">The pack that the row's mode names; empty where it names none.</param>
    private static PolicySnapshot PolicyOf(PackShelf trial, PackEdition edition, string id)
    {
        var own = edition.Outline.Chosen(id).ToList();
        var replaced = own.Where(static pack => !pack.IsOverlay).Select(static pack => pack.Family).ToHashSet(StringComparer.Ordinal);
        var beside = PackLibrary.Shipped.Choose(null).Where(pack => !replaced.Contains(pack.Id.Split('.')[0])).Select(static pack => pack.Version);
        return trial.Compile(0, [.. beside, .. own.Select(pack => PackEdition.VersionOf(pack.Id, edition.Digest))]);
    }

    private static ImmutableArray<PackProblem> Unread(PackEdition edition)
    {
        var reader = new PackReader();
        reader.ReadVocabulary(ShippedFiles.Vocabulary());
        reader.ReadFile(edition.Definition);
        return reader.Problems.Count > 0 ? [.. reader.Problems] : [new PackProblem(edition.Definition.File, 1, 1, "The file names no pack.")];
    }

    private static TrialReport Refused(ImmutableArray<PackProblem> problems) => new(problems, [], 0);
}
