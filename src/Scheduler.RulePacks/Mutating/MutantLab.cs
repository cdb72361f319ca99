using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Packs;
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

    /// <summary>Other folders whose packs name a calendar of this one.</summary>
    private readonly List<PackFolder> _naming;
    private readonly HashSet<string> _calendarsOfNaming;

    /// <summary>By calendar the weekdays on which some window that names it may be open.</summary>
    private readonly Dictionary<string, HashSet<IsoDayOfWeek>> _namedByWindows;
    private readonly Dictionary<string, List<(LocalDate, string)>> _daysOf = [];

    private readonly HashSet<string> _ownCalendars;

    /// <summary>The same packs without the calendars, which need not be laid out again for a change to a rule.</summary>
    private readonly YamlMappingNode _rules;

    private readonly PackText _vocabularyText = ShippedFiles.Vocabulary();
    private readonly YamlMappingNode _vocabulary;

    /// <param name="book">Cases that do not hold are left out: they would notice everything.</param>
    public MutantLab(PackFolder folder, IReadOnlyCollection<PackFolder> among, PackLibrary library, CaseBook book)
    {
        (_folder, _library) = (folder, library);
        _cases = [.. book.Cases.Where(one => one.Problem(one.Policy).Length == 0)];
        _root = new PackReader().Parse(folder.Pack) ?? throw new PackFormatException([]);
        _vocabulary = new PackReader().Parse(_vocabularyText) ?? throw new PackFormatException([]);
        _ownCalendars = CalendarsOf(_root);
        _rules = [];
        foreach (var (key, value) in _root.Children.Where(pair => pair.Key.ToString() != "calendars")) _rules.Add(key, value);
        var extended = (RuleMutants.Child(_root, "packs") as YamlSequenceNode)?.OfType<YamlMappingNode>().Select(pack => RuleMutants.Text(pack, "extends")).Where(id => id.Length > 0).ToHashSet() ?? [];
        _namedByWindows = library.Packs.SelectMany(pack => pack.Pack.Rules).OfType<Rule.Window>().Where(window => window.ClosedOn is not null)
            .GroupBy(window => window.ClosedOn!.Id).ToDictionary(same => same.Key, same => same.SelectMany(OpenDays).ToHashSet());
        var naming = library.Packs.Where(pack => pack.Pack.Rules.OfType<Rule.Window>().Any(window => window.ClosedOn is { } calendar && calendar.CountryOf.Keys.Any(_ownCalendars.Contains))).Select(pack => pack.Pack.Id).ToHashSet();
        _naming = [.. among.Where(other => other.Code != folder.Code && naming.Any(id => other.Pack.Text.Contains($"id: {id}", StringComparison.Ordinal)))];
        _calendarsOfNaming = [.. _naming.SelectMany(other => new PackReader().Parse(other.Pack) is { } root ? CalendarsOf(root) : [])];
        _needed = [.. among.Where(other => other.Code != folder.Code && extended.Any(id => other.Pack.Text.Contains(id, StringComparison.Ordinal)))];
    }

    public IReadOnlyList<Mutant> Mutants() => [.. PackMutants.Of(_folder.Pack.File, _root), .. VocabularyMutants.Of(_vocabularyText.File, _vocabulary, _root)];

    /// <summary>Whether a case notices; null if the schema refuses the change. Cases that the changed rule decided come first: they are the likeliest to notice.</summary>
    public bool? IsNoticed(Mutant mutant)
    {
        if (Grow(mutant, out var calendars) is not { } changed) return null;
        var policies = new PolicyModes(changed);
        foreach (var one in _cases)
        {
            if (one.Row.Rule == mutant.RuleId && one.Problem(policies.Of(one.PackId)).Length > 0) return true;
        }

        foreach (var one in _cases)
        {
            if (one.Row.Rule != mutant.RuleId && one.Problem(policies.Of(one.PackId)).Length > 0) return true;
        }

        return calendars != _library.Calendars && ClosesTheSame(calendars) ? null : false;
    }

    /// <summary>The library with the changed pack in it; null if the schema refuses the change.</summary>
    private PackLibrary? Grow(Mutant mutant, out IReadOnlyDictionary<string, HolidayCalendar> calendars)
    {
        calendars = _library.Calendars;
        var undo = mutant.Apply();
        try
        {
            var reader = new PackReader();
            var isOfCalendar = mutant.RuleId.StartsWith(PackMutants.CalendarPrefix, StringComparison.Ordinal);
            reader.ReadVocabulary(_vocabularyText, _vocabulary);
            reader.Know(_library.Calendars.Values.Where(calendar => !isOfCalendar || !(_ownCalendars.Contains(calendar.Id) || _calendarsOfNaming.Contains(calendar.Id))));
            // A calendar is read before the packs that name it, which are compiled anew with it.
            if (isOfCalendar) reader.ReadRoot(_folder.Pack, _root);
            foreach (var other in isOfCalendar ? _naming : _needed) reader.ReadFile(other.Pack);
            if (!isOfCalendar) reader.ReadRoot(_folder.Pack, _rules);
            var packs = reader.Compile(isOfCalendar ? null : _folder.Pack.File);
            if (reader.Problems.Count > 0 && !mutant.IsRemoval) return null;
            if (isOfCalendar) calendars = reader.Calendars;
            return _library.With(packs);
        }
        finally
        {
            undo();
        }
    }

    /// <summary>
    /// A change that closes and opens no day while the packs are in force changes nothing. Nor does one of weekdays that are closed anyway:
    /// a Sunday without hours is no more closed for being a holiday.
    /// </summary>
    private bool ClosesTheSame(IReadOnlyDictionary<string, HolidayCalendar> changed)
    {
        var packs = _library.Packs.Where(pack => pack.Family == _folder.Code && _naming.Count == 0).Select(pack => pack.Pack.ValidFrom).ToList();
        var since = packs.Count == 0 || packs.Contains(null) ? LocalDate.MinIsoValue : packs.Min()!.Value;
        foreach (var (id, weekdays) in _namedByWindows)
        {
            var (now, before) = (changed.GetValueOrDefault(id), _library.Calendars[id]);
            if (ReferenceEquals(now, before)) continue;
            if (!_daysOf.TryGetValue(id, out var days)) _daysOf[id] = days = [.. Days(before, since, weekdays)];
            if (now is null || !Days(now, since, weekdays).SequenceEqual(days)) return false;
        }

        return true;
    }

    /// <summary>Weekdays with hours. Hours that a debtor may ask for are minutes of any day, and a holiday closes them too.</summary>
    private static IEnumerable<IsoDayOfWeek> OpenDays(Rule.Window window) => Enumerable.Range(1, 7).Select(day => (IsoDayOfWeek)day)
        .Where(day => window.Exceptions.Any(exception => exception.IsRequestedHours) || window.Week.Hours.Any(hours => hours.Includes(day)));

    /// <summary>Each closed date with the places that it is closed in; a place within another that is closed too is left out.</summary>
    private static IEnumerable<(LocalDate Date, string Where)> Days(HolidayCalendar calendar, LocalDate since, HashSet<IsoDayOfWeek> weekdays) =>
        Enumerable.Range(HolidayCalendar.FirstYear, YearsCompared).SelectMany(calendar.DaysOf).Where(day => day.Date >= since && weekdays.Contains(day.Date.DayOfWeek)).GroupBy(day => day.Date)
            .SelectMany(date => date.Where(day => !date.Any(other => IsWithin(day.Scope, other.Scope))).Select(day => (date.Key, Where: $"{day.Scope.Country} {string.Join(' ', day.Scope.Regions)} {string.Join(' ', day.Scope.Municipalities)}")).Distinct().Order());

    private static bool IsWithin(HolidayScope inner, HolidayScope outer) =>
        outer.Regions.IsEmpty && outer.Municipalities.IsEmpty && (outer.Country.Length == 0 || outer.Country == inner.Country)
        && !(inner.Regions.IsEmpty && inner.Municipalities.IsEmpty && outer.Country == inner.Country);

    private static HashSet<string> CalendarsOf(YamlMappingNode root) =>
        (RuleMutants.Child(root, "calendars") as YamlMappingNode)?.Children.Keys.Select(key => key.ToString()).ToHashSet() ?? [];
}
