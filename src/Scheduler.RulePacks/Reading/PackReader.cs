using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Reading;

/// <summary>A pack as read: rules and exceptions still apart, so that a mode can extend it.</summary>
internal sealed record DraftPack(string Id, PackFile File, YamlMappingNode Node);

/// <summary>What a file says of a pack before anything is compiled.</summary>
internal sealed record ListedPack(string Id, bool IsOverlay, bool IsDefault)
{
    public string Family => Id.Split('.')[0];
}

/// <summary>One file and what its packs may name.</summary>
internal sealed record PackFile(string Name, string Digest, Findings Findings, Vocabulary Vocabulary, IReadOnlyDictionary<string, HolidayCalendar> Calendars);

/// <summary>Reads pack files: vocabulary, calendars, packs and their modes. Collects every problem.</summary>
internal sealed class PackReader
{
    public const int Schema = 2;

    private readonly List<PackProblem> _problems = [];
    private readonly Vocabulary _shared = new();
    private readonly Dictionary<string, HolidayCalendar> _calendars = [];
    private readonly List<DraftPack> _drafts = [];

    public IReadOnlyList<PackProblem> Problems => _problems;

    public IReadOnlyDictionary<string, HolidayCalendar> Calendars => _calendars;

    /// <summary>Packs of the files read so far, whether or not they can be compiled.</summary>
    public IEnumerable<ListedPack> Listed => _drafts.Where(static draft => draft.Id.Length > 0).Select(static draft => (draft.Id, Map: new MapReader(draft.Node, draft.File.Findings)))
        .Select(static draft => new ListedPack(draft.Id, draft.Map.Flag("overlay") ?? false, draft.Map.Flag("default") ?? false));

    /// <summary>Names for every pack.</summary>
    public void ReadVocabulary(PackText text)
    {
        if (Parse(text) is { } root) ReadVocabulary(text, root);
    }

    /// <summary>The same from a tree that is at hand already.</summary>
    public void ReadVocabulary(PackText text, YamlMappingNode root)
    {
        var map = new MapReader(root, new Findings(text.File, _problems));
        _shared.Read(map);
        map.Finish();
    }

    public void ReadFile(PackText text)
    {
        if (Parse(text) is { } root) ReadRoot(text, root);
    }

    /// <summary>Calendars that packs read after this may name.</summary>
    public void Know(IEnumerable<HolidayCalendar> calendars)
    {
        foreach (var calendar in calendars) _calendars.TryAdd(calendar.Id, calendar);
    }

    /// <summary>Reads a file whose tree is at hand already, perhaps changed since it was parsed.</summary>
    public void ReadRoot(PackText text, YamlMappingNode root)
    {
        var findings = new Findings(text.File, _problems);
        var map = new MapReader(root, findings);
        if (map.Number("schema") != Schema) map.Problem("schema", $"'schema' must be {Schema}.");
        var vocabulary = _shared.Copy();
        vocabulary.Read(map);
        if (map.Map("calendars") is { } calendars)
        {
            foreach (var id in calendars.Keys.ToList())
            {
                if (!_calendars.TryAdd(id, CalendarReader.Read(id, calendars.Map(id)!, _calendars))) calendars.Problem(id, $"A calendar '{id}' is already there.");
            }
        }

        var file = new PackFile(text.File, DigestOf(text.Text), findings, vocabulary, _calendars);
        foreach (var node in map.List("packs"))
        {
            if (node is YamlMappingNode mapping) _drafts.Add(new(new MapReader(node, findings).RequiredText("id"), file, mapping));
            else findings.Add(node, "A pack must be a mapping.");
        }

        map.Finish();
    }

    /// <summary>Every pack, modes resolved, in the order of the files; or those of one file alone.</summary>
    public ImmutableArray<ShippedPack> Compile(string? onlyFile = null)
    {
        var packs = ImmutableArray.CreateBuilder<ShippedPack>();
        foreach (var draft in _drafts)
        {
            if (onlyFile is not null && draft.File.Name != onlyFile) continue;
            if (_drafts.Count(other => other.Id == draft.Id) > 1) draft.File.Findings.Add(draft.Node, $"The pack '{draft.Id}' is there more than once.");
            if (Compile(draft, []) is { } pack) packs.Add(pack);
        }

        return packs.ToImmutable();
    }

