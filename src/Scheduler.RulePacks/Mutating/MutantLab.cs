using System.Collections.Immutable;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>One parsed file that is changed, compiled, tried and put right again, mutant by mutant.</summary>
internal sealed class MutantLab
{
    private readonly PackFolder _folder;
    private readonly PackLibrary _library;
    private readonly ImmutableArray<ReadyCase> _cases;
    private readonly YamlMappingNode _root;
    private readonly List<PackFolder> _needed;
    private readonly HashSet<string> _ownCalendars;

    /// <param name="book">Cases that do not hold are left out: they would notice everything.</param>
    public MutantLab(PackFolder folder, IReadOnlyCollection<PackFolder> among, PackLibrary library, CaseBook book)
    {
        (_folder, _library) = (folder, library);
        _cases = [.. book.Cases.Where(one => one.Problem(one.Policy).Length == 0)];
        _root = new PackReader().Parse(folder.Pack) ?? throw new PackFormatException([]);
        _ownCalendars = (RuleMutants.Child(_root, "calendars") as YamlMappingNode)?.Children.Keys.Select(key => key.ToString()).ToHashSet() ?? [];
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
            reader.ReadVocabulary(ShippedFiles.Vocabulary());
            reader.Know(_library.Calendars.Values.Where(calendar => !_ownCalendars.Contains(calendar.Id)));
            foreach (var other in _needed) reader.ReadFile(other.Pack);
            reader.ReadRoot(_folder.Pack, _root);
            var packs = reader.Compile(_folder.Pack.File);
            return reader.Problems.Count > 0 && !mutant.IsRemoval ? null : _library.With(packs);
        }
        finally
        {
            undo();
        }
    }
}
