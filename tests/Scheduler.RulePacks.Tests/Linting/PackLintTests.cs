using System.Collections.Immutable;
using Scheduler.RulePacks.Linting;

namespace Scheduler.RulePacks.Tests.Linting;

/// <summary>What lint finds, where, and that it finds nothing in a pack that lacks nothing.</summary>
public sealed class PackLintTests
{
    private const string Pack = SmallPack.Head + SmallPack.Parties;

    [Fact]
    public void A_pack_that_lacks_nothing_has_no_finding() => Assert.Empty(Lint(Pack, SmallPack.PartyCases, SmallPack.PartySources));

    [Theory]
    [InlineData("      - {id: XX.parties, type: party, allow: [neighbour], source: \"art. 1 [T]\"}", "schema", 6, 47)]
    [InlineData("      - {id: XX.parties, type: party, allow: [principal], colour: red, source: \"art. 1 [T]\"}", "schema", 6, 59)]
    [InlineData("      - {id: XX.parties, type: party, allow: [principal], valid_from: 2026-02-01, valid_to: 2026-01-31, source: \"art. 1 [T]\"}", "dates", 6, 93)]
    [InlineData("      - {id: XX.parties, type: party, allow: [principal], source: art. 1}", "evidence", 6, 67)]
    public void A_mistake_in_the_pack_is_named_with_its_place(string rule, string code, int line, int column)
    {
        var finding = Lint(SmallPack.Head + rule, SmallPack.PartyCases, SmallPack.PartySources).First(one => one.Code == code);
        Assert.Equal(("XX/pack.yaml", line, column, true), (finding.File, finding.Line, finding.Column, finding.IsError));
    }

    [Fact]
    public void A_rule_without_a_line_in_the_sources_is_named_where_it_is_written()
    {
        var finding = Assert.Single(Lint(Pack, SmallPack.PartyCases, ""));
        Assert.Equal(("sources", "XX/pack.yaml", 6L, 9L), (finding.Code, finding.File, finding.Line, finding.Column));
        Assert.Contains("XX.parties", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_sources_without_evidence_is_named()
    {
        var finding = Assert.Single(Lint(Pack, SmallPack.PartyCases, "| XX.parties | the debtor alone | sure | high | art. 1 |\n"));
        Assert.Equal(("evidence", "XX/sources.md", 3L), (finding.Code, finding.File, finding.Line));
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_named_with_its_line()
    {
        var finding = Assert.Single(Lint(Pack, SmallPack.PartyCases + "| a pigeon | - | pigeon | Wed 2026-11-18 10:00 | PE | - | permit | - | art. 1 |\n", SmallPack.PartySources));
        Assert.Equal(("case-unreadable", "XX/cases.md", 5L), (finding.Code, finding.File, finding.Line));
    }

    [Fact]
    public void A_row_that_does_not_hold_is_named_with_its_line()
    {
        var finding = Assert.Single(Lint(Pack, SmallPack.PartyCases + "| a guarantor | - | call to guarantor | Wed 2026-11-18 10:00 | PE | - | permit | - | art. 1 |\n", SmallPack.PartySources));
        Assert.Equal(("case-fails", "XX/cases.md", 5L), (finding.Code, finding.File, finding.Line));
    }

    [Fact]
    public void Two_rows_of_one_name_are_one_too_many()
    {
        var finding = Assert.Single(Lint(Pack, SmallPack.PartyCases + SmallPack.PartyCases.Split('\n')[0] + "\n", SmallPack.PartySources));
        Assert.Equal(("case-repeated", 5L), (finding.Code, finding.Line));
    }

    [Theory]
    [InlineData("extends: XX", "extends", 14)]
    [InlineData("replace: {XX.parties: {allow: [principal, spouse]}}", "replace", 14)]
    [InlineData("drop: [XX.parties]", "drop", 11)]
    public void An_overlay_that_touches_the_rules_of_another_pack_is_told_so_where_it_does(string line, string key, int column)
    {
        var overlay = $"{Pack}  - id: XX.house\n    overlay: true\n    applies: {{country: PE}}\n    {line}\n    rules: [{{id: XX.more, type: party, allow: [principal], source: \"[D]: house rule\"}}]\n";
        var findings = Lint(overlay, SmallPack.PartyCases, SmallPack.PartySources + "| XX.more | the debtor alone | D | high | - |\n");
        var finding = Assert.Single(findings, one => one.Message == $"An overlay can only add rules: '{key}' is for packs.");
        Assert.Equal(("schema", "XX/pack.yaml", 10L, column), (finding.Code, finding.File, finding.Line, (int)finding.Column));
    }

    [Fact]
    public void A_pack_with_neither_cases_nor_sources_lacks_both()
    {
        var folder = SmallPack.Of(Pack, "", "") with { Cases = null, Sources = null };
        var codes = PackLint.Run(folder, PackFolder.WithShipped([folder])).Select(finding => finding.Code).ToList();
        Assert.Contains(LintCodes.Sources, codes);
        Assert.Contains(LintCodes.CaseUnreadable, codes);
    }

    private static ImmutableArray<LintFinding> Lint(string pack, string cases, string sources)
    {
        var folder = SmallPack.Of(pack, cases, sources);
        return PackLint.Run(folder, [folder]);
    }
}
