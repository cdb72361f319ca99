using System.Collections.Immutable;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Showing;

/// <summary>What a change does to permission. "Neither": it is about words or about what gateways keep.</summary>
public enum PermissionChange : byte { CannotBeTold = 0, Widens = 1, Narrows = 2, Neither = 3 }

/// <summary>One difference between two packs.</summary>
/// <param name="Key">Key that changed; empty where a whole rule or exception was added or dropped.</param>
/// <param name="Before">Empty: it was not there.</param>
/// <param name="After">Empty: it is no longer there.</param>
public sealed record PackChange(string RuleId, string Key, string Before, string After, PermissionChange Effect);

/// <summary>A case on which two packs do not agree.</summary>
public sealed record CaseDifference(PackCase Case, string Before, string After);

/// <summary>Two packs compared: what they say, and what they answer to the cases of both.</summary>
public sealed record PackDiff(ImmutableArray<PackChange> Changes, ImmutableArray<CaseDifference> Cases, int CasesCompared)
{
    /// <summary>A pack among the folders that are in force with it.</summary>
    public sealed record Side(string PackId, IReadOnlyCollection<PackFolder> Among);

    /// <exception cref="PackFormatException">A folder that cannot be read.</exception>
    public static PackDiff Of(Side before, Side after)
    {
        var (old, young) = (Load(before), Load(after));
        var (differing, compared) = CompareCases(before, after, old.Library, young.Library);
        return new PackDiff([.. CompareRules(old, young)], differing, compared);
    }

    private static Loaded Load(Side side)
    {
        if (!PackLibrary.TryLoad(side.Among.Select(folder => folder.Pack), out var library, out var problems)) throw new PackFormatException(problems);
        return new Loaded(PackSheet.Of(side.Among).Single(sheet => sheet.Id == side.PackId), library.Packs.Single(pack => pack.Pack.Id == side.PackId).Pack, library);
    }

    private static IEnumerable<PackChange> CompareRules(Loaded old, Loaded young)
    {
        foreach (var (key, before, after) in new[] { ("applies", old.Sheet.Applies, young.Sheet.Applies), ("in force", old.Sheet.Validity, young.Sheet.Validity), ("when", old.Sheet.When, young.Sheet.When) })
        {
            if (before != after) yield return new(young.Sheet.Id, key, before, after, key != "when" ? PermissionChange.CannotBeTold : before.Length == 0 ? PermissionChange.Widens : after.Length == 0 ? PermissionChange.Narrows : PermissionChange.CannotBeTold);
        }

        foreach (var change in Compare(old.Sheet.Rules, young.Sheet.Rules, old, young)) yield return change;
        foreach (var change in Compare(old.Sheet.Exceptions, young.Sheet.Exceptions, old, young)) yield return change;
        foreach (var change in CalendarDiff.Of(old.Sheet.Calendars, young.Sheet.Calendars)) yield return change;
    }

    private static IEnumerable<PackChange> Compare(ImmutableArray<RuleSheet> before, ImmutableArray<RuleSheet> after, Loaded old, Loaded young)
    {
        foreach (var gone in before.Where(rule => after.All(other => other.Id != rule.Id))) yield return new(gone.Id, "", gone.Type, "", Effects.OfPresence(gone.Type, isAdded: false));
        foreach (var rule in after)
        {
            if (before.FirstOrDefault(other => other.Id == rule.Id) is not { } known)
            {
                yield return new(rule.Id, "", "", rule.Type, Effects.OfPresence(rule.Type, isAdded: true));
                continue;
            }

            if (known.Type != rule.Type) yield return new(rule.Id, "type", known.Type, rule.Type, PermissionChange.CannotBeTold);
            foreach (var key in known.Keys.Concat(rule.Keys).Select(pair => pair.Key).Distinct())
            {
                if (known.Of(key) != rule.Of(key)) yield return new(rule.Id, key, known.Of(key), rule.Of(key), Effects.OfKey(key, known, rule, old.RuleOf(rule.Id), young.RuleOf(rule.Id)));
            }
        }
    }

    private static (ImmutableArray<CaseDifference> Differing, int Compared) CompareCases(Side before, Side after, PackLibrary old, PackLibrary young)
    {
        var (first, second) = (new PolicyModes(old).Of(before.PackId), new PolicyModes(young).Of(after.PackId));
        var rows = FolderOf(before).Concat(FolderOf(after)).SelectMany(folder => CaseTable.Read(folder.Cases!)).DistinctBy(row => (row.Name, row.At, row.Contact, row.Given, row.Place)).ToList();
        var differing = ImmutableArray.CreateBuilder<CaseDifference>();
        foreach (var row in rows)
        {
            var (was, becomes) = (Answer(row, first), Answer(row, second));
            if (was != becomes) differing.Add(new CaseDifference(row, was, becomes));
        }

        return (differing.ToImmutable(), rows.Count);
    }

    private static IEnumerable<PackFolder> FolderOf(Side side) =>
        side.Among.Where(folder => folder.Cases is not null && new WrittenPacks([folder.Pack]).Has(side.PackId));

    private static string Answer(PackCase row, PolicySnapshot policy)
    {
        var situation = new CaseSituation(row, policy);
        return CaseRun.Told(PolicyEvaluator.Evaluate(situation.Question(), situation.Asked(policy)), situation.Candidates.Shown);
    }

    private sealed record Loaded(PackSheet Sheet, RulePack Pack, PackLibrary Library)
    {
        public Rule? RuleOf(string id) => Pack.Rules.FirstOrDefault(rule => rule.Id == id);
    }
}
