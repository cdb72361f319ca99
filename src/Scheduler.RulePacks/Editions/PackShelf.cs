using System.Collections.Immutable;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.RulePacks.Editions;

/// <summary>Every edition of every pack that is known, by version. Editions are added and never leave.</summary>
/// <remarks>Threading: any; an edition is immutable, and so is the list that holds them.</remarks>
public sealed class PackShelf
{
    private readonly Lock _gate = new();
    private readonly ImmutableArray<PackEdition> _shipped;
    private readonly Dictionary<string, PackLibrary> _libraries = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, PackEdition> _byVersion = ImmutableDictionary.Create<string, PackEdition>(StringComparer.Ordinal);

    /// <param name="shipped">The editions of this release: what others build upon.</param>
    public PackShelf(ImmutableArray<PackEdition> shipped)
    {
        _shipped = shipped;
        foreach (var edition in shipped) Add(edition);
    }

    /// <summary>The editions of this release.</summary>
    public ImmutableArray<PackEdition> Shipped => _shipped;

    public IEnumerable<PackEdition> Editions => _byVersion.Values.DistinctBy(static edition => edition.Digest);

    /// <summary>Null: no such version was ever registered.</summary>
    public PackEdition? Find(string version) => _byVersion.GetValueOrDefault(version);

    /// <summary>False where a version of it already means another text: its name is then not unique, and nothing is added.</summary>
    public bool Add(PackEdition edition)
    {
        lock (_gate)
        {
            if (edition.Versions.Any(version => _byVersion.TryGetValue(version, out var known) && known.Digest != edition.Digest)) return false;
            // What is known stays: the same text from a tenant takes nothing of a release, or of another tenant, away from anybody.
            _byVersion = _byVersion.SetItems(edition.Versions.Where(version => !_byVersion.ContainsKey(version)).Select(version => KeyValuePair.Create(version, edition)));
            return true;
        }
    }

    /// <summary>A shelf of its own that also holds the edition; null where a version of it names another text.</summary>
    public PackShelf? Beside(PackEdition edition)
    {
        var copy = new PackShelf(_shipped) { _byVersion = _byVersion };
        return copy.Add(edition) ? copy : null;
    }

    /// <summary>The packs of exactly these versions; false with what stands against reading or joining them.</summary>
    public bool TryRead(IReadOnlyCollection<string> versions, out ImmutableArray<RulePack> packs, out ImmutableArray<PackProblem> problems)
    {
        packs = [];
        var unknown = versions.FirstOrDefault(version => Find(version) is null);
        problems = unknown is null ? [] : [new PackProblem("", 0, 0, $"No pack version is named '{unknown}'.")];
        if (!problems.IsEmpty || !TryLoad(versions, out var library, out problems)) return false;
        packs = [.. library.Packs.Where(pack => versions.Contains(pack.Pack.Version)).Select(static pack => pack.Pack)];
        var family = packs.Where(static pack => !pack.IsOverlay).GroupBy(static pack => pack.Id.Split('.')[0], StringComparer.Ordinal).FirstOrDefault(static same => same.Skip(1).Any());
        if (family is null) return true;
        problems = [new PackProblem("", 0, 0, $"{string.Join(" and ", family.Select(static pack => pack.Version))}: modes of one family, of which one is in force at a time.")];
        return false;
    }

    /// <summary>A policy of exactly these versions: what was in force when they were.</summary>
    /// <exception cref="PackFormatException">A version that is not known, does not read, or cannot stand beside another.</exception>
    public PolicySnapshot Compile(long epoch, IReadOnlyCollection<string> versions)
    {
        if (!TryRead(versions, out var packs, out var problems)) throw new PackFormatException(problems);
        TryLoad(versions, out var library, out _);
        return new PolicySnapshot(epoch, packs, library.Zones, [], PackLibrary.DefaultMargins);
    }

    /// <summary>The files of these versions, over those of the release that they do not replace.</summary>
    private bool TryLoad(IReadOnlyCollection<string> versions, out PackLibrary library, out ImmutableArray<PackProblem> problems)
    {
        var chosen = versions.Select(version => Find(version)!).DistinctBy(static edition => edition.Digest).ToList();
        var key = string.Join('|', chosen.Select(static edition => edition.Digest).Order(StringComparer.Ordinal));
        lock (_gate)
        {
            problems = [];
            if (_libraries.TryGetValue(key, out library!)) return true;
            if (!PackLibrary.TryLoad(Layered(chosen).Select(static edition => edition.Definition), out library, out problems)) return false;
            _libraries.Add(key, library);
            return true;
        }
    }

    /// <summary>In the order of the release, since the first of several refusals is the one that is named; what it does not have comes last.</summary>
    private IEnumerable<PackEdition> Layered(List<PackEdition> chosen)
    {
        var beneath = _shipped.SelectMany(shipped => chosen.Where(edition => edition.Outline.Collides(shipped.Outline)).DefaultIfEmpty(shipped));
        return beneath.Concat(chosen).DistinctBy(static edition => edition.Digest);
    }
}
