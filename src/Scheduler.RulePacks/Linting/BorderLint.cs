using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Mutating;
using YamlDotNet.Core;

namespace Scheduler.RulePacks.Linting;

/// <summary>Does a case stand at every border of every rule, in every mode of the pack?</summary>
internal sealed class BorderLint
{
    private readonly PackMap _map;
    private readonly Dictionary<(Mark Mark, string Id, MissingCase Missing), List<string>> _missing = [];

    private BorderLint(PackMap map) => _map = map;

    public static void Check(PackMap map, PackLibrary library, CaseBook book, MutantLab lab, LintReport report)
    {
        var lint = new BorderLint(map);
        foreach (var shipped in library.Packs.Where(pack => map.Packs.Any(written => written.Id == pack.Pack.Id))) lint.OfPack(shipped.Pack, library, book);
        lint.OfExceptions(lab);
        foreach (var ((mark, id, missing), modes) in lint._missing)
            report.Error(map.File, mark, missing.Code, $"{id}{(modes.Contains(id) ? "" : $" ({string.Join(", ", modes)})")} has no case {missing.Where}.", $"Add {missing.Advice}.");
    }

    private void OfPack(RulePack pack, PackLibrary library, CaseBook book)
    {
        var cases = book.Cases.Where(one => one.Problem(one.Policy).Length == 0 && one.Explained.PackVersions.Contains(pack.Version)).ToList();
        Add(_map.PackMark(pack.Id), pack.Id, pack.Id, DateBorders.OfValidity(pack.ValidFrom, pack.ValidTo, cases));
        if (pack.Rules.Any(rule => rule is Rule.Window)) Add(_map.PackMark(pack.Id), pack.Id, pack.Id, DateBorders.OfClocks(ZonesOf(pack.Applies, library), cases));
        foreach (var rule in pack.Rules)
        {
            var seen = Sighting.Of(rule, pack, cases);
            var missing = rule switch
            {
                Rule.Window window => WindowBorders.Missing(window, seen),
                Rule.Counter counter => CounterBorders.Missing(counter, seen),
                Rule.OnHold hold => cases.Any(one => one.Situation.Question().Debtor.Holds.Any(held => held.Kind == hold.Kind) && !one.Evaluate(one.Situation.At).IsPermit)
                    ? []
                    : [new MissingCase(LintCodes.BorderForbid, "on such a hold", "a row with the hold that forbids")],
                _ => AnswerBorders.Missing(rule, seen),
            };
            var mark = _map.RuleMark(pack.Id, rule.Id);
            Add(mark, rule.Id, pack.Id, missing);
            if (rule.ValidFrom != pack.ValidFrom || rule.ValidTo != pack.ValidTo) Add(mark, rule.Id, pack.Id, DateBorders.OfValidity(rule.ValidFrom == pack.ValidFrom ? null : rule.ValidFrom, rule.ValidTo == pack.ValidTo ? null : rule.ValidTo, cases));
        }
    }

    /// <summary>An exception is shown to lift if a case notices that it is gone, and not to lift if one notices that it asks less.</summary>
    private void OfExceptions(MutantLab lab)
    {
        var ids = _map.Packs.SelectMany(written => PackMap.Elements(written.Pack, "exceptions")).Where(node => !RuleMutants.IsNeverHeld(node)).Select(node => (Id: PackMap.Text(node, "id"), node.Start)).ToList();
        var mutants = lab.Mutants();
        foreach (var (id, mark) in ids)
        {
            var own = mutants.Where(mutant => mutant.RuleId == id).ToList();
            if (!own.Exists(mutant => mutant.Change == RuleMutants.WithoutException && lab.IsNoticed(mutant) == true))
                Add(mark, id, id, [new MissingCase(LintCodes.BorderException, "in which it lifts", "a row that only it permits")]);
            var others = own.Where(mutant => mutant.Change != RuleMutants.WithoutException).ToList();
            if (others.Count > 0 && !others.Exists(mutant => lab.IsNoticed(mutant) == true))
                Add(mark, id, id, [new MissingCase(LintCodes.BorderException, "in which it does not lift", "a row that meets all of its conditions but one")]);
        }
    }

    private void Add(Mark mark, string id, string packId, IEnumerable<MissingCase> missing)
    {
        foreach (var one in missing)
        {
            if (!_missing.TryGetValue((mark, id, one), out var modes)) _missing[(mark, id, one)] = modes = [];
            modes.Add(packId);
        }
    }

    private static List<NodaTime.DateTimeZone> ZonesOf(PackScope scope, PackLibrary library)
    {
        var profile = DebtorProfile.Empty with { Locations = [new LocationEvidence(scope.Country, scope.Region, scope.Municipality, "", "", LocationSource.Residence, null)] };
        return [.. library.Zones.Resolve(profile, []).Zones];
    }
}
