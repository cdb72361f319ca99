using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Editions;

namespace Scheduler.RulePacks.Tests.Editions;

/// <summary>A table of cases says the same of an uploaded file as of a folder.</summary>
public sealed class PackTrialTests
{
    private const string Modes = """
        schema: 2
        packs:
          - id: XX.narrow
            applies: {country: PE}
            rules:
              - {id: XX.parties, type: party, allow: [principal], source: "art. 1 [T]"}
          - id: XX.wide
            default: true
            applies: {country: PE}
            rules:
              - {id: XX.parties, type: party, allow: [principal, guarantor], source: "art. 1 [T]"}
          - id: YY
            applies: {country: PE}
            rules:
              - {id: YY.visits, type: forbid, governs: {channels: [visit]}, source: "art. 2 [T]"}

        """;

    [Theory]
    [InlineData("-", "call to guarantor", "permit", "-")]
    [InlineData("wide", "call to guarantor", "permit", "-")]
    [InlineData("narrow", "call to guarantor", "forbid", "XX.parties")]
    [InlineData("-", "visit", "forbid", "YY.visits")]
    [InlineData("narrow", "visit", "forbid", "YY.visits")]
    public void A_row_without_a_mode_asks_the_default_of_every_family_in_a_folder_and_on_upload(string mode, string contact, string expected, string rule)
    {
        var folder = SmallPack.Of(Modes, $"| a row | {mode} | {contact} | Wed 2026-11-18 10:00 | PE | - | {expected} | {rule} | art. 1 |\n", "");
        Assert.True(PackLibrary.TryLoad(PackFolder.WithShipped([folder]).Select(static one => one.Pack), out var library, out var problems), string.Join('\n', problems));
        Assert.Empty(CaseTrial.Run(folder, library).Failures);

        var report = PackTrial.Run(new PackShelf(PackEdition.Shipped()), PackEdition.Of(folder.Pack) with { Cases = folder.Cases!.Text });
        Assert.Empty(report.Problems);
        Assert.Empty(report.FailedCases);
        Assert.Equal(1, report.CaseCount);
    }
}
