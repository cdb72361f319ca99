using NodaTime;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Editions;

namespace Scheduler.RulePacks.Tests;

/// <summary>An overlay narrows, whatever it says: tried in every situation of every pack's table.</summary>
public sealed class OverlayTests
{
    private static readonly PackShelf Shelf = new(PackEdition.Shipped());

    /// <summary>One rule of each kind that could be mistaken for more than a rule, in a country with packs and in one without.</summary>
    private static readonly string[] Overlays =
    [
        Overlay("{country: AQ}", "{id: o.r, type: party, allow: [principal], source: x}"),
        Overlay("{country: CO}", "{id: o.r, type: cap, limit: 900, period: {local_days: 1}, scope: [person], counts: {predicate: contact}, source: x}"),
        Overlay("{country: US}", "{id: o.r, type: hold, kind: cease, source: x}", "{id: o.e, lifts: [o.r], when: {purpose: [collection]}, source: x}"),
        Overlay("{country: CO}", "{id: o.r, type: forbid, governs: {channels: [whatsapp, sms]}, source: x}", "{id: o.e, lifts: [o.r], when: {purpose: [reply]}, counted: false, source: x}"),
        Overlay("{country: PE}", "{id: o.r, type: window, week: {mon-sun: \"00:00-24:00\"}, source: x}"),
        Overlay("{country: US}", "{id: o.r, type: window, week: {mon-fri: \"09:00-12:00\"}, judged_at: [placed, delivered], source: x}"),
        Overlay("{country: CL}", "{id: o.r, type: consent, per: [channel], source: x}"),
    ];

    [Fact]
    public void An_overlay_never_permits_more_nor_for_longer()
    {
        var versions = PackLibrary.Shipped.Choose(null).Select(static pack => pack.Version).ToList();
        var without = Shelf.Compile(1, versions);
        var narrowed = Overlays.Select(yaml => With(versions, PackEdition.Of(new PackText("pack.yaml", yaml)))).Concat(
            [With(versions, [.. ClosedDatePacks.Of("", [new(new LocalDate(2026, 11, 20), "CO", "", "", "Duelo: \"nacional\"", "Decreto")])])]).ToList();
        var (permits, tightened) = (0, 0);
        foreach (var row in ShippedFiles.CaseFiles().SelectMany(static file => CaseTable.Read(file)))
        {
            var before = PolicyEvaluator.Evaluate(new CaseSituation(row, without).Question(), without);
            if (before.IsPermit) permits++;
            foreach (var policy in narrowed)
            {
                var after = PolicyEvaluator.Evaluate(new CaseSituation(row, policy).Question(), policy);
                if (after.IsPermit)
                {
                    Assert.True(before.IsPermit && after.At <= before.At && (!after.IsCounted || before.IsCounted == after.IsCounted), $"{row.File}: {row.Name}");
                    Assert.True(before.IsCounted == after.IsCounted, $"{row.File}: {row.Name} is counted otherwise");
                }
                else if (before.IsPermit)
                {
                    tightened++;
                }
            }
        }

        Assert.True(permits > 100 && tightened > 20, $"{permits} permits, {tightened} tightened: the table says too little");
    }

    [Fact]
    public void A_closed_date_closes_its_region_alone_and_from_midnight_to_midnight()
    {
        var dates = ClosedDatePacks.Of("acme", [new(new LocalDate(2026, 11, 20), "CO", "DC", "", "Duelo", "Decreto 7"), new(new LocalDate(2026, 12, 24), "CO", "", "", "Puente", "Decreto 8")]);
        Assert.Equal(["closed.acme.CO", "closed.acme.CO-DC"], dates.Select(static edition => PackEdition.IdOf(edition.Versions[0])));
        Assert.All(dates, static edition => Assert.Equal(edition.Versions, edition.Overlays));
        var text = dates[1].Definition.Text;
        Assert.Contains("region: \"DC\"", text);
        Assert.Equal(dates[1].Digest, PackEdition.DigestOf(text));
    }

    [Fact]
    public void A_version_names_one_text_for_ever()
    {
        var shelf = new PackShelf(PackEdition.Shipped());
        var first = PackEdition.Of(new PackText("pack.yaml", Overlays[0]));
        Assert.True(shelf.Add(first));
        Assert.True(shelf.Add(PackEdition.Of(new PackText("other.yaml", Overlays[0]))));
        Assert.Equal(first.Digest, shelf.Find(first.Versions[0])!.Digest);
        Assert.Null(shelf.Find("o@000000000000"));
        Assert.Throws<PackFormatException>(() => shelf.Compile(1, ["o@000000000000"]));
    }

    [Fact]
    public void The_shipped_list_compiles_to_what_the_library_compiles_to()
    {
        var shipped = PackLibrary.Shipped.Compile();
        var listed = Shelf.Compile(0, [.. shipped.Packs.Select(static pack => pack.Version).Reverse()]);
        Assert.Equal(shipped.Packs.Select(static pack => pack.Version), listed.Packs.Select(static pack => pack.Version));
    }

    private static PolicySnapshot With(List<string> versions, params PackEdition[] editions)
    {
        var shelf = Shelf;
        foreach (var edition in editions) shelf = shelf.Beside(edition)!;
        return shelf.Compile(1, [.. versions, .. editions.SelectMany(static edition => edition.Versions)]);
    }

    private static string Overlay(string applies, string rule, string exception = "") =>
        "schema: 2\npacks:\n  - id: o\n    overlay: true\n    applies: " + applies + "\n    rules:\n      - " + rule + "\n" + (exception.Length > 0 ? "    exceptions:\n      - " + exception + "\n" : "");
}
