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
        var book = CaseBook.Read(new PackText("cases.md", edition.Cases), family, [.. edition.Versions.Select(PackEdition.IdOf)], new PolicyModes(id => PolicyOf(trial, edition, family, id)));
        var report = CaseTrial.Run(family, book);
        var isPack = edition.Overlays.Length < edition.Versions.Length;
        if (isPack && report.Rows == 0) return Refused([new PackProblem("cases.md", 0, 0, "A pack needs a table of cases: at least one row.")]);
        return new TrialReport([], [.. report.Failures.Select(static failure => failure.ToString())], report.Rows);
    }

    /// <summary>The packs of the release with one of the edition instead of or beside them.</summary>
    /// <param name="id">Empty: the first of the edition.</param>
    private static PolicySnapshot PolicyOf(PackShelf trial, PackEdition edition, string family, string id)
    {
        var version = edition.Versions.First(one => id.Length == 0 || PackEdition.IdOf(one) == id);
        return trial.Compile(0, [.. PackLibrary.Shipped.Choose(null).Select(static pack => pack.Version).Where(one => !IsReplaced(one, family, edition)), version]);
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