    private ShippedPack? Compile(DraftPack draft, ImmutableArray<string> extending)
    {
        var map = new MapReader(draft.Node, draft.File.Findings);
        var (id, extends) = (map.Text("id"), map.Text("extends"));
        var isOverlay = IsOverlay(map);
        var layers = Layers(draft, extends, extending.Add(id));
        if (layers is null) return null;
        var root = new MapReader(layers[0].Node, layers[0].File.Findings);
        var when = FilterReader.When(root.Map("when"));
        var rules = new Dictionary<string, (YamlMappingNode Node, PackFile File)>();
        foreach (var layer in layers) ModeLayers.Apply(layer, rules);
        var reader = new RuleReader(draft.File.Vocabulary, draft.File.Calendars);
        var compiled = rules.Values.Select(rule => reader.Read(new MapReader(rule.Node, rule.File.Findings))).OfType<Rule>().ToList();
        var exceptions = Exceptions(layers, compiled, draft.File.Findings);
        var pack = new RulePack
        {
            Id = id,
            Version = $"{id}@{draft.File.Digest}",
            Applies = Applies(root.Map("applies"), root),
            IsOverlay = isOverlay,
            ValidFrom = root.Date("valid_from"),
            ValidTo = root.Date("valid_to"),
            Rules = [.. compiled.Select(rule => Attach(rule, exceptions, when, root.Date("valid_from"), root.Date("valid_to")))],
            Exceptions = exceptions,
        };
        var isDefault = map.Flag("default") ?? false;
        FinishKeys(map);
        return new ShippedPack(pack, id.Split('.')[0], isDefault);
    }

    /// <summary>An overlay narrows by construction: nothing in it can touch a rule of another pack.</summary>
    private static bool IsOverlay(MapReader map)
    {
        if (map.Flag("overlay") is not true) return false;
        foreach (var key in new[] { "extends", "replace", "drop" })
        {
            if (map.Node(key) is not null) map.Problem(key, $"An overlay can only add rules: '{key}' is for packs.");
        }

        return true;
    }

    /// <summary>The pack and what it extends, the root first; null when the chain is broken.</summary>
    private List<DraftPack>? Layers(DraftPack draft, string extends, ImmutableArray<string> chain)
    {
        if (extends.Length == 0) return [draft];
        var parent = _drafts.Find(other => other.Id == extends);
        if (parent is null || chain.Contains(extends))
        {
            draft.File.Findings.Add(draft.Node, parent is null ? $"No pack is named '{extends}'." : $"'{extends}' extends itself.");
            return null;
        }

        var layers = Layers(parent, new MapReader(parent.Node, parent.File.Findings).Text("extends"), chain.Add(extends));
        layers?.Add(draft);
        return layers;
    }

    private static ImmutableArray<RuleException> Exceptions(List<DraftPack> layers, List<Rule> rules, Findings findings)
    {
        var exceptions = new Dictionary<string, RuleException>();
        foreach (var layer in layers)
        {
            foreach (var node in new MapReader(layer.Node, layer.File.Findings).List("exceptions"))
            {
                var exception = FilterReader.Exception(new MapReader(node, layer.File.Findings));
                exceptions[exception.Id] = exception;
                foreach (var lifted in exception.Lifts)
                {
                    // A mode may drop a rule that the exception of its root lifts.
                    if (layers.Count == 1 && rules.TrueForAll(rule => rule.Id != lifted)) findings.Add(node, $"No rule is named '{lifted}'.");
                }
            }
        }

        return [.. exceptions.Values];
    }

    private static Rule Attach(Rule rule, ImmutableArray<RuleException> exceptions, FactFilter packWhen, NodaTime.LocalDate? from, NodaTime.LocalDate? to) => rule with
    {
        Exceptions = [.. exceptions.Where(exception => exception.Lifts.Contains(rule.Id))],
        When = packWhen == FactFilter.Always ? rule.When : rule.When == FactFilter.Always ? packWhen : rule.When with { Also = packWhen },
        ValidFrom = rule.ValidFrom ?? from,
        ValidTo = rule.ValidTo ?? to,
    };

    private static PackScope Applies(MapReader? map, MapReader root)
    {
        if (map is null)
        {
            root.Problem("applies", "A pack must say where it applies.");
            return new PackScope("", "", "", null);
        }

        var channel = map.Text("channel");
        ContactChannel? one = Words.TryParse<ContactChannel>(channel, out var known) ? known : null;
        if (channel.Length > 0 && one is null) map.Problem("channel", $"'{channel}' is not a channel.");
        var scope = new PackScope(map.Text("country"), map.Text("region"), map.Text("municipality"), one)
        {
            StandsAlone = map.Flag("stands_alone") ?? false,
            IsElsewhere = map.Flag("elsewhere") ?? false,
        };
        if (scope.IsElsewhere && scope.Country.Length > 0) map.Problem("elsewhere", "A pack for elsewhere names no country.");
        map.Finish();
        return scope;
    }

    private static void FinishKeys(MapReader map)
    {
        foreach (var key in new[] { "title", "extends", "applies", "valid_from", "valid_to", "when", "rules", "replace", "drop", "exceptions", "default", "overlay" }) map.Node(key);
        map.Finish();
    }

    /// <summary>The tree of a file; null, with a problem, if it is none.</summary>
    public YamlMappingNode? Parse(PackText text)
    {
        var findings = new Findings(text.File, _problems);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text.Text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
            findings.Add(Mark.Empty, "The file must hold one mapping.");
        }
        catch (YamlException broken)
        {
            findings.Add(broken.Start, broken.Message);
        }

        return null;
    }

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
