using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>One place where the debtor may be. Empty strings mean that this part of the place is not known.</summary>
/// <param name="Evidence">What says so, fit for a report: "phone prefix 1212", "country US, imported".</param>
public sealed record ZoneCandidate(DateTimeZone Zone, string Country, string Region, string Municipality, string Evidence);

/// <summary>Every place where the debtor may be. Contact is permitted only where all of them permit. Immutable.</summary>
public sealed class ZoneCandidates
{
    public static readonly ZoneCandidates Unknown = new([]);

    private static readonly ZoneClock Utc = new(DateTimeZone.Utc);

    private readonly DateTimeZone[] _zones;
    private readonly ZoneClock[] _clocks;

    public ZoneCandidates(ImmutableArray<ZoneCandidate> all)
        : this(all, static zone => new ZoneClock(zone))
    {
    }

    internal ZoneCandidates(ImmutableArray<ZoneCandidate> all, Func<DateTimeZone, ZoneClock> clockOf)
    {
        All = all;
        Countries = [.. all.Select(candidate => candidate.Country).Distinct()];
        _zones = [.. all.Select(candidate => candidate.Zone).DistinctBy(zone => zone.Id)];
        _clocks = [.. _zones.Select(clockOf)];
    }

    public ImmutableArray<ZoneCandidate> All { get; }

    /// <summary>Distinct country codes, in the order of evidence; an empty string stands for a zone of no country.</summary>
    public ImmutableArray<string> Countries { get; }

    /// <summary>Distinct zones.</summary>
    public ReadOnlySpan<DateTimeZone> Zones => _zones;

    internal ReadOnlySpan<ZoneClock> Clocks => _clocks;

    /// <summary>Kept for every debtor with the same hints: what is derived from it may be kept too.</summary>
    internal bool IsShared { get; private set; }

    internal ZoneCandidates Shared()
    {
        IsShared = true;
        return this;
    }

    public bool IsKnown => _zones.Length > 0;

    /// <summary>Zone of the first evidence: what a person is shown. UTC when nothing is known.</summary>
    public DateTimeZone Shown => IsKnown ? _zones[0] : DateTimeZone.Utc;

    /// <summary>Earliest and latest local date over all candidates; the UTC date when nothing is known.</summary>
    public (LocalDate First, LocalDate Last) LocalDates(Instant at)
    {
        LocalDays(at.ToUnixTimeTicks(), out var first, out var last);
        return (EpochDay.DateOf(first), EpochDay.DateOf(last));
    }

    /// <summary>The same in days since 1970, of an instant in ticks.</summary>
    internal void LocalDays(long ticks, out int first, out int last)
    {
        var clocks = _clocks;
        if (clocks.Length == 0)
        {
            (first, last) = (EpochDay.Of(ticks) - 1, EpochDay.Of(ticks) + 1);
            return;
        }

        first = last = clocks[0].DayAt(ticks);
        for (var index = 1; index < clocks.Length; index++)
        {
            var day = clocks[index].DayAt(ticks);
            if (day < first) first = day;
            if (day > last) last = day;
        }
    }

    /// <summary>First instant at which the date has begun in every candidate zone.</summary>
    public Instant StartEverywhere(LocalDate date) => Ticks.ToInstant(StartEverywhere(EpochDay.From(date)));

    /// <summary>First instant at which the date has begun in some candidate zone.</summary>
    public Instant StartAnywhere(LocalDate date) => Ticks.ToInstant(StartAnywhere(EpochDay.From(date)));

    internal long StartEverywhere(int day)
    {
        if (!IsKnown) return Utc.StartOf(day);
        var latest = _clocks[0].StartOf(day);
        for (var index = 1; index < _clocks.Length; index++) latest = Math.Max(latest, _clocks[index].StartOf(day));
        return latest;
    }

    internal long StartAnywhere(int day)
    {
        if (!IsKnown) return Utc.StartOf(day);
        var earliest = _clocks[0].StartOf(day);
        for (var index = 1; index < _clocks.Length; index++) earliest = Math.Min(earliest, _clocks[index].StartOf(day));
        return earliest;
    }

    /// <summary>The clocks of some of the places.</summary>
    internal ZoneClock[] ClocksWhere(Func<ZoneCandidate, bool> isAsked)
    {
        var zones = All.Where(isAsked).Select(candidate => candidate.Zone.Id).ToHashSet();
        return zones.Count == _clocks.Length ? _clocks : [.. _clocks.Where(clock => zones.Contains(clock.Zone.Id))];
    }
}
