using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Packs;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Showing;

/// <summary>One rule or exception as a pack ends up saying it, modes resolved: its keys in the order of the file.</summary>
/// <param name="Type">Kind of rule; "exception" for one.</param>
/// <param name="Keys">Keys and values as written; `id` and `type` left out.</param>
public sealed record RuleSheet(string Id, string Type, ImmutableArray<KeyValuePair<string, string>> Keys)
{
    public string Source => Of("source");

    public string Of(string key) => Keys.FirstOrDefault(pair => pair.Key == key).Value ?? "";
}

/// <summary>One pack made ready to be read by a person.</summary>
/// <param name="Applies">"country CO"; "everywhere".</param>
/// <param name="Validity">"from 2023-10-10"; empty: always.</param>
/// <param name="When">Asked of every rule; empty: nothing.</param>
/// <param name="Modes">Other packs of the family.</param>
public sealed record PackSheet(
    string Id, string Title, string File, bool IsDefault, string Applies, string Validity, string When, ImmutableArray<string> Modes, ImmutableArray<RuleSheet> Rules)
{
    public ImmutableArray<RuleSheet> Exceptions { get; init; } = [];

    /// <summary>Holiday calendars that its windows name.</summary>
    public ImmutableArray<HolidayCalendar> Calendars { get; init; } = [];

    /// <summary>Every pack of the folders.</summary>
    /// <exception cref="PackFormatException">A folder that cannot be read.</exception>
    public static ImmutableArray<PackSheet> Of(IReadOnlyCollection<PackFolder> folders)
    {
        if (!PackLibrary.TryLoad(folders.Select(folder => folder.Pack), out var library, out var problems)) throw new PackFormatException(problems);
        var written = new WrittenPacks(folders.Select(folder => folder.Pack));
        return [.. library.Packs.Select(pack => Of(pack, library, written))];
    }

    private static PackSheet Of(ShippedPack shipped, PackLibrary library, WrittenPacks written)
    {
        var pack = shipped.Pack;
        var (file, node) = written.Find(pack.Id);
        var root = written.RootOf(pack.Id);
        var modes = library.Packs.Where(other => other.Family == shipped.Family && other.Pack.Id != pack.Id).Select(other => other.Pack.Id);
        return new PackSheet(
            pack.Id, WrittenPacks.Text(node, "title"), file, shipped.IsDefault, Shown(root, "applies", "everywhere"), Dates(pack.ValidFrom, pack.ValidTo), Shown(root, "when", ""), [.. modes],
            [.. written.RulesOf(pack.Id).Select(rule => Sheet(rule, WrittenPacks.Text(rule, "type")))])
        {
            Exceptions = [.. written.ExceptionsOf(pack.Id).Select(one => Sheet(one, "exception"))],
            Calendars = [.. pack.Rules.OfType<Rule.Window>().Select(window => window.ClosedOn).OfType<HolidayCalendar>().DistinctBy(calendar => calendar.Id)],
        };
    }

    private static RuleSheet Sheet(YamlMappingNode rule, string type) => new(
        WrittenPacks.Text(rule, "id"), type,
        [.. rule.Children.Where(pair => pair.Key.ToString() is not ("id" or "type")).Select(pair => KeyValuePair.Create(pair.Key.ToString(), WrittenPacks.Flow(pair.Value)))]);

    private static string Shown(YamlMappingNode map, string key, string otherwise) =>
        WrittenPacks.Child(map, key) is YamlMappingNode { Children.Count: > 0 } value ? string.Join(", ", value.Children.Select(pair => $"{pair.Key} {WrittenPacks.Flow(pair.Value)}")) : otherwise;

    private static string Dates(LocalDate? from, LocalDate? to) => string.Join(" ", new[]
    {
        from is { } first ? $"from {LocalDatePattern.Iso.Format(first)}" : "",
        to is { } last ? string.Create(CultureInfo.InvariantCulture, $"to {LocalDatePattern.Iso.Format(last)}") : "",
    }.Where(part => part.Length > 0));
}
