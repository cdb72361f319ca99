using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>One parsed file that is changed, compiled, tried and put right again, mutant by mutant.</summary>
internal sealed class MutantLab
{
    private const int YearsCompared = 46;

    private readonly PackFolder _folder;
    private readonly PackLibrary _library;
    private readonly ImmutableArray<ReadyCase> _cases;
    private readonly YamlMappingNode _root;
    private readonly List<PackFolder> _needed;
    private readonly HashSet<string> _ownCalendars;

    /// <summary>The same packs without the calendars, which need not be laid out again for a change to a rule.</summary>
    private readonly YamlMappingNode _rules;

    /// <param name="book">Cases that do not hold are left out: they would notice everything.</param>
    public MutantLab(PackFolder folder, IReadOnlyCollection<PackFolder> among, PackLibrary library, CaseBook book)
    {
        (_folder, _library) = (folder, library);
        _cases = [.. book.Cases.Where(one => one.Problem(one.Policy).Length == 0)];
        _root = new PackReader().Parse(folder.Pack) ?? throw new PackFormatException([]);
        _ownCalendars = (RuleMutants.Child(_root, "calendars") as YamlMappingNode)?.Children.Keys.Select(key => key.ToString()).ToHashSet() ?? [];
        _rules = [];
        foreach (var (key, value) in _root.Children.Where(pair => pair.Key.ToString() != "calendars")) _rules.Add(key, value);
        var extended = (RuleMutants.Child(_root, "packs") as YamlSequenceNode)?.OfType<YamlMappingNode>().Select(pack => RuleMutants.Text(pack, "extends")).Where(id => id.Length > 0).ToHashSet() ?? [];
        _needed = [.. among.Where(other => other.Code != folder.Code && extended.Any(id => other.Pack.Text.Contains(id, StringComparison.Ordinal)))];
    }

    public IReadOnlyList<Mutant> Mutants() => PackMutants.Of(_folder.Pack.File, _root);

    /// <summary>Whether a case notices; null if the schema refuses the change. Cases that the changed rule decided come first: they are the likeliest to notice.</summary>
    public bool? IsNoticed(Mutant mutant)
    {
        if (Grow(mutant) is not { } changed) return null;
        var policies = new PolicyModes(changed);
        foreach (var one in _cases)
        {
            if (one.Row.Rule == mutant.RuleId && one.Problem(policies.Of(one.PackId)).Length > 0) return true;
        }

        foreach (var one in _cases)
        {
            if (one.Row.Rule != mutant.RuleId && one.Problem(policies.Of(one.PackId)).Length > 0) return true;
        }

        return false;
    }

    /// <summary>The library with the changed pack in it; null if the schema refuses the change.</summary>
    private PackLibrary? Grow(Mutant mutant)
    {
        var undo = mutant.Apply();
        try
        {
            var reader = new PackReader();
            var isOfCalendar = mutant.RuleId.StartsWith(PackMutants.CalendarPrefix, StringComparison.Ordinal);
            reader.ReadVocabulary(ShippedFiles.Vocabulary());
            reader.Know(_library.Calendars.Values.Where(calendar => !isOfCalendar || !_ownCalendars.Contains(calendar.Id)));
            foreach (var other in _needed) reader.ReadFile(other.Pack);
            reader.ReadRoot(_folder.Pack, isOfCalendar ? _root : _rules);
            var packs = reader.Compile(_folder.Pack.File);
            if ((reader.Problems.Count > 0 && !mutant.IsRemoval) || (isOfCalendar && ClosesTheSame(reader))) return null;
            return _library.With(packs);
        }
        finally
        {
            undo();
        }
    }

    /// <summary>A change that closes and opens no day while the packs are in force changes nothing.</summary>
    private bool ClosesTheSame(PackReader reader)
    {
        var packs = _library.Packs.Where(pack => pack.Family == _folder.Code).Select(pack => pack.Pack.ValidFrom).ToList();
        var since = packs.Count == 0 || packs.Contains(null) ? LocalDate.MinIsoValue : packs.Min()!.Value;
        return _ownCalendars.All(id => Days(reader.Calendars[id], since).SequenceEqual(Days(_library.Calendars[id], since)));
    }

    private static IEnumerable<(LocalDate Date, string Where)> Days(HolidayCalendar calendar, LocalDate since) =>
        Enumerable.Range(HolidayCalendar.FirstYear, YearsCompared).SelectMany(calendar.DaysOf).Where(day => day.Date >= since)
            .Select(day => (day.Date, Where: string.Join(' ', day.Scope.Regions.Concat(day.Scope.Municipalities)))).Distinct().Order();
}
