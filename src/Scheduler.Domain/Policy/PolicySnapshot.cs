using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>
/// The rules in force: compiled packs, places, zones and closed days, swapped whole. Immutable to the caller; inside it remembers, for
/// each set of places seen, which packs apply there.
/// </summary>
public sealed class PolicySnapshot
{
    private readonly ConcurrentDictionary<string, PackSelection> _selections = new();
    private readonly ConcurrentDictionary<ZoneCandidates, PackSelection> _selectionOfShared = new();
    private readonly long[] _margins;

    public PolicySnapshot(long epoch, ImmutableArray<RulePack> packs, ZoneResolver zones, ImmutableArray<ClosedDate> closedDates, IReadOnlyDictionary<ContactChannel, Duration>? margins = null)
    {
        Epoch = epoch;
        Packs = packs;
        Zones = zones;
        ClosedDates = closedDates;
        _margins = new long[16];
        foreach (var (channel, margin) in margins ?? ImmutableDictionary<ContactChannel, Duration>.Empty) _margins[(int)channel] = margin.BclCompatibleTicks;
        var counters = packs.SelectMany(pack => pack.Rules).OfType<Rule.Counter>().SelectMany(rule => rule.Periods).ToList();
        LongestCountDays = counters.Count == 0 ? 1 : counters.Max(period => period.Kind == CountPeriodKind.Rolling ? (int)Math.Ceiling(period.Duration.TotalDays) + 1 : period.Days);
    }

    public long Epoch { get; }

    public ImmutableArray<RulePack> Packs { get; }

    public ZoneResolver Zones { get; }

    /// <summary>Version of the time zone database that decisions were made with.</summary>
    public string ZoneDataVersion => Zones.DataVersion;

    /// <summary>Closed days added while running; already part of the calendars.</summary>
    public ImmutableArray<ClosedDate> ClosedDates { get; }

    /// <summary>Longest time, in local days, that any rule counts a contact.</summary>
    public int LongestCountDays { get; }

    /// <summary>Where the debtor may be. Remembered with the state.</summary>
    public ZoneCandidates CandidatesOf(DebtorState debtor) => PlaceOf(debtor).Candidates;

    /// <summary>Whether some rule may still count the contact at the instant: what does not count any more need not be kept in the state.</summary>
    public bool MayCount(DebtorState debtor, Attempts.ContactRecord contact, Instant at) =>
        contact.LastDate.PlusDays(LongestCountDays + 1) > PlaceOf(debtor).Candidates.LocalDates(at).First;

    /// <summary>Time that a channel needs from placing to the debtor, in ticks: windows that judge delivery end so much earlier for placing.</summary>
    internal long MarginOf(ContactChannel channel) => _margins[(int)channel];

    internal ResolvedPlace PlaceOf(DebtorState debtor)
    {
        if (debtor.Place.Value is { } known && known.IsOf(debtor, this)) return known;
        var candidates = Zones.Resolve(debtor.Profile, debtor.Points);
        var place = new ResolvedPlace
        {
            Policy = this,
            Locations = debtor.Profile.Locations,
            Points = debtor.Points,
            Candidates = candidates,
            Selection = SelectionOf(candidates),
        };
        debtor.Place.Value = place;
        return place;
    }

    /// <summary>Kept by the packs that apply and the countries asked for, so that there are no more of them than the packs allow.</summary>
    private PackSelection SelectionOf(ZoneCandidates candidates)
    {
        if (_selectionOfShared.TryGetValue(candidates, out var known)) return known;
        var applies = new StringBuilder(Packs.Length + 8);
        foreach (var pack in Packs) applies.Append(Covers(pack, candidates) ? '1' : '0');
        foreach (var country in candidates.Countries) applies.Append('|').Append(HasPack(country) ? country : "");
        var selection = _selections.GetOrAdd(applies.ToString(), static (_, asked) => asked.Policy.Select(asked.Candidates), (Policy: this, Candidates: candidates));
        if (candidates.IsShared) _selectionOfShared.TryAdd(candidates, selection);
        return selection;
    }

    private bool HasPack(string country)
    {
        foreach (var pack in Packs)
        {
            if (pack.Applies.Country == country) return true;
        }

        return false;
    }

    private static bool Covers(RulePack pack, ZoneCandidates candidates)
    {
        foreach (var candidate in candidates.All)
        {
            if (pack.Applies.Covers(candidate)) return true;
        }

        return false;
    }

    private PackSelection Select(ZoneCandidates candidates)
    {
        var packs = Packs.Where(pack => Covers(pack, candidates)).ToImmutableArray();
        return new PackSelection
        {
            Packs = packs,
            Rules = [.. packs.SelectMany(pack => pack.Rules.Select(rule => new BoundRule(rule, pack))).OrderBy(bound => bound.Rule.Rank)],
            CountryPacks = [.. candidates.Countries.Select(country => packs.Where(pack => pack.Applies.IsWholeCountry && pack.Applies.Country == country).ToImmutableArray())],
        };
    }
}
