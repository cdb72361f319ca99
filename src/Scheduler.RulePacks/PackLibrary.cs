using System.Collections.Immutable;
using NodaTime;
using NodaTime.TimeZones;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Reading;

namespace Scheduler.RulePacks;

/// <summary>A pack of the library. Packs of one family are modes of each other: one of them is in force at a time.</summary>
public sealed record ShippedPack(RulePack Pack, string Family, bool IsDefault);

/// <summary>Every pack that can be put in force, and the places they speak of. Immutable.</summary>
public sealed class PackLibrary
{
    /// <summary>
    /// Time from placing to the debtor for channels that do not ring: windows that judge delivery end so much earlier for placing them.
    /// A call is delivered when it is placed.
    /// </summary>
    public static readonly ImmutableDictionary<ContactChannel, Duration> DefaultMargins = ImmutableDictionary<ContactChannel, Duration>.Empty
        .Add(ContactChannel.Whatsapp, Duration.FromMinutes(1))
        .Add(ContactChannel.Sms, Duration.FromMinutes(1))
        .Add(ContactChannel.Rcs, Duration.FromMinutes(1))
        .Add(ContactChannel.Social, Duration.FromMinutes(1))
        .Add(ContactChannel.Email, Duration.FromMinutes(1));

    private static readonly Lazy<PackLibrary> OfAssembly = new(LoadShipped);

    private PackLibrary(ImmutableArray<ShippedPack> packs, ImmutableDictionary<string, HolidayCalendar> calendars, ZoneResolver zones)
    {
        Packs = packs;
        Calendars = calendars;
        Zones = zones;
    }

    /// <summary>Version of the time zone database that packs are judged with.</summary>
    public static string ZoneDataVersion => TzdbDateTimeZoneSource.Default.TzdbVersion;

    public ImmutableArray<ShippedPack> Packs { get; }

    public ImmutableDictionary<string, HolidayCalendar> Calendars { get; }

    public ZoneResolver Zones { get; }

    /// <summary>The packs that are part of this assembly, read once.</summary>
    public static PackLibrary Shipped => OfAssembly.Value;

    /// <summary>The packs that are part of this assembly.</summary>
    public static PackLibrary LoadShipped() =>
        TryLoad(ShippedFiles.PackFiles(), out var library, out var problems) ? library : throw new PackFormatException(problems);

    /// <summary>Reads pack files; false with every problem found, each with its line and column.</summary>
    public static bool TryLoad(IEnumerable<PackText> files, out PackLibrary library, out ImmutableArray<PackProblem> problems)
    {
        var reader = new PackReader();
        reader.ReadVocabulary(ShippedFiles.Vocabulary());
        foreach (var file in files) reader.ReadFile(file);
        var packs = reader.Compile();
        var places = new PlaceReader();
        foreach (var file in ShippedFiles.PlaceFiles()) places.Read(file);
        problems = [.. reader.Problems.Concat(places.Problems).Distinct()];
        library = new PackLibrary(packs, reader.Calendars.ToImmutableDictionary(), new ZoneResolver(TzdbDateTimeZoneSource.Default, places.Build()));
        return problems.IsEmpty;
    }

    /// <summary>The pack of a version that a decision names; null: not of this library.</summary>
    public RulePack? FindVersion(string version) => Packs.FirstOrDefault(shipped => shipped.Pack.Version == version)?.Pack;

    /// <summary>One pack of each family, compiled into a policy.</summary>
    /// <param name="modes">By family the id of the pack to take: "CO" to "CO.literal". Families not named take their default.</param>
    /// <param name="closedDates">Days closed by decree, added to the calendar they name.</param>
    /// <exception cref="ArgumentException">A mode or calendar that the library does not hold.</exception>
    public PolicySnapshot Compile(
        long epoch = 0,
        IReadOnlyDictionary<string, string>? modes = null,
        ImmutableArray<ClosedDate> closedDates = default,
        IReadOnlyDictionary<ContactChannel, Duration>? margins = null)
    {
        var added = closedDates.IsDefault ? [] : closedDates;
        if (added.FirstOrDefault(date => !Calendars.ContainsKey(date.CalendarId)) is { } unknown) throw new ArgumentException($"No calendar '{unknown.CalendarId}'.", nameof(closedDates));
        return new PolicySnapshot(epoch, [.. Choose(modes).Select(pack => WithClosed(pack, added))], Zones, added, margins ?? DefaultMargins);
    }

    /// <summary>One pack of each family.</summary>
    /// <param name="modes">By family the id of the pack to take. Families not named take their default.</param>
    /// <exception cref="ArgumentException">A mode that the library does not hold.</exception>
    public ImmutableArray<RulePack> Choose(IReadOnlyDictionary<string, string>? modes)
    {
        foreach (var (family, id) in modes ?? ImmutableDictionary<string, string>.Empty)
        {
            if (!Packs.Any(pack => pack.Family == family && pack.Pack.Id == id)) throw new ArgumentException($"No pack '{id}' of '{family}'.", nameof(modes));
        }

        return [.. Packs.GroupBy(static pack => pack.Family).Select(family => Choose(family, modes).Pack)];
    }

    /// <summary>The same library with the packs of one file in place of those of the same ids; places and zones are shared.</summary>
    internal PackLibrary With(ImmutableArray<ShippedPack> changed) =>
        new([.. Packs.Select(pack => changed.FirstOrDefault(other => other.Pack.Id == pack.Pack.Id) ?? pack)], Calendars, Zones);

    private static ShippedPack Choose(IGrouping<string, ShippedPack> family, IReadOnlyDictionary<string, string>? modes) =>
        modes is not null && modes.TryGetValue(family.Key, out var id)
            ? family.First(pack => pack.Pack.Id == id)
            : family.FirstOrDefault(pack => pack.IsDefault) ?? family.First();

    private static RulePack WithClosed(RulePack pack, ImmutableArray<ClosedDate> added)
    {
        if (added.IsEmpty) return pack;
        return pack with { Rules = [.. pack.Rules.Select(rule => rule is Rule.Window { ClosedOn: { } calendar } window ? window with { ClosedOn = With(calendar, added) } : rule)] };
    }

    /// <summary>A day closed in one calendar is closed in those that extend it as well.</summary>
    private static HolidayCalendar With(HolidayCalendar calendar, ImmutableArray<ClosedDate> added) =>
        calendar.With(added.Where(date => calendar.CountryOf.ContainsKey(date.CalendarId)).Select(date => date.ToRule(calendar.CountryOf[date.CalendarId])));
}
