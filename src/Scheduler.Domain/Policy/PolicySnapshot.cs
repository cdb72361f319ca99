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
    private readonly ConcurrentDictionary<ZoneCandidates, PlaceRules> _rulesOfShared = new();
    private readonly IReadOnlyDictionary<ContactChannel, Duration>? _marginsGiven;
    private readonly long[] _margins;
    private readonly CodeSet _lasting;
    private PolicySnapshot? _laws;

    /// <summary>Calendars with days that are closed only in some places.</summary>
    private readonly ImmutableArray<HolidayCalendar> _regional;

    public PolicySnapshot(long epoch, ImmutableArray<RulePack> packs, ZoneResolver zones, ImmutableArray<ClosedDate> closedDates, IReadOnlyDictionary<ContactChannel, Duration>? margins = null)
    {
        Epoch = epoch;
        Packs = packs;
        Zones = zones;
        ClosedDates = closedDates;
        _marginsGiven = margins;
        _margins = new long[16];
        foreach (var (channel, margin) in margins ?? ImmutableDictionary<ContactChannel, Duration>.Empty) _margins[(int)channel] = margin.BclCompatibleTicks;
        _regional = [.. packs.SelectMany(pack => pack.Rules).OfType<Rule.Window>().Select(rule => rule.ClosedOn).OfType<HolidayCalendar>().Where(calendar => calendar.IsRegional).Distinct()];
        var counters = packs.SelectMany(pack => pack.Rules).OfType<Rule.Counter>().SelectMany(rule => rule.Periods).ToList();
        foreach (var rule in packs.SelectMany(pack => pack.Rules).OfType<Rule.Counter>().Where(rule => rule.Periods.Contains(CountPeriod.Ever))) _lasting = new CodeSet(_lasting.Bits | rule.Counts.Purposes.Bits);
        LongestCountDays = counters.Count == 0 ? 1 : counters.Max(period => period.Kind == CountPeriodKind.Rolling ? (int)Math.Ceiling(period.Duration.TotalDays) + 1 : period.Days);
    }

    /// <summary>The laws alone: without the packs of platforms, which apply to a channel wherever the debtor is.</summary>
    public PolicySnapshot WithoutPlatforms() => _laws ??= new(Epoch, [.. Packs.Where(pack => pack.Applies.Channel is null)], Zones, ClosedDates, _marginsGiven);

    public long Epoch { get; }

    public ImmutableArray<RulePack> Packs { get; }

    public ZoneResolver Zones { get; }

    /// <summary>Version of the time zone database that decisions were made with.</summary>
    public string ZoneDataVersion => Zones.DataVersion;

    /// <summary>Closed days added while running; already part of the calendars.</summary>
    public ImmutableArray<ClosedDate> ClosedDates { get; }

    /// <summary>Longest time, in local days, that any rule counts a contact, but for those that count for ever.</summary>
    public int LongestCountDays { get; }

    /// <summary>Where the debtor may be. Remembered with the state.</summary>
    public ZoneCandidates CandidatesOf(DebtorState debtor) => PlaceOf(debtor).Candidates;

    /// <summary>Versions of the packs and overlays that apply to the debtor.</summary>
    public ImmutableArray<string> PackVersionsOf(DebtorState debtor) => PlaceOf(debtor).Selection.Versions;

    /// <summary>Whether some rule counts contacts of this purpose however old they are: no time frees the place that such a one takes in the state.</summary>
    internal bool CountsForEver(Attempts.ContactRecord contact) => CountsForEver(contact.Purpose);

    /// <inheritdoc cref="CountsForEver(Attempts.ContactRecord)"/>
    public bool CountsForEver(ContactPurpose purpose) => purpose != ContactPurpose.Unknown && _lasting.Contains((int)purpose);

    /// <summary>Whether some rule may still count the contact at the instant: what does not count any more need not be kept in the state.</summary>
    public bool MayCount(DebtorState debtor, Attempts.ContactRecord contact, Instant at) =>
        CountsForEver(contact) || contact.LastDate.PlusDays(LongestCountDays + 1) > PlaceOf(debtor).Candidates.LocalDates(at).First;

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
            Rules = RulesOf(candidates),
        };
        debtor.Place.Value = place;
        return place;
    }

    private PlaceRules RulesOf(ZoneCandidates candidates)
    {
        if (_rulesOfShared.TryGetValue(candidates, out var known)) return known;
        var rules = Bind(candidates);
        if (candidates.IsShared) _rulesOfShared.TryAdd(candidates, rules);
        return rules;
    }

    private PlaceRules Bind(ZoneCandidates candidates)
    {
        var selection = SelectionOf(candidates);
        return new PlaceRules(selection, [.. selection.Packs.Select(pack => candidates.ClocksWhere(place => Applies(pack, place)))]);
    }

    /// <summary>Kept by the packs that apply, those that speak for each place, and the holidays that bind: no more of them than the packs allow.</summary>
    private PackSelection SelectionOf(ZoneCandidates candidates)
    {
        var key = new StringBuilder(2 * Packs.Length);
        foreach (var pack in Packs) key.Append(Applies(pack, candidates) ? '1' : '0');
        foreach (var places in PlacesOf(candidates).Select(AuthoritiesOf).Select(packs => string.Join('+', packs.Select(pack => pack.Id))).Distinct()) key.Append('|').Append(places);
        foreach (var calendar in _regional)
        {
            key.Append('|');
            foreach (var rule in calendar.Rules) key.Append(HolidayCalendar.Binds(rule, candidates.All) ? '1' : '0');
        }

        return _selections.GetOrAdd(key.ToString(), static (_, asked) => asked.Policy.Select(asked.Candidates), (Policy: this, Candidates: candidates));
    }

    private static IEnumerable<ZoneCandidate> PlacesOf(ZoneCandidates candidates) =>
        candidates.All.DistinctBy(place => (place.Country, place.Region, place.Municipality));

    /// <summary>A pack for elsewhere applies where no other pack speaks for a place; the others where they may cover one.</summary>
    private bool Applies(RulePack pack, ZoneCandidates candidates)
    {
        foreach (var place in candidates.All)
        {
            if (Applies(pack, place)) return true;
        }

        return false;
    }

    private bool Applies(RulePack pack, ZoneCandidate place) => pack.Applies.IsElsewhere ? IsElsewhere(place) : pack.Applies.Covers(place);

    private bool IsElsewhere(ZoneCandidate place) => place.Country.Length > 0 && OwnAuthoritiesOf(place).IsEmpty;

    private ImmutableArray<RulePack> AuthoritiesOf(ZoneCandidate place) =>
        IsElsewhere(place) ? [.. Packs.Where(pack => pack.IsAuthority && pack.Applies.IsElsewhere)] : OwnAuthoritiesOf(place);

    private ImmutableArray<RulePack> OwnAuthoritiesOf(ZoneCandidate place) =>
        [.. Packs.Where(pack => pack.IsAuthority && !pack.Applies.IsElsewhere && pack.Applies.CoversSurely(place))];

    private PackSelection Select(ZoneCandidates candidates)
    {
        var packs = Packs.Where(pack => Applies(pack, candidates)).ToImmutableArray();
        var calendars = _regional.ToDictionary(calendar => calendar, calendar => calendar.In(candidates.All));
        var rules = packs.SelectMany((pack, index) => pack.Rules.Select(rule => (InPlace(rule, calendars), index)));
        return new PackSelection(packs, rules, PlacesOf(candidates).Select(AuthoritiesOf));
    }

    /// <summary>A window keeps the holidays of the debtor's own regions and municipalities.</summary>
    private static Rule InPlace(Rule rule, Dictionary<HolidayCalendar, HolidayCalendar> calendars) =>
        rule is Rule.Window { ClosedOn: { } calendar } window && calendars.TryGetValue(calendar, out var bound) ? window with { ClosedOn = bound } : rule;
}
