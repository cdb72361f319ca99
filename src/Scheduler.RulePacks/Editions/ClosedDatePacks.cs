using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Scheduler.RulePacks.Editions;

/// <summary>A date on which nobody in a place is contacted: a decree, mourning, a disaster.</summary>
/// <param name="Region">Code without the country; empty: the whole country.</param>
/// <param name="Municipality">Empty: the whole region.</param>
/// <param name="Source">Law, decree or decision.</param>
public sealed record DecreedDate(LocalDate Date, string Country, string Region, string Municipality, string Name, string Source);

/// <summary>
/// Writes closed dates as overlays, one a place, so that they are kept, named and replayed as every other pack is. A closed date closes every
/// channel and purpose, from midnight to midnight in each zone that the debtor may be in.
/// </summary>
public static class ClosedDatePacks
{
    private const string Prefix = "closed.";
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="tenant">Whose dates they are; empty: everybody's.</param>
    public static ImmutableArray<PackEdition> Of(string tenant, IEnumerable<DecreedDate> dates) =>
        [.. dates.GroupBy(static date => (date.Country, date.Region, date.Municipality))
            .OrderBy(place => IdOf(tenant, place.First()), StringComparer.Ordinal)
            .Select(place => PackEdition.Of(Write(tenant, [.. place.OrderBy(static date => date.Date).DistinctBy(static date => date.Date)])))];

    /// <summary>Whether an edition was written here: no person uploads, activates or removes it.</summary>
    public static bool Wrote(PackEdition edition) => edition.Definition.File.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>"closed.CO", "closed.BR-SP.3550308"; of a tenant's own: "closed.acme.CO".</summary>
    private static string IdOf(string tenant, DecreedDate place) =>
        Prefix + (tenant.Length > 0 ? tenant + "." : "") + place.Country + (place.Region.Length > 0 ? "-" + place.Region : "") + (place.Municipality.Length > 0 ? "." + place.Municipality : "");

    private static PackText Write(string tenant, ImmutableArray<DecreedDate> dates)
    {
        var place = dates[0];
        var id = IdOf(tenant, place);
        var text = new System.Text.StringBuilder();
        text.Append("# Dates closed while running.\nschema: 2\n\ncalendars:\n");
        foreach (var date in dates) text.Append($"  {Quote(RuleOf(id, date))}:\n    days:\n      - {{name: {Quote(date.Name)}, once: {Iso(date.Date)}}}\n");
        text.Append($"\npacks:\n  - id: {Quote(id)}\n    title: Dates closed while running\n    overlay: true\n    applies: {{country: {Quote(place.Country)}");
        if (place.Region.Length > 0) text.Append($", region: {Quote(place.Region)}");
        if (place.Municipality.Length > 0) text.Append($", municipality: {Quote(place.Municipality)}");
        text.Append("}\n    rules:\n");
        foreach (var date in dates)
        {
            // In force for the day before as well, so that what is sent then is bounded by midnight.
            text.Append($"      - {{id: {Quote(RuleOf(id, date))}, type: window, judged_at: [placed, delivered], week: {{mon-sun: \"00:00-24:00\"}}, closed_on: {Quote(RuleOf(id, date))}, ")
                .Append($"valid_from: {Iso(date.Date.PlusDays(-1))}, valid_to: {Iso(date.Date.PlusDays(1))}, source: {Quote(date.Source)}}}\n");
        }

        return new PackText(id + "/pack.yaml", text.ToString());
    }

    private static string RuleOf(string id, DecreedDate date) => $"{id}.{Iso(date.Date)}";

    private static string Iso(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoted);
}
